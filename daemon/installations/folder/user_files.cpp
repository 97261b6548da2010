#include "installations/folder/user_files.hpp"

#include <set>

#include "core/text.hpp"
#include "installations/folder/text_encoding.hpp"
#include "installations/yaml_text.hpp"

namespace samsynk::installations {
namespace {

Error stands_twice(const YAML::Node& entry, const std::string& key, const std::string& file) {
    return fail(Errc::bad_file, N_("{file}, line {line}: {key} stands twice. Remove one of them."),
                {{"file", file}, {"line", std::to_string(entry.Mark().line + 1)}, {"key", key}});
}

const std::vector<KnownKey>& company_keys() {
    static const std::vector<KnownKey> all{
        {"company",
         {"orgnr", "orgnummer", "organisationsnummer", "org_number", "organisation_number", "organization_number",
          "company_number", "number", "nummer", "företag", "bolag"}},
        {"ignore", {"ignorera", "ignorerad", "ignored", "skip", "exclude"}},
        {"name", {}, true}};
    return all;
}

// The wrong company must not be picked because one of two lines was overlooked.
std::optional<Error> named_twice(const YAML::Node& root, const std::string& file) {
    for (const char* key : {"company", "name", "ignore"}) {
        int count = 0;
        for (const auto& entry : root)
            if (entry.first.IsScalar() && entry.first.Scalar() == key && ++count == 2)
                return stands_twice(entry.first, key, file);
    }
    return std::nullopt;
}

Result<CompanyFile> read_company(const YAML::Node& root, const std::string& file) {
    CompanyFile company;
    if (!root.IsDefined() || root.IsNull()) return company;
    if (!root.IsMap())
        return fail(Errc::bad_file, N_("{file} must hold lines such as “company: 556016-0680”."), {{"file", file}});
    if (auto misread = misread_key(root, company_keys(), file)) return *misread;
    if (auto twice = named_twice(root, file)) return *twice;
    if (const auto number = root["company"]; number && !number.IsNull()) {
        if (!number.IsScalar())
            return fail(Errc::bad_file, N_("{file}: company must be an organisation number."), {{"file", file}});
        company.number = number.Scalar();
    }
    if (const auto name = root["name"]; name && name.IsScalar())
        company.name = on_one_line(utf8_from_sie(name.Scalar()));
    if (const auto ignore = root["ignore"];
        ignore && !ignore.IsNull() && !YAML::convert<bool>::decode(ignore, company.ignored))
        return fail(Errc::bad_file, N_("{file}: ignore must be true or false."), {{"file", file}});
    return company;
}

constexpr std::string_view heading_of_new_file =
    "# Digitala fakturor & dokument. Samsynk och du delar den här filen.\n"
    "# Shared between you and Samsynk: true, false, or leave the line out for no choice.\n";

const std::vector<KnownKey>& preference_keys() {
    static const std::vector<KnownKey> all{{name_of(sync::Preference::send_all_invoices), {"skicka_alla_fakturor"}},
                                           {name_of(sync::Preference::receive_invoices), {"ta_emot_fakturor"}}};
    return all;
}

Error not_a_choice(const std::string& file, int line, std::string_view key) {
    return fail(Errc::bad_file, N_("{file}, line {line}: {key} must be true or false, or left out."),
                {{"file", file}, {"line", std::to_string(line)}, {"key", std::string{key}}});
}

Result<sync::Choice> choice_of(const YAML::Node& node, const std::string& file, std::string_view key) {
    if (node.IsNull()) return sync::Choice{};
    bool value = false;
    // A quoted "true" is a text, not a choice.
    if (!node.IsScalar() || node.Tag() == "!" || !YAML::convert<bool>::decode(node, value))
        return not_a_choice(file, node.Mark().line + 1, key);
    return sync::Choice{value};
}

bool is_line_of(std::string_view line, std::string_view key) {
    if (!line.starts_with(key)) return false;
    line.remove_prefix(key.size());
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
    return line.starts_with(':');
}

// The line with its value replaced; what follows a value (blanks, a comment) stays.
std::string changed_line(std::string_view line, bool value) {
    const std::size_t colon = line.find(':');
    std::string_view rest = line.substr(colon + 1);
    const std::size_t start = rest.find_first_not_of(" \t");
    std::string_view tail;
    if (start != std::string_view::npos && rest[start] != '\r') {
        const std::size_t end = rest[start] == '#' ? start : rest.find_first_of(" \t\r", start);
        tail = end == std::string_view::npos ? std::string_view{} : rest.substr(end);
        if (rest[start] == '#') tail = rest.substr(start == 0 ? 0 : start - 1);
    } else if (start != std::string_view::npos) {
        tail = rest.substr(start);
    }
    return std::string{line.substr(0, colon + 1)} + (value ? " true" : " false") + std::string{tail};
}

std::string edited(std::string_view text, sync::Preference preference, bool value) {
    const std::string_view key = name_of(preference);
    if (text.empty()) return std::string{heading_of_new_file} + std::string{key} + (value ? ": true\n" : ": false\n");
    const std::string_view line_end = text.find("\r\n") != std::string_view::npos ? "\r\n" : "\n";
    std::string result;
    bool done = false;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        const std::size_t next = end == std::string_view::npos ? text.size() : end + 1;
        std::string_view line = text.substr(at, (end == std::string_view::npos ? text.size() : end) - at);
        std::string_view mark;
        if (at == 0 && line.starts_with("\xEF\xBB\xBF")) {
            mark = line.substr(0, 3);
            line.remove_prefix(3);
        }
        result += mark;
        if (!done && is_line_of(line, key)) {
            result += changed_line(line, value);
            done = true;
        } else {
            result += line;
        }
        if (end != std::string_view::npos) result += '\n';
        at = next;
    }
    if (!done) {
        if (!result.empty() && result.back() != '\n') result += line_end;
        result += std::string{key} + (value ? ": true" : ": false") + std::string{line_end};
    }
    return result;
}

// Everything but the two choices, to see that an edit touched nothing else.
std::string others(std::string_view text) {
    YAML::Node root = YAML::Load(std::string{text});
    std::string all;
    if (root.IsMap())
        for (const auto& entry : root) {
            const auto key = entry.first.as<std::string>("");
            if (key != "send_all_invoices" && key != "receive_invoices")
                all += key + "=" + YAML::Dump(entry.second) + "\n";
        }
    return all;
}

Result<sync::Preferences> read_preferences(const YAML::Node& root, const std::string& file) {
    sync::Preferences preferences;
    if (!root.IsDefined() || root.IsNull()) return preferences;
    if (!root.IsMap())
        return fail(Errc::bad_file, N_("{file} must hold lines such as “receive_invoices: true”."), {{"file", file}});
    if (auto misread = misread_key(root, preference_keys(), file)) return *misread;
    std::set<std::string> seen;
    for (const auto& entry : root) {
        const auto key = entry.first.IsScalar() ? entry.first.Scalar() : std::string{};
        if (!seen.insert(key).second) return stands_twice(entry.first, utf8_from_sie(shortened(key, 60)), file);
        for (const auto preference : sync::all_preferences) {
            if (key != name_of(preference)) continue;
            auto choice = choice_of(entry.second, file, key);
            if (choice.has_error()) return choice.error();
            preferences[preference] = *choice;
        }
    }
    return preferences;
}

}  // namespace

Result<CompanyFile> parse_company_file(std::string_view text, const std::string& file) {
    return reading_yaml<CompanyFile>(text, file, [&](const YAML::Node& root) { return read_company(root, file); });
}

Result<sync::Preferences> parse_preferences(std::string_view text, const std::string& file) {
    return reading_yaml<sync::Preferences>(text, file,
                                           [&](const YAML::Node& root) { return read_preferences(root, file); });
}

Result<std::string> with_choice(std::string_view text, sync::Preference preference, bool value,
                                const std::string& file) {
    auto before = parse_preferences(text, file);
    if (before.has_error()) return before.error();
    if ((*before)[preference] == value) return std::string{text};
    std::string result = edited(text, preference, value);
    sync::Preferences wanted = *before;
    wanted[preference] = value;
    const auto after = parse_preferences(result, file);
    if (after.has_error() || *after != wanted || others(text) != others(result))
        return fail(Errc::bad_file,
                    N_("{file} is written in a way that Samsynk can't change safely. Write one “key: value” a line."),
                    {{"file", file}});
    return result;
}

}  // namespace samsynk::installations
