#include "installations/folder/sie.hpp"

#include <expat.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "core/org_number.hpp"
#include "core/text.hpp"
#include "installations/folder/text_encoding.hpp"

namespace samsynk::installations {
namespace {

constexpr std::size_t longest_number = 60, longest_name = 250;
constexpr std::size_t longest_field = 2048;  // whatever stands behind it is no number, name or day

Error no_sie_file(const std::string& file) {
    return fail(Errc::bad_file, N_("{file} is not a SIE file. Export the company again from the accounting program."),
                {{"file", file}});
}

bool blank(char c) { return c == ' ' || c == '\t'; }

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}

// Fields are divided by blanks; one may stand in quotes. Only a quote is escaped: paths have single backslashes.
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
                if (line.substr(at).starts_with("\\\"")) ++at;
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

// A field that is the only one of its label: all of the rest. Programs forget the quotes around it, and to escape those
// in it, or write them twice.
std::string only_field(std::string_view rest) {
    const std::size_t last = rest.rfind('"');
    if (rest.starts_with('"')) rest = last > 0 ? rest.substr(1, last - 1) : rest.substr(1);
    std::string field;
    for (std::size_t at = 0; at < rest.size(); ++at) {
        const std::string_view here = rest.substr(at);
        if (here.starts_with("\\\"") || here.starts_with("\"\"")) ++at;
        field += rest[at];
    }
    return field;
}

bool same_label(std::string_view label, std::string_view wanted) {
    return std::equal(label.begin(), label.end(), wanted.begin(), wanted.end(),
                      [](char a, char b) { return (a >= 'a' && a <= 'z' ? a - 'a' + 'A' : a) == b; });
}

// The first field, as a number of the company's activities and one of vouchers may follow; or more of them, where only
// together they are a number.
std::string number_in(std::string_view rest) {
    const auto fields = fields_of(rest);
    if (fields.empty()) return {};
    std::string joined;
    for (std::size_t count = 0; count < std::min<std::size_t>(fields.size(), 4); ++count) {
        joined += (joined.empty() ? "" : " ") + fields[count];
        if (OrgNumber::parse(joined).has_value()) return joined;
    }
    return shortened(fields.front(), longest_number);
}

std::string_view next_line(std::string_view& text) {
    const std::size_t end = line_length(text);
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return trimmed(line);
}

bool is_label(std::string_view line) {
    const char first = line.size() > 1 && line.front() == '#' ? line[1] : '\0';
    return (first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z');
}

// Without what stands around it: also the quotes and blanks of word processors.
std::string bare_name(std::string_view name) {
    constexpr std::string_view around[] = {" ", "\u00a0", "\u2007", "\u202f", "\u3000", "\u201c", "\u201d", "\u201e"};
    for (bool more = true; more;) {
        more = false;
        for (const std::string_view one : around) {
            const std::size_t before = name.size();
            if (name.starts_with(one)) name.remove_prefix(one.size());
            if (name.ends_with(one)) name.remove_suffix(one.size());
            more = more || name.size() != before;
        }
    }
    return std::string{name};
}

std::string sie_name(std::string text) {
    text = on_one_line(std::move(text));
    return bare_name(shortened(bare_name(text), longest_name));
}

void take(SieIdentity& identity, std::string_view label, std::string_view rest, std::string& name) {
    if (same_label(label, "#ORGNR") && identity.number.empty()) identity.number = number_in(rest);
    if (same_label(label, "#FNAMN") && name.empty()) name = only_field(rest);
    if (same_label(label, "#FNR") && identity.company_folder.empty()) identity.company_folder = only_field(rest);
    const bool day = same_label(label, "#GEN") && identity.exported == 0;
    const bool year = same_label(label, "#RAR") && identity.year_end == 0;
    if (!day && !year) return;
    const auto fields = fields_of(rest);
    if (day && !fields.empty()) identity.exported = sie_day(fields[0]);
    if (year && fields.size() > 2 && fields[0] == "0") identity.year_end = sie_day(fields[2]);
}

Result<SieIdentity> read_labels(std::string_view text, const std::string& file) {
    SieIdentity identity;
    std::string name;
    bool any_label = false;
    for (std::string_view rest = text; !rest.empty();) {
        const std::string_view line = next_line(rest);
        if (!is_label(line)) continue;
        any_label = true;
        const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
        if (same_label(line.substr(0, end), "#VER")) break;
        take(identity, line.substr(0, end), shortened(trimmed(line.substr(end)), longest_field), name);
    }
    if (!any_label) return no_sie_file(file);
    // The rest of the file is looked at only where the field itself does not tell its letters.
    const auto readable = [&](const std::string& field) {
        const bool tells = is_utf8(field) || letters_of(field) != Letters::unknown;
        return utf8_from_sie(field, tells ? Letters::unknown : letters_of(text));
    };
    identity.name = sie_name(readable(name));
    identity.company_folder = on_one_line(readable(identity.company_folder));
    return identity;
}

// SIE 5, which is XML: what is between `<Sie>` and the end of `<FileInfo>`.
struct Reading {
    XML_Parser parser = nullptr;
    SieIdentity identity;
    bool is_sie = false, has_company = false;
};

// Whatever the file calls its name space.
std::string_view local_name(const char* name) {
    const char* colon = std::strrchr(name, ':');
    return colon ? colon + 1 : name;
}

std::string_view value_of(const char** attributes, std::string_view wanted) {
    for (; *attributes; attributes += 2)
        if (local_name(attributes[0]) == wanted) return attributes[1];
    return {};
}

void begin_element(void* user, const char* element, const char** attributes) {
    auto& reading = *static_cast<Reading*>(user);
    const std::string_view name = local_name(element);
    if (!reading.is_sie) {  // the root: Sie, or SieEntry of what is to be read by an accounting program
        reading.is_sie = name == "Sie" || name == "SieEntry";
        if (!reading.is_sie) XML_StopParser(reading.parser, XML_FALSE);
        return;
    }
    SieIdentity& identity = reading.identity;
    if (name == "FileCreation") identity.exported = sie_day(value_of(attributes, "time"));
    if (name == "Company" && !reading.has_company) {
        reading.has_company = true;
        identity.number = value_of(attributes, "organizationId");
        identity.name = sie_name(std::string{value_of(attributes, "name")});
    }
    if (name == "FiscalYear" && value_of(attributes, "primary") == "true")
        identity.year_end = sie_day(std::string{value_of(attributes, "end")} + "-31");
}

void end_element(void* user, const char* element) {
    if (local_name(element) == "FileInfo") XML_StopParser(static_cast<Reading*>(user)->parser, XML_FALSE);
}

// No SIE file has one, and with it come entities.
void refuse_types(void* user, const char*, const char*, const char*, int) {
    XML_StopParser(static_cast<Reading*>(user)->parser, XML_FALSE);
}

Result<SieIdentity> read_xml(std::string_view text, const std::string& file) {
    const std::unique_ptr<std::remove_pointer_t<XML_Parser>, decltype(&XML_ParserFree)> parser{
        XML_ParserCreate(is_utf8(text) ? "UTF-8" : nullptr), &XML_ParserFree};
    Reading reading{.parser = parser.get()};
    XML_SetUserData(parser.get(), &reading);
    XML_SetElementHandler(parser.get(), begin_element, end_element);
    XML_SetStartDoctypeDeclHandler(parser.get(), refuse_types);
    // What comes after the company, and that the text ends in the middle, is of no interest.
    (void)XML_Parse(parser.get(), text.data(), static_cast<int>(text.size()), XML_FALSE);
    if (!reading.is_sie) return no_sie_file(file);
    if (!reading.has_company)
        return fail(Errc::bad_file,
                    N_("{file} is a SIE 5 file that can't be read. Export the company as SIE 4 from the accounting "
                       "program."),
                    {{"file", file}});
    return reading.identity;
}

}  // namespace

int sie_day(std::string_view text) {
    std::string digits;
    for (const char c : text.substr(0, 10))
        if (is_digit(c)) digits += c;
    if (digits.size() != 8) return 0;
    const int day = std::stoi(digits), month_and_day = day % 10000;
    const bool possible = day / 10000 >= 1900 && month_and_day / 100 >= 1 && month_and_day / 100 <= 12 &&
                          month_and_day % 100 >= 1 && month_and_day % 100 <= 31;
    return possible ? day : 0;
}

std::string folder_in_path(std::string_view text) {
    constexpr std::string_view separators = "\\/";
    if (text.find_first_of(separators) == std::string_view::npos) return {};
    const std::size_t last = text.find_last_not_of(separators);
    if (last == std::string_view::npos) return {};
    text = text.substr(0, last + 1);
    const std::size_t before = text.find_last_of(separators);
    return std::string{before == std::string_view::npos ? text : text.substr(before + 1)};
}

Result<SieIdentity> read_sie_identity(std::string_view head, const std::string& file) {
    const std::string text = without_byte_order_mark(head);
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    if (begin != std::string::npos && text[begin] == '<') return read_xml(std::string_view{text}.substr(begin), file);
    return read_labels(text, file);
}

}  // namespace samsynk::installations
