#include "installations/folder/company_file.hpp"

#include "core/text.hpp"
#include "installations/folder/text_encoding.hpp"
#include "installations/yaml_text.hpp"

namespace samsynk::installations {
namespace {

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
                return fail(Errc::bad_file, N_("{file}, line {line}: {key} stands twice. Remove one of them."),
                            {{"file", file}, {"line", std::to_string(entry.first.Mark().line + 1)}, {"key", key}});
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

}  // namespace

Result<CompanyFile> parse_company_file(std::string_view text, const std::string& file) {
    return reading_yaml<CompanyFile>(text, file, [&](const YAML::Node& root) { return read_company(root, file); });
}

}  // namespace samsynk::installations
