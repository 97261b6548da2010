#include "installations/yaml_text.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>

#include "core/plain_text.hpp"
#include "core/text.hpp"
#include "core/whole_yaml.hpp"

namespace samsynk::installations {
namespace {

constexpr std::size_t longest_key = 64;  // letters
constexpr std::size_t long_key = 8;      // letters; from here on two edits are forgiven

using CodePoints = std::vector<utf8proc_int32_t>;

bool separates(utf8proc_int32_t letter) {
    return letter == '-' || letter == '_' || letter == ' ' || letter == '.' || letter == '\t' || letter < ' ';
}

// As one compares words: without case, forms, what is not seen and what separates.
CodePoints folded(std::string_view text) {
    const std::string valid = valid_utf8(text);
    CodePoints letters(valid.size() * 4 + 16);
    const auto options = static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
                                                        UTF8PROC_IGNORE | UTF8PROC_LUMP);
    const auto count = utf8proc_decompose(reinterpret_cast<const utf8proc_uint8_t*>(valid.data()),
                                          static_cast<utf8proc_ssize_t>(valid.size()), letters.data(),
                                          static_cast<utf8proc_ssize_t>(letters.size()), options);
    letters.resize(count < 0 ? 0 : std::min(static_cast<std::size_t>(count), letters.size()));
    std::erase_if(letters, separates);
    return letters;
}

// How many letters are put in, left out, changed or exchanged with their neighbour.
std::size_t edits(const CodePoints& one, const CodePoints& other) {
    std::array<std::vector<std::size_t>, 3> rows;  // before the last, the last, this one
    for (auto& row : rows) row.resize(other.size() + 1);
    for (std::size_t j = 0; j <= other.size(); ++j) rows[1][j] = j;
    for (std::size_t i = 1; i <= one.size(); ++i) {
        rows[2][0] = i;
        for (std::size_t j = 1; j <= other.size(); ++j) {
            const std::size_t changed = rows[1][j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
            rows[2][j] = std::min({rows[1][j] + 1, rows[2][j - 1] + 1, changed});
            const bool exchanged = i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
            if (exchanged) rows[2][j] = std::min(rows[2][j], rows[0][j - 2] + 1);
        }
        std::rotate(rows.begin(), rows.begin() + 1, rows.end());
    }
    return rows[1].back();
}

bool is_meant(const CodePoints& written, const KnownKey& known) {
    const CodePoints key = folded(known.key);
    if (written == key) return true;
    for (const std::string_view word : known.also)
        if (written == folded(word)) return true;
    return !known.exact && edits(written, key) <= (key.size() < long_key ? 1 : 2);
}

// PowerShell writes UTF-16; yaml-cpp reads it where it says so at its beginning.
bool is_utf16(std::string_view text) { return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"); }

// Every line is empty, a comment, an inner one, or begins a key of small letters, and a key comes first: then nothing
// can end the document before its end, and to read it a second time for that is needless. Nearly all files are so.
bool is_plain_mapping(std::string_view text) {
    bool begun = false;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view line = text.substr(at, end - at);
        at = end + 1;
        if (line.empty() || line[0] == '#' || line == "\r") continue;
        const std::size_t key = line.find_first_not_of("abcdefghijklmnopqrstuvwxyz_");
        const bool begins = key != std::string_view::npos && key > 0 && line[key] == ':' &&
                            (key + 1 == line.size() || line[key + 1] == ' ' || line[key + 1] == '\r');
        if (!begins && !(begun && line[0] == ' ')) return false;
        begun = begun || begins;
    }
    return begun;
}

constexpr int most_nodes = 10'000, most_depth = 64;  // aliases can make a small text endless

std::string shown_key(const YAML::Node& key) { return plain(shortened(key.Scalar(), 60)); }

class Misread {
public:
    Misread(const std::vector<KnownKey>& known, const std::string& file) : known_{known}, file_{file} {}

    std::optional<Error> look(const YAML::Node& node, int depth = 0) {
        if (++nodes_ > most_nodes || depth > most_depth)
            return fail(Errc::bad_file,
                        N_("{file} refers to itself again and again. Keep only Samsynk's own lines in it."),
                        {{"file", file_}});
        for (const auto& entry : node) {
            const bool pair = node.IsMap();
            if (pair && entry.first.IsScalar())
                if (auto wrong = look_at_key(entry.first, depth == 0)) return wrong;
            const YAML::Node inner = pair ? entry.second : static_cast<const YAML::Node&>(entry);
            if (inner.IsMap() || inner.IsSequence())
                if (auto wrong = look(inner, depth + 1)) return wrong;
        }
        return std::nullopt;
    }

private:
    std::optional<Error> look_at_key(const YAML::Node& key, bool root) const {
        const auto meant = meant_key(key.Scalar(), known_);
        const std::vector<std::pair<std::string, std::string>> args{{"file", file_},
                                                                    {"line", std::to_string(key.Mark().line + 1)},
                                                                    {"key", shown_key(key)},
                                                                    {"nearest", std::string{meant.value_or("")}}};
        if (meant)
            return fail(Errc::bad_file, N_("{file}, line {line}: “{key}” is not known. Did you mean “{nearest}”?"),
                        args);
        if (root || !is_known(key.Scalar())) return std::nullopt;
        return fail(
            Errc::bad_file,
            N_("{file}, line {line}: “{key}” stands within something else. Write it at the beginning of a line."),
            args);
    }

    bool is_known(const std::string& key) const {
        return std::any_of(known_.begin(), known_.end(),
                           [&](const KnownKey& one) { return one.key == key && !one.exact; });
    }

    const std::vector<KnownKey>& known_;
    const std::string& file_;
    int nodes_ = 0;
};

std::string line_at(std::string_view text, std::size_t at) {
    return std::to_string(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1);
}

// Why a text is not given to yaml-cpp, which would read a part of it only, or for very long.
std::optional<Error> unfit_for_yaml(std::string_view text, const std::string& file) {
    if (text.size() > yaml_limit)
        return fail(Errc::bad_file, N_("{file} is larger than {size} KiB. Keep only Samsynk's own lines in it."),
                    {{"file", file}, {"size", std::to_string(yaml_limit / 1024)}});
    // yaml-cpp takes U+0004 for the end of the file: what stands behind it would be lost without a word.
    for (std::size_t at = 0; at < text.size() && !is_utf16(text); ++at)
        if (has_control_characters(text.substr(at, 1)))
            return fail(Errc::bad_file,
                        N_("{file}, line {line}: a control character stands here. Save the file as plain text."),
                        {{"file", file}, {"line", line_at(text, at)}});
    return std::nullopt;
}

// What is wrong where more stands in a text than its first document.
std::optional<Error> more_than_one(const std::string& text, const std::string& file) {
    if (is_plain_mapping(text)) return std::nullopt;
    const int line = line_behind_document(text);
    if (line == 0) return std::nullopt;
    return fail(Errc::bad_file,
                N_("{file}, line {line}: this does not belong to what stands above it. Begin all lines at the same "
                   "indent, without “---” between them."),
                {{"file", file}, {"line", std::to_string(line)}});
}

Error not_yaml(const YAML::Exception& problem, const std::string& file) {
    return fail(Errc::bad_file, N_("{file}, line {line}: this is not YAML. Check indents, colons and quotes."),
                {{"file", file}, {"line", std::to_string(problem.mark.line + 1)}}, problem.msg);
}

}  // namespace

std::optional<std::string_view> meant_key(std::string_view written, const std::vector<KnownKey>& known) {
    for (const KnownKey& one : known)
        if (one.key == written) return std::nullopt;
    if (written.size() > longest_key * 4) return std::nullopt;
    const CodePoints letters = folded(written);
    if (letters.empty() || letters.size() > longest_key) return std::nullopt;
    for (const KnownKey& one : known)
        if (is_meant(letters, one)) return one.key;
    return std::nullopt;
}

std::optional<Error> misread_key(const YAML::Node& root, const std::vector<KnownKey>& known, const std::string& file) {
    return Misread{known, file}.look(root);
}

std::optional<Error> read_yaml(std::string_view text, const std::string& file,
                               const std::function<void(const YAML::Node& root)>& read) try {
    if (auto unfit = unfit_for_yaml(text, file)) return unfit;
    const std::string whole{text};
    if (auto more = more_than_one(whole, file)) return more;
    read(YAML::Load(whole));
    return std::nullopt;
} catch (const YAML::Exception& problem) {
    return not_yaml(problem, file);
}

}  // namespace samsynk::installations
