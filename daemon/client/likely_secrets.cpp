#include "client/likely_secrets.hpp"

#include <algorithm>
#include <cstdlib>
#include <regex>

namespace samsynk::client {
namespace {

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

void look_at_line(LikelySecrets& found, const std::string& line) {
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

}  // namespace

std::string password_in_address(std::string_view text) {
    const auto begin = text.find("://"), end = text.rfind('@');
    if (begin == std::string_view::npos || end == std::string_view::npos || end < begin + 3) return {};
    const std::string_view user = text.substr(begin + 3, end - begin - 3);
    const auto colon = user.find(':');
    return colon == std::string_view::npos ? std::string{} : std::string{user.substr(colon + 1)};
}

LikelySecrets likely_secrets(std::string_view text) {
    LikelySecrets found;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        look_at_line(found, std::string{text.substr(0, std::min(end, longest_line))});
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return found;
}

}  // namespace samsynk::client
