#include "installations/folder/sie.hpp"

#include <algorithm>
#include <vector>

#include "core/text.hpp"
#include "installations/folder/text_encoding.hpp"

namespace samsynk::installations {
namespace {

bool blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

// Fields are divided by blanks; one may stand in quotes, where \" is a quote, or in braces.
std::vector<std::string> fields_of(std::string_view line) {
    std::vector<std::string> fields;
    for (std::size_t at = 0; at < line.size();) {
        if (blank(line[at])) {
            ++at;
            continue;
        }
        std::string field;
        if (line[at] == '"') {
            for (++at; at < line.size() && line[at] != '"'; ++at) {
                if (line[at] == '\\' && at + 1 < line.size()) ++at;
                field += line[at];
            }
            ++at;
        } else {
            while (at < line.size() && !blank(line[at])) field += line[at++];
        }
        fields.push_back(std::move(field));
    }
    return fields;
}

bool same_label(std::string_view label, std::string_view wanted) {
    return std::equal(label.begin(), label.end(), wanted.begin(), wanted.end(),
                      [](char a, char b) { return (a >= 'a' && a <= 'z' ? a - 'a' + 'A' : a) == b; });
}

}  // namespace

Result<SieIdentity> read_sie_identity(std::string_view head, const std::string& file) {
    SieIdentity identity;
    if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
    bool any_label = false;
    while (!head.empty()) {
        const std::size_t end = head.find('\n');
        std::string_view line = head.substr(0, end);
        head.remove_prefix(end == std::string_view::npos ? head.size() : end + 1);
        while (!line.empty() && blank(line.front())) line.remove_prefix(1);
        // Also at the end, or a line end becomes part of a name whose quote was not closed.
        while (!line.empty() && blank(line.back())) line.remove_suffix(1);
        if (line.empty()) continue;
        if (!any_label && line.front() != '#') break;
        if (line.front() != '#') continue;
        const auto fields = fields_of(line);
        any_label = true;
        if (same_label(fields[0], "#VER")) break;
        if (same_label(fields[0], "#ORGNR") && fields.size() > 1 && identity.number.empty())
            identity.number = fields[1];
        if (same_label(fields[0], "#FNAMN") && fields.size() > 1 && identity.name.empty())
            identity.name = on_one_line(utf8_from_sie(fields[1]));
    }
    if (!any_label)
        return fail(Errc::bad_file,
                    N_("{file} is not a SIE file. Export the company again from the accounting program."),
                    {{"file", file}});
    return identity;
}

}  // namespace samsynk::installations
