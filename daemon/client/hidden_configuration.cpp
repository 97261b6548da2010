#include "client/hidden_configuration.hpp"

#include <yaml-cpp/yaml.h>

#include <stdexcept>

#include "client/likely_secrets.hpp"
#include "client/shown_values.hpp"
#include "client/sieve.hpp"
#include "core/org_number.hpp"
#include "core/plain_text.hpp"
#include "core/text.hpp"
#include "core/whole_yaml.hpp"

namespace samsynk::client {
namespace {

constexpr int deepest = 12, most_nodes = 20'000;  // aliases can make a small text endless
constexpr std::size_t least_kept_out = 6;         // `true` stands everywhere

// What is hidden in the configuration, and yet stands all over the other pieces.
bool is_everywhere(std::string_view value) { return value == "samsynk" || value == "samsynkd"; }

std::string in_yaml(const std::string& text) {
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-%${}[]@: åäöÅÄÖ";
    const bool as_it_is = text.find_first_not_of(plain) == std::string::npos && text.find(": ") == std::string::npos;
    return as_it_is ? text : '"' + text + '"';  // no quote is in what is shown
}

class Writer {
public:
    void write(const YAML::Node& root) { mapping(root, 0, Within::settings); }

    std::string text;
    std::vector<std::string> values;

private:
    enum class Within { settings, companies, nothing };  // nothing: all values below are hidden

    void mapping(const YAML::Node& node, int depth, Within within) {
        count(depth);
        for (const auto& entry : node) {
            const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "";
            const bool shown = is_shown_key(key, entry.second, within);
            if (!shown) keep_out(entry.first, depth + 1);
            line(depth, shown ? key : hidden, entry.second, depth, shown ? inside(key, within) : Within::nothing,
                 within == Within::companies ? "companies" : key);
        }
    }

    static bool is_shown_key(const std::string& key, const YAML::Node& value, Within within) {
        if (within == Within::companies) return key == "leads" || key == "follow" || OrgNumber::parse(key).has_value();
        return is_plain_key(key) && (!value.IsNull() || is_section(key) || is_setting(key));
    }

    static Within inside(const std::string& key, Within within) {
        if (within != Within::settings) return within;
        return key == "companies" ? Within::companies : Within::settings;
    }

    void line(int indent, const std::string& key, const YAML::Node& value, int depth, Within within,
              const std::string& name) {
        text += std::string(static_cast<std::size_t>(indent) * 2, ' ') + key + ":";
        if (value.IsScalar()) {
            text += ' ' + scalar(name, value.Scalar(), within) + '\n';
        } else if (value.IsMap()) {
            text += '\n';
            const bool known = within == Within::companies || (within == Within::settings && is_section(name));
            mapping(value, depth + 1, known ? within : Within::nothing);
        } else {
            text += '\n';
            if (value.IsSequence()) sequence(name, value, depth + 1, within);
        }
    }

    void sequence(const std::string& name, const YAML::Node& list, int depth, Within within) {
        count(depth);
        bool first = true;
        for (const auto& item : list) {
            text += std::string(static_cast<std::size_t>(depth) * 2, ' ') + "-";
            const bool hide = name == "command" && !first;
            first = false;
            if (item.IsScalar()) {
                text += ' ' + scalar(name, item.Scalar(), hide ? Within::nothing : within) + '\n';
            } else {
                text += '\n';
                const bool known = within == Within::settings && name == "installations";
                if (item.IsMap()) mapping(item, depth + 1, known ? within : Within::nothing);
                if (item.IsSequence()) sequence("", item, depth + 1, Within::nothing);
            }
        }
    }

    std::string scalar(const std::string& name, const std::string& value, Within within) {
        count(0);
        std::optional<std::string> shown;
        if (within == Within::companies) shown = shown_choice(value);
        if (within == Within::settings) shown = name == "command" ? shown_program(value) : shown_value(name, value);
        if (!shown || *shown != value) keep_out(name, value, within);
        return shown ? in_yaml(*shown) : hidden;
    }

    // Of what is shown in part, only the secret in it.
    void keep_out(const std::string& name, const std::string& value, Within within) {
        if (within == Within::nothing) return keep_out(value);
        if (name == "proxy" || name == "url" || name == "issuer") return keep_out(password_in_address(value));
        if (name == "companies" || name == "user" || name == "name" || name == "scope") return;
        keep_out(value);
    }
    void keep_out(const std::string& value) {
        if (value.size() >= least_kept_out && !is_everywhere(value)) values.push_back(value);
    }
    void keep_out(const YAML::Node& node, int depth) {
        count(depth);
        if (node.IsScalar()) keep_out(node.Scalar());
        if (node.IsSequence())
            for (const auto& item : node) keep_out(item, depth + 1);
        if (!node.IsMap()) return;
        for (const auto& entry : node) {
            keep_out(entry.first, depth + 1);
            keep_out(entry.second, depth + 1);
        }
    }

    void count(int depth) {
        if (depth > deepest || ++nodes_ > most_nodes) throw std::length_error{"too deep or too large"};
    }

    int nodes_ = 0;
};

void write(HiddenConfiguration& result, const std::string& text) try {
    Writer writer;
    if (text.size() > 1024 * 1024 || valid_utf8(text) != text || has_control_characters(text)) return;
    if (line_behind_document(text) > 0) return;
    const YAML::Node root = YAML::Load(text);
    if (root.IsNull()) result.text.clear();
    if (!root.IsMap()) return;
    writer.write(root);
    result.text = std::move(writer.text);
    result.values.insert(result.values.end(), writer.values.begin(), writer.values.end());
} catch (const YAML::Exception&) {
} catch (const std::length_error&) {
}

}  // namespace

HiddenConfiguration hide_secrets(std::string_view configuration) {
    LikelySecrets likely = likely_secrets(configuration);
    HiddenConfiguration result{.text = configuration.empty() ? "" : std::string{hidden} + "\n",
                               .values = std::move(likely.values),
                               .files = std::move(likely.files)};
    write(result, std::string{configuration});
    return result;
}

}  // namespace samsynk::client
