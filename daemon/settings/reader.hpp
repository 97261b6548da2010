// Reads a YAML mapping and gathers every mistake with its place, so that all can be mended at once.
#pragma once

#include <yaml-cpp/yaml.h>

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "settings/settings.hpp"

namespace samsynk::settings {

class Reader {
public:
    Reader(YAML::Node node, std::string section, std::filesystem::path file, std::vector<Mistake>& mistakes)
        : node_{std::move(node)}, section_{std::move(section)}, file_{std::move(file)}, mistakes_{mistakes} {}

    /// Refuses keys that are not among these, and keys that stand twice. False: this is no mapping at all.
    bool only(std::initializer_list<const char*> known);

    std::optional<std::string> text(const char* key);  ///< nothing where left out, or wrong (then noted)
    std::optional<std::string> required_text(const char* key);
    std::optional<std::string> https_url(const char* key);
    std::optional<std::filesystem::path> path(const char* key);  ///< absolute, ${CREDENTIALS_DIRECTORY} expanded
    std::optional<bool> flag(const char* key);
    std::optional<std::chrono::seconds> duration(const char* key, std::chrono::seconds least,
                                                 std::chrono::seconds most);
    std::optional<double> percentage(const char* key);
    std::optional<std::string> one_of(const char* key, std::initializer_list<const char*> values);
    std::vector<std::string> texts(const char* key);
    std::map<std::string, std::string> words(const char* key);  ///< a mapping of texts
    std::vector<std::string> keys(const char* key);             ///< of a mapping
    bool is_mapping();                                          ///< notes it where not
    YAML::Node at(const char* key) const { return node_[key]; }
    Reader section(const char* key) const { return {node_[key], full(key), file_, mistakes_}; }

    bool has(const char* key) const { return node_.IsMap() && node_[key] && !node_[key].IsNull(); }
    void wrong(const char* key, Message message);  ///< at the key's value, or the section where it is missing
    void wrong_here(Message message);
    std::string full(const char* key) const { return section_.empty() ? key : section_ + "." + key; }

private:
    void note(const YAML::Mark& mark, Message message);

    YAML::Node node_;
    std::string section_;
    std::filesystem::path file_;
    std::vector<Mistake>& mistakes_;
};

}  // namespace samsynk::settings
