#include "installations/sql/sql_text.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

namespace samsynk::installations {
namespace {

bool begins_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool in_name(char c) { return begins_name(c) || std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool blank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

Error bad(const char* sentence, const std::string& what) { return fail(Errc::bad_file, sentence, {{"what", what}}); }

class Scanner {
public:
    Scanner(std::string_view text, const std::string& what) : text_{text}, what_{what} {}

    Result<SqlText> read() {
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '\'' || c == '"' || c == '`') {
                if (auto wrong = quoted(c)) return *wrong;
            } else if (text_.substr(at_, 2) == "--") {
                at_ = std::min(text_.find('\n', at_), text_.size());
            } else if (text_.substr(at_, 2) == "/*") {
                const auto end = text_.find("*/", at_ + 2);
                if (end == std::string_view::npos) return bad(N_("{what}: a comment is not closed."), what_);
                at_ = end + 2;
                found_.sql += ' ';
            } else if (c == ';') {
                ended_ = true;
                ++at_;
            } else if (ended_ && !blank(c)) {
                return bad(N_("{what} must be one statement, with nothing behind its semicolon."), what_);
            } else if (c == ':') {
                colon();
            } else {
                found_.sql += c;
                ++at_;
            }
        }
        while (!found_.sql.empty() && blank(found_.sql.back())) found_.sql.pop_back();
        if (std::all_of(found_.sql.begin(), found_.sql.end(), blank)) return bad(N_("{what} is empty."), what_);
        return std::move(found_);
    }

private:
    // A doubled quote is two quoted texts side by side, which is as good.
    std::optional<Error> quoted(char quote) {
        if (ended_) return bad(N_("{what} must be one statement, with nothing behind its semicolon."), what_);
        const auto end = text_.find(quote, at_ + 1);
        if (end == std::string_view::npos) return bad(N_("{what}: a quote is not closed."), what_);
        const auto part = text_.substr(at_, end + 1 - at_);
        if (quote != '\'' && part.find_first_of(":'") != std::string_view::npos)
            return bad(N_("{what}: a name in quotes must not hold a colon or a quote."), what_);
        if (part.find('\\') != std::string_view::npos)
            return bad(N_("{what}: a text in quotes must not hold a backslash; databases read it in different ways."),
                       what_);
        found_.sql += part;
        at_ = end + 1;
        return std::nullopt;
    }

    void colon() {
        // A cast, or MariaDB's assignment.
        if (text_.substr(at_, 2) == "::" || text_.substr(at_, 2) == ":=") {
            found_.sql += text_.substr(at_, 2);
            at_ += 2;
            return;
        }
        std::size_t end = at_ + 1;
        while (end < text_.size() && in_name(text_[end])) ++end;
        const std::string name{text_.substr(at_ + 1, end - at_ - 1)};
        found_.sql += text_.substr(at_, end - at_);
        at_ = end;
        auto& known = found_.parameters;
        if (!name.empty() && std::find(known.begin(), known.end(), name) == known.end()) known.push_back(name);
    }

    std::string_view text_;
    const std::string& what_;
    std::size_t at_ = 0;
    bool ended_ = false;
    SqlText found_;
};

}  // namespace

Result<SqlText> read_sql(std::string_view text, const std::string& what) { return Scanner{text, what}.read(); }

// Colons in quotes are in '…' only, and a doubled quote is two texts side by side: read_sql has seen to that.
NumberedSql numbered(const SqlText& text) {
    NumberedSql all;
    const std::string& sql = text.sql;
    bool within_quotes = false;
    for (std::size_t at = 0, end = 0; at < sql.size(); at = end) {
        const bool doubled = sql.compare(at, 2, "::") == 0 || sql.compare(at, 2, ":=") == 0;
        within_quotes = within_quotes != (sql[at] == '\'');
        end = at + (doubled ? 2 : 1);
        if (sql[at] != ':' || doubled || within_quotes || end == sql.size() || !in_name(sql[end])) {
            all.sql += sql.substr(at, end - at);
            continue;
        }
        while (end < sql.size() && in_name(sql[end])) ++end;
        all.sql += ":p" + std::to_string(all.parameters.size());
        all.parameters.push_back(sql.substr(at + 1, end - at - 1));
    }
    return all;
}

std::vector<std::string> statements_of(std::string_view script) {
    std::vector<std::string> all;
    std::string statement;
    while (!script.empty()) {
        const std::size_t end = std::min(script.find('\n'), script.size());
        std::string_view line = script.substr(0, end);
        script.remove_prefix(std::min(end + 1, script.size()));
        while (!line.empty() && blank(line.back())) line.remove_suffix(1);
        const std::size_t begin = line.find_first_not_of(" \t");
        if (begin == std::string_view::npos || line.substr(begin, 2) == "--") continue;
        const bool ends = line.back() == ';';
        statement += std::string{line.substr(0, line.size() - (ends ? 1 : 0))} + "\n";
        if (ends) all.push_back(std::exchange(statement, {}));
    }
    if (!statement.empty()) all.push_back(std::move(statement));
    return all;
}

}  // namespace samsynk::installations
