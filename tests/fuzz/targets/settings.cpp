// Any bytes as the configuration: settings that hold together and can be written again, or mistakes with their lines.
#include "settings/settings.hpp"

#include <yaml-cpp/yaml.h>

#include <set>

#include "fuzz/fuzz.hpp"

namespace samsynk::fuzz {
namespace {

using settings::Settings;

bool is_path(const std::filesystem::path& path) {
    return path.native().starts_with('/') && path.native().find('\0') == std::string::npos;
}

void check_values(const Settings& all) {
    using std::chrono::seconds;
    for (const std::string& url : {all.service.url, all.service.auth.issuer})
        check(url.starts_with("https://") && url.size() > 8 && !url.ends_with('/'), "an address that is none");
    check(all.service.client_cert_file.has_value() == all.service.client_key_file.has_value(), "half a certificate");
    check(all.sync.interval >= seconds{10} && all.sync.interval <= seconds{86400}, "an interval out of bounds");
    check(all.sync.mass_change_limit >= 0 && all.sync.mass_change_limit <= 1, "a share out of bounds");
    check(!all.installations.empty(), "no installation");
    std::set<std::string> ids;
    for (const auto& one : all.installations) {
        check(ids.insert(one.id).second && !one.id.empty() && one.id.size() <= 63, "a name that is none, or twice");
        check(one.connector == "folder" && is_path(one.path), "an installation that points nowhere");
    }
    check(is_path(all.control.socket) && all.control.socket.native().size() <= 107, "a socket that can't be made");
    check(is_path(all.state_directory), "a state folder that is no path");
    for (const auto& path : {all.service.ca_file, all.service.client_cert_file, all.service.auth.client_secret_file})
        check(!path || is_path(*path), "a file that is no path");
}

std::string written(const Settings& all) {
    YAML::Node node;
    node["service"]["url"] = all.service.url;
    node["service"]["auth"]["issuer"] = all.service.auth.issuer;
    node["service"]["auth"]["client_id"] = all.service.auth.client_id;
    node["sync"]["interval"] = std::to_string(all.sync.interval.count() / 1000) + "s";
    for (const auto& one : all.installations) {
        YAML::Node item;
        item["id"] = one.id;
        item["connector"] = one.connector;
        item["path"] = one.path.string();
        node["installations"].push_back(item);
    }
    node["control"]["socket"] = all.control.socket.string();
    node["state"]["directory"] = all.state_directory.string();
    node["log"]["level"] = std::string{name_of(all.log.minimum)};
    YAML::Emitter out;
    out << YAML::DoubleQuoted << node;
    return out.c_str();
}

void read_again(const Settings& all) {
    const auto again = settings::parse(written(all), "samsynk.yaml");
    check(again.settings.has_value(), "what was read can't be written and read again");
    const Settings& other = *again.settings;
    bool same = other.service.url == all.service.url && other.service.auth.issuer == all.service.auth.issuer &&
                other.service.auth.client_id == all.service.auth.client_id &&
                other.sync.interval == all.sync.interval && other.control.socket == all.control.socket &&
                other.state_directory == all.state_directory && other.log.minimum == all.log.minimum &&
                other.installations.size() == all.installations.size();
    for (std::size_t i = 0; same && i < all.installations.size(); ++i)
        same = other.installations[i].id == all.installations[i].id &&
               other.installations[i].path == all.installations[i].path;
    check(same, "settings changed on their way");
}

void read(std::string_view text) {
    const auto loaded = settings::parse(text, "samsynk.yaml");
    check(loaded.settings.has_value() == loaded.mistakes.empty(), "settings with mistakes, or neither");
    const auto lines = std::count(text.begin(), text.end(), '\n') + std::count(text.begin(), text.end(), '\r') + 2;
    int line = 0;
    for (const auto& mistake : loaded.mistakes) {
        check(mistake.line >= line && mistake.line <= lines, "a mistake out of order, or outside of the file");
        line = mistake.line;
        const std::string sentence = to_text(mistake);
        check(sentence.starts_with("samsynk.yaml:"), "a mistake that does not say where it is");
        check(sentence.find('\n') == std::string::npos, "a mistake is not one line");
        check(installations::is_utf8(sentence) || !installations::is_utf8(text), "a mistake is not UTF-8");
        check(sentence.size() < 2048, "a mistake's sentence is long");
    }
    if (!loaded.settings) return;
    check_values(*loaded.settings);
    if (installations::is_utf8(text)) read_again(*loaded.settings);
}

}  // namespace
}  // namespace samsynk::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    samsynk::fuzz::read(samsynk::fuzz::text_of(data, size));
    return 0;
}
