#include "installations/yaml_text.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "core/whole_yaml.hpp"

namespace samsynk::installations {
namespace {

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

std::string line_at(std::string_view text, std::size_t at) {
    return std::to_string(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1);
}

}  // namespace

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

}  // namespace samsynk::installations
