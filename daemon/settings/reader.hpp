// Reads a YAML mapping and gathers every mistake with its place, so that all can be mended at once.
#pragma once

#include <yaml-cpp/yaml.h>

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "settings/settings.hpp"

namespace samsynk::settings {

/// A whole number within these bounds; nothing where it is none. For what is no key of its own.
std::optional<int> whole_number(const std::string& text, int least, int most);

class Reader {
public:
    Reader(YAML::Node node, std::string section, std::filesystem::path file, std::vector<Mistake>& mistakes)
        : node_{std::move(node)}, section_{std::move(section)}, file_{std::move(file)}, mistakes_{mistakes} {}

    /// Refuses keys that are not among these, and keys that stand twice. False: this is no mapping at all.
    bool only(const std::vector<const char*>& known);

    bool required(const char* key);                    ///< whether it is there; notes where it is not
    std::optional<std::string> text(const char* key);  ///< nothing where left out, or wrong (then noted)
    std::optional<std::string> required_text(const char* key);
    std::optional<std::string> https_url(const char* key);
    std::optional<std::filesystem::path> path(const char* key);  ///< absolute, ${CREDENTIALS_DIRECTORY} expanded
    std::optional<bool> flag(const char* key);
    std::optional<std::chrono::seconds> duration(const char* key, std::chrono::seconds least,
                                                 std::chrono::seconds most);
    std::optional<double> percentage(const char* key);
    std::optional<std::string> one_of(const char* key, std::vector<const char*> names);
    /// Sets `value` to what the given name stands for.
    template <class Value>
    void one_of(const char* key, Value& value,
                std::initializer_list<std::pair<const char*, std::type_identity_t<Value>>> named) {
        std::vector<const char*> names;
        for (const auto& [name, meant] : named) names.push_back(name);
        const auto given = one_of(key, names);
        for (const auto& [name, meant] : named)
            if (given == name) value = meant;
    }
    std::vector<std::string> texts(const char* key);
    std::map<std::string, std::string> words(const char* key);  ///< a mapping of texts
    std::vector<std::string> keys(const char* key);             ///< of a mapping
    bool is_mapping();                                          ///< notes it where not
    YAML::Node at(const char* key) const { return node_[key]; }
    Reader section(const char* key) const { return {node_[key], full(key), file_, mistakes_}; }
    std::vector<Reader> sections(const char* key) const;  ///< of a list; none where it is no list

    bool has(const char* key) const { return node_.IsMap() && node_[key] && !node_[key].IsNull(); }
    /// At the key's value, or the section where it is missing. `{key}` is the key's whole name.
    void wrong(const char* key, Message message);
    void wrong(const char* key, const char* sentence, std::vector<std::pair<std::string, std::string>> more = {});
    void wrong_here(Message message);
    std::string full(const char* key) const { return section_.empty() ? key : section_ + "." + key; }

private:
    void note(const YAML::Mark& mark, Message message);
    YAML::Node entries(const char* key);
    void not_once(const char* key, const YAML::Node& name);

    YAML::Node node_;
    std::string section_;
    std::filesystem::path file_;
    std::vector<Mistake>& mistakes_;
};

}  // namespace samsynk::settings
