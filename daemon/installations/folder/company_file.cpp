#include "installations/folder/company_file.hpp"

#include <yaml-cpp/yaml.h>

namespace samsynk::installations {

Result<CompanyFile> parse_company_file(std::string_view text, const std::string& file) try {
    const YAML::Node root = YAML::Load(std::string{text});
    CompanyFile company;
    if (!root.IsDefined() || root.IsNull()) return company;
    if (!root.IsMap())
        return fail(Errc::bad_file, N_("{file} must hold lines such as “company: 556016-0680”."), {{"file", file}});
    if (const auto number = root["company"]; number && !number.IsNull()) {
        if (!number.IsScalar())
            return fail(Errc::bad_file, N_("{file}: company must be an organisation number."), {{"file", file}});
        company.number = number.Scalar();
    }
    if (const auto name = root["name"]; name && name.IsScalar()) company.name = name.Scalar();
    if (const auto ignore = root["ignore"];
        ignore && !ignore.IsNull() && !YAML::convert<bool>::decode(ignore, company.ignored))
        return fail(Errc::bad_file, N_("{file}: ignore must be true or false."), {{"file", file}});
    return company;
} catch (const YAML::Exception& problem) {
    return fail(Errc::bad_file, N_("{file}, line {line}: this is not YAML. Check indents, colons and quotes."),
                {{"file", file}, {"line", std::to_string(problem.mark.line + 1)}}, problem.msg);
}

}  // namespace samsynk::installations
