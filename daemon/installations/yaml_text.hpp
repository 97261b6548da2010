// Reads YAML that people, programs or accidents left in a company's folder: small, one document, whole, or refused.
#pragma once

#include <yaml-cpp/yaml.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"

namespace samsynk::installations {

/// These files hold a few lines. Of a megabyte of brackets yaml-cpp makes half a gigabyte.
inline constexpr std::size_t yaml_limit = 64 * 1024;

// A choice under a slightly wrong key is a mistake to tell of, not the absence of one.
struct KnownKey {
    std::string_view key;
    std::vector<std::string_view> also{};  ///< other words that people have for it
    bool exact = false;                    ///< letters are not forgiven: it is short, and means little
};

/// The known key that was meant; nothing where it is one, or none at all. Forgiven are letter case, separators,
/// what is not seen, other forms of the same letters, and an edit or two.
std::optional<std::string_view> meant_key(std::string_view written, const std::vector<KnownKey>& known);

/// What is wrong where a key of the root is nearly one of these, or one of these, or nearly, stands within something
/// else (also merged or by an alias): it would be overlooked. Other keys are let be.
std::optional<Error> misread_key(const YAML::Node& root, const std::vector<KnownKey>& known, const std::string& file);

/// Hands the one document of a text to `read`. The error says why not; `file` is for the message. Nothing escapes of
/// what yaml-cpp throws, there or in `read`.
std::optional<Error> read_yaml(std::string_view text, const std::string& file,
                               const std::function<void(const YAML::Node& root)>& read);

/// What `read` makes of the document. Error bad_file, or that of `read`.
template <class T, class Read>
Result<T> reading_yaml(std::string_view text, const std::string& file, Read read) {
    std::optional<Result<T>> made;
    if (auto wrong = read_yaml(text, file, [&](const YAML::Node& root) { made = read(root); })) return *wrong;
    return *std::move(made);
}

}  // namespace samsynk::installations
