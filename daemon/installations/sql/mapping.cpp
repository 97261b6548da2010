#include "installations/sql/mapping.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <set>

#include "core/plain_text.hpp"
#include "core/text.hpp"
#include "installations/companies.hpp"
#include "installations/yaml_text.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

constexpr std::array known_keys{"program",
                                "databases",
                                "busy",
                                "companies",
                                "write_send_all_invoices",
                                "write_receive_invoices",
                                "write_collaboration",
                                "marker",
                                "write_marker",
                                "prepare",
                                "grants"};
constexpr std::array known_databases{"sqlite", "postgresql", "mariadb", "odbc"};

template <class Words>
bool among(const Words& words, std::string_view word) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view one) { return word == one; });
}

template <class Words>
std::string listed(const Words& words) {
    std::string text;
    for (const char* word : words) text += (text.empty() ? "" : ", ") + std::string{word};
    return text;
}

// What it is called now, of a word of before 0.1; null of any other.
const char* renamed(std::string_view word) {
    constexpr std::array<std::pair<std::string_view, const char*>, 3> all{
        {{"mark", "marker"}, {"leave_mark", "write_marker"}, {"told", "collaboration_revision"}}};
    for (const auto& [old, now] : all)
        if (word == old) return now;
    return nullptr;
}

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

// The first mistake in a mapping: thrown and caught in this file only.
struct Mistake {
    Error error;
};

class MappingReader {
public:
    MappingReader(const YAML::Node& root, const fs::path& file) : root_{root} { found_.file = file; }

    Mapping read() {
        if (!root_.IsDefined() || !root_.IsMap())
            wrong(root_, N_("a mapping holds lines such as “program: tryton”, and statements."));
        keys();
        head();
        statements();
        return std::move(found_);
    }

private:
    [[noreturn]] void wrong(const YAML::Node& node, std::string sentence,
                            std::vector<std::pair<std::string, std::string>> args = {}) const {
        const int line = node.IsDefined() && !node.Mark().is_null() ? node.Mark().line + 1 : 1;
        throw Mistake{fail(Errc::bad_settings, N_("{file}, line {line}: {mistake}"),
                           {{"file", found_.file.string()},
                            {"line", std::to_string(line)},
                            {"mistake", to_text(Message{std::move(sentence), std::move(args)})}})};
    }

    void keys() const {
        std::set<std::string> seen;
        for (const auto& entry : root_) {
            const std::string key = entry.first.IsScalar() ? plain(shortened(entry.first.Scalar(), 80)) : "?";
            if (const char* now = renamed(key))
                wrong(entry.first, N_("“{old}” is called “{now}” now. Write that in its place."),
                      {{"old", key}, {"now", now}});
            if (!among(known_keys, key))
                wrong(entry.first, N_("“{key}” is not known. Known here: {known}."),
                      {{"key", key}, {"known", listed(known_keys)}});
            if (!seen.insert(key).second)
                wrong(entry.first, N_("“{key}” stands twice. Remove one of them."), {{"key", key}});
        }
    }

    void head() {
        const YAML::Node program = root_["program"];
        if (!program || !program.IsScalar() || !is_program_name(program.Scalar()))
            wrong(program, N_("“{key}” must be a short name of the letters a to z, digits and dashes."),
                  {{"key", "program"}});
        found_.program = program.Scalar();
        const YAML::Node databases = root_["databases"];
        if (!databases || !databases.IsSequence() || databases.size() == 0)
            wrong(databases, N_("“{key}” must be a list such as [one, two]."), {{"key", "databases"}});
        for (const auto& database : databases) {
            if (!database.IsScalar() || !among(known_databases, database.Scalar()))
                wrong(database, N_("“{key}” must be one of: {values}."),
                      {{"key", "databases"}, {"values", listed(known_databases)}});
            found_.databases.push_back(database.Scalar());
        }
        found_.prepare = script("prepare");
        found_.grants = script("grants");
    }

    void statements() {
        const std::vector<const char*> none, marker{"marker"};
        if (!root_["companies"]) wrong(root_, N_("“{key}” is missing."), {{"key", "companies"}});
        found_.companies = statement(root_["companies"], "companies", none);
        if (root_["busy"]) found_.busy = statement(root_["busy"], "busy", none);
        if (root_["marker"]) found_.mark = statement(root_["marker"], "marker", none);
        found_.leave_mark = attempts("write_marker", marker);
        for (const auto preference : sync::all_preferences)
            found_.write.at(static_cast<std::size_t>(preference)) =
                attempts("write_" + std::string{name_of(preference)}, preference_parameters);
        found_.write_collaboration = attempts("write_collaboration", collaboration_parameters);
        // Without a place for :collaboration_revision the agent would write it anew at each run.
        for (const SqlText& one : found_.write_collaboration)
            if (!among(one.parameters, "collaboration_revision"))
                wrong(root_["write_collaboration"], N_("each statement of write_collaboration must keep "
                                                       ":collaboration_revision, for “companies” to give it "
                                                       "back."));
    }

    template <class Known>
    Attempts attempts(const std::string& key, const Known& known) const {
        const YAML::Node list = root_[key];
        if (!list || list.IsNull()) return {};
        if (list.IsScalar()) return {statement(list, key, known)};
        if (!list.IsSequence()) wrong(list, N_("“{key}” must be a statement, or a list of them."), {{"key", key}});
        Attempts all;
        for (const auto& one : list) all.push_back(statement(one, key, known));
        return all;
    }

    template <class Known>
    SqlText statement(const YAML::Node& node, const std::string& key, const Known& known) const {
        if (!node.IsScalar()) wrong(node, N_("“{key}” must be a statement, or a list of them."), {{"key", key}});
        auto text = read_sql(node.Scalar(), key);
        if (text.has_error()) wrong(node, text.error().message.id, text.error().message.args);
        for (const std::string& parameter : text->parameters) {
            if (const char* now = renamed(parameter))
                wrong(node, N_("{key} has the parameter “:{parameter}”, which is called “:{now}” now."),
                      {{"key", key}, {"parameter", parameter}, {"now", now}});
            if (!among(known, parameter))
                wrong(node, N_("{key} has the parameter “:{parameter}”, which is not known. Known here: {known}."),
                      {{"key", key}, {"parameter", parameter}, {"known", listed(known)}});
        }
        if (key == "companies" && text->sql.find("collaboration_revision") == std::string::npos &&
            text->sql.find("told") != std::string::npos)
            wrong(node, N_("“companies” gives the column “told”, which is called “collaboration_revision” now."));
        return std::move(*text);
    }

    std::string script(const char* key) const {
        const YAML::Node node = root_[key];
        if (!node || node.IsNull()) return {};
        if (!node.IsScalar()) wrong(node, N_("“{key}” must be a text of SQL statements."), {{"key", key}});
        return node.Scalar();
    }

    const YAML::Node root_;
    Mapping found_;
};

// Beside the program where it was built or unpacked, else the system's.
std::vector<fs::path> mapping_folders() {
    std::error_code code;
    const fs::path program = fs::read_symlink("/proc/self/exe", code).parent_path().parent_path();
    return {"/etc/samsynk/mappings", program / "share/samsynk/mappings", "/usr/share/samsynk/mappings"};
}

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

Result<Mapping> parse_mapping(std::string_view text, const fs::path& file) {
    auto mapping = reading_yaml<Mapping>(text, file.string(), [&](const YAML::Node& root) -> Result<Mapping> {
        try {
            return MappingReader{root, file}.read();
        } catch (const Mistake& mistake) {
            return mistake.error;
        }
    });
    if (mapping.has_error())
        return fail(Errc::bad_settings, mapping.error().message.id, mapping.error().message.args,
                    mapping.error().detail);
    return mapping;
}

Result<Mapping> load_mapping(const fs::path& file) {
    std::error_code code;
    std::ifstream stream;
    if (fs::is_regular_file(file, code)) stream.open(file);  // a pipe would be waited for
    if (!stream.is_open())
        return fail(Errc::bad_settings, N_("The mapping {file} can't be read. Check its name and permissions."),
                    {{"file", file.string()}});
    std::string text(yaml_limit + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return parse_mapping(text, file);
}

Result<fs::path> find_mapping(const std::string& name) {
    std::string known;
    std::error_code code;
    for (const fs::path& folder : mapping_folders()) {
        if (fs::path file = folder / (name + ".yaml"); fs::is_regular_file(file, code)) return file;
        for (fs::directory_iterator at{folder, code}, end; !code && at != end; at.increment(code))
            if (at->path().extension() == ".yaml") known += (known.empty() ? "" : ", ") + at->path().stem().string();
    }
    return fail(
        Errc::bad_settings,
        N_("There is no mapping “{name}”. There are: {known}. A mapping of your own is named by its whole path."),
        {{"name", name}, {"known", known.empty() ? "-" : known}});
}

}  // namespace samsynk::installations
