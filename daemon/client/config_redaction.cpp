#include "client/config_redaction.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <regex>
#include <stdexcept>

#include "client/redactor.hpp"
#include "core/org_number.hpp"
#include "core/plain_text.hpp"
#include "core/text.hpp"
#include "core/whole_yaml.hpp"

// Which values may be shown: only those whose key is known, and whose form leaves no room for a secret. What looks like
// a secret is looked for as well, only to keep it out of what else goes to a helper: nothing is shown because it was
// not found.
namespace samsynk::client {
namespace {

constexpr std::size_t longest_path = 1024, longest_key = 32;

bool is_one_of(std::string_view key, std::initializer_list<std::string_view> keys) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

bool is_all(std::string_view text, const char* form) {
    return text.size() <= longest_path && std::regex_match(text.begin(), text.end(), std::regex{form});
}

// Base64 may begin with a slash: what only it has is not shown.
bool is_path(std::string_view text) {
    constexpr std::string_view below_credentials = "${CREDENTIALS_DIRECTORY}/";
    const bool whole = text.starts_with('/') || text.starts_with(below_credentials);
    const bool strange = std::any_of(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) < ' ') ||
               std::string_view{"=+@?;:*<>|\"'`\\"}.find(c) != std::string_view::npos;
    });
    return whole && !strange && text.size() <= longest_path && text.find(" -") == std::string_view::npos;
}

constexpr const char* id_form = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";

// What a value must look like, all of it; of an enumeration only its own words are shown. Null: it is no such setting.
const char* form_of(std::string_view key) {
    static const std::pair<const char*, std::vector<std::string_view>> forms[]{
        {"[0-9]{1,6} ?(s|m|min|h|d)?",
         {"connect_timeout", "reply_timeout", "interval", "release_missing_after", "timeout"}},
        {"true|false|yes|no|on|off", {"push", "ca_only", "companies"}},
        {"[0-9]{1,3}([.,][0-9]{1,3})? ?%?", {"mass_change_limit"}},
        {"[0-9]{1,6} ?([KMG]i?B)?|never", {"rotate_at"}},
        {"[0-9]{1,5}", {"keep", "port"}},
        {id_form, {"id", "client_id", "client_key_id", "observers", "mapping"}},
        {R"((\[[0-9A-Fa-f:.]{2,45}\]|[0-9.]{1,15}):[0-9]{1,5})", {"listen"}},
        {R"([A-Za-z0-9.-]{1,253}|\[?[0-9A-Fa-f:.]{2,45}\]?)", {"host"}},
        {"online|local|hold", {"first_contact"}},
        {"folder|sql|exec", {"connector"}},
        {"auto|events|poll|off", {"watch"}},
        {"sqlite|postgresql|mariadb|odbc", {"type"}},
        {"auto|on|off", {"tls"}},
        {"accept|approve", {"new_companies"}},
        {"debug|info|notice|warning|error", {"level"}},
        {"auto|journald|json|text", {"format"}}};
    for (const auto& [form, keys] : forms)
        if (std::find(keys.begin(), keys.end(), key) != keys.end()) return form;
    return nullptr;
}

bool is_address_key(std::string_view key) { return is_one_of(key, {"url", "issuer", "proxy"}); }

bool may_be_path(std::string_view key) {
    return is_one_of(
        key, {"ca_file", "client_cert_file", "client_key_file", "client_secret_file", "refresh_token_file",
              "proxy_password_file", "password_file", "path", "socket", "directory", "file", "host", "mapping"});
}

// Scheme, host and port. Who signs in there, and what comes after, may be a secret; so may all of it that is not
// written as it should be.
std::optional<std::string> shown_address(const std::string& text) {
    static const std::regex form{
        R"((https?://)([^@/?#\s]*@)?((?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?)(/?)([^@\s]*))"};
    std::smatch part;
    if (text.size() > longest_path || !std::regex_match(text, part, form)) return std::nullopt;
    if (part[2].matched && part[5].length() > 0) return std::nullopt;
    if (part[5].length() > 0 && part[4].length() == 0) return std::nullopt;
    return part[1].str() + (part[2].matched ? std::string{hidden} + "@" : "") + part[3].str() + part[4].str() +
           (part[5].length() > 0 ? hidden : "");
}

// Whether a mapping or list of this key holds more settings, which are looked at one by one.
bool is_section(std::string_view key) {
    return is_one_of(key,
                     {"service", "auth", "sync", "installations", "database", "control", "state", "log", "metrics"});
}

// Whether it is one of the settings whose value may be shown.
bool is_setting(std::string_view key) {
    return form_of(key) || is_address_key(key) || may_be_path(key) || key == "command";
}

// The value as it may be shown: whole, or without the part that may hold a secret. Nothing: it is hidden.
std::optional<std::string> shown_value(std::string_view key, std::string_view value) {
    const std::string text{value};
    if (is_address_key(key)) return shown_address(text);
    const char* form = form_of(key);
    const bool shown = (form && is_all(value, form)) || (may_be_path(key) && is_path(value));
    return shown ? std::optional{text} : std::nullopt;
}

// Of `companies`: an installation, a place, a path, or “ignore”.
std::optional<std::string> shown_choice(std::string_view value) {
    if (is_path(value)) return std::string{value};
    const std::string_view id = value.substr(0, value.find(':'));
    if (!is_all(id, "[a-z0-9][a-z0-9-]{0,62}")) return std::nullopt;
    return std::string{id} + (id.size() < value.size() ? std::string{":"} + hidden : "");
}

// Of `command`: the program's path, up to the first blank.
std::optional<std::string> shown_program(std::string_view value) {
    const std::string_view word = value.substr(0, value.find_first_of(" \t\r\n"));
    if (!is_path(word)) return std::nullopt;
    return std::string{word} + (word.size() < value.size() ? std::string{" "} + hidden : "");
}

// What is written as a setting's name is, and not as a key, a token or a person's number.
bool is_plain_key(std::string_view key) {
    return !key.empty() && key.size() <= longest_key && std::all_of(key.begin(), key.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || (c & 0x80) != 0;
    });
}

// `http://user:password@host`: the password, as it is written; empty where there is none.
std::string password_in_address(std::string_view text) {
    const auto begin = text.find("://"), end = text.rfind('@');
    if (begin == std::string_view::npos || end == std::string_view::npos || end < begin + 3) return {};
    const std::string_view user = text.substr(begin + 3, end - begin - 3);
    const auto colon = user.find(':');
    return colon == std::string_view::npos ? std::string{} : std::string{user.substr(colon + 1)};
}

constexpr std::size_t least_likely = 6;
constexpr std::size_t longest_line = 4096;  // the engine of expressions recurs

const std::regex& name_and_value() {
    static const std::regex form{
        R"(([\w.-]*(?:password|passwd|passphrase|pwd|pass|secret|token|credential|authorization|key|senord)[\w-]*)["']?\s*[:=]\s*["']?([^\s"',;}#]+))"
        R"(|(?:--[\w-]+|\bbearer|\bbasic)\s+["']?([^\s"',;}#]+))",
        std::regex::icase};
    return form;
}

std::string expanded(std::string path) {
    const std::string name = "${CREDENTIALS_DIRECTORY}";
    const char* value = std::getenv("CREDENTIALS_DIRECTORY");
    if (const auto at = path.find(name); at != std::string::npos && value) path.replace(at, name.size(), value);
    return path;
}

bool ends_with_file(std::string name) {
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    return name.ends_with("_file");
}

void look_at_line(HiddenConfiguration& found, const std::string& line) {
    for (auto at = std::sregex_iterator{line.begin(), line.end(), name_and_value()}; at != std::sregex_iterator{};
         ++at) {
        const std::string name = (*at)[1], value = name.empty() ? (*at)[3] : (*at)[2];
        if (ends_with_file(name) && expanded(value).starts_with('/'))
            found.files.emplace_back(expanded(value));
        else if (value.size() >= least_likely && !name.ends_with("_id"))
            found.values.push_back(value);
    }
    if (const std::string password = password_in_address(line); password.size() >= least_likely)
        found.values.push_back(password);
}

// Also in comments, and in what is no YAML.
void find_likely_secrets(HiddenConfiguration& found, std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        look_at_line(found, std::string{text.substr(0, std::min(end, longest_line))});
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

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
    HiddenConfiguration result{.text = configuration.empty() ? "" : std::string{hidden} + "\n"};
    find_likely_secrets(result, configuration);
    write(result, std::string{configuration});
    return result;
}

}  // namespace samsynk::client
