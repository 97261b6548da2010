// Reads YAML that people, programs or accidents left in a company's folder: small, one document, whole, or refused.
#pragma once

#include <yaml-cpp/yaml.h>

#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "installations/meant_key.hpp"

namespace samsynk::installations {

/// These files hold a few lines. Of a megabyte of brackets yaml-cpp makes half a gigabyte.
inline constexpr std::size_t yaml_limit = 64 * 1024;

/// Why a text is not given to yaml-cpp, which would read a part of it only, or for very long. `file` is for the
/// message.
std::optional<Error> unfit_for_yaml(std::string_view text, const std::string& file);

/// What is wrong where more stands in a text than its first document. Throws YAML::Exception.
std::optional<Error> more_than_one(const std::string& text, const std::string& file);

Error not_yaml(const YAML::Exception& problem, const std::string& file);

/// What is wrong where a key of the root is nearly one of these, or one of these, or nearly, stands within something
/// else (also merged or by an alias): it would be overlooked. Other keys are let be.
std::optional<Error> misread_key(const YAML::Node& root, const std::vector<KnownKey>& known, const std::string& file);

/// What `read` makes of the document. Error bad_file, or that of `read`. Nothing escapes of what yaml-cpp throws.
template <class T, class Read>
Result<T> reading_yaml(std::string_view text, const std::string& file, Read read) try {
    if (auto unfit = unfit_for_yaml(text, file)) return *unfit;
    const std::string whole{text};
    if (auto more = more_than_one(whole, file)) return *more;
    return read(YAML::Load(whole));
} catch (const YAML::Exception& problem) {
    return not_yaml(problem, file);
}

}  // namespace samsynk::installations
