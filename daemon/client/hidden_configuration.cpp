#include "client/hidden_configuration.hpp"

#include <algorithm>
#include <cstdlib>
#include <regex>

#include "client/sieve.hpp"

namespace samsynk::client {
namespace {

// A name and its value, anywhere in a line; what is called …_file or …_id is no secret itself.
const std::regex& secret_name() {
    static const std::regex name{
        R"((^|[\s{,#"'-])([\w-]*(?:password|passwd|passphrase|secret|token|credential|apikey|api_key|environment)[\w-]*)["']?\s*:(\s|$))",
        std::regex::icase};
    return name;
}
const std::regex& secret_file() {
    static const std::regex name{R"(([\w-]*(?:secret|password|key|token)_file)["']?\s*:\s*["']?([^\s"',}#]+))",
                                 std::regex::icase};
    return name;
}

std::size_t indentation(const std::string& line) {
    return std::min(line.find_first_not_of(" #-"), line.size());  // of what is commented out, too
}

int open_braces(std::string_view text) {
    int depth = 0;
    for (const char c : text) depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
    return depth;
}

void note_value(std::vector<std::string>& values, std::string value) {
    const auto drop = [](char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '"' || c == '\'' || c == '{' || c == '}';
    };
    while (!value.empty() && drop(value.back())) value.pop_back();
    value.erase(0, static_cast<std::size_t>(std::find_if_not(value.begin(), value.end(), drop) - value.begin()));
    if (value.size() >= 6) values.push_back(std::move(value));
}

// `{A: one, B: two}` or `A: one`: what stands after each name.
void note_values(std::vector<std::string>& values, const std::string& text) {
    std::size_t begin = 0;
    while (begin <= text.size()) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        const std::string part = text.substr(begin, end - begin);
        const std::size_t colon = part.find(": ");
        note_value(values, colon == std::string::npos ? part : part.substr(colon + 2));
        begin = end + 1;
    }
}

class Hiding {
public:
    void take(std::string line) {
        if (line.ends_with('\r')) line.pop_back();
        if (goes_on(line)) return hide_whole(line);
        std::smatch found;
        if (std::regex_search(line, found, secret_file())) result.files.push_back(expanded(found[2]));
        if (!first_secret(line, found)) return keep(line);
        const auto end = static_cast<std::size_t>(found.position(0) + found.length(0));
        const std::string value = line.substr(std::min(end, line.size()));
        within_ = indentation(line);
        depth_ = open_braces(line);
        inside_ = true;
        if (value.find_first_not_of(' ') == std::string::npos) return keep(line);
        note_values(result.values, value);
        keep(line.substr(0, end) + hidden);
    }

    HiddenConfiguration result;

private:
    static bool first_secret(const std::string& line, std::smatch& found) {
        for (auto at = std::sregex_iterator{line.begin(), line.end(), secret_name()}; at != std::sregex_iterator{};
             ++at) {
            const std::string name = (*at)[2];
            if (name.ends_with("_file") || name.ends_with("_id")) continue;
            found = *at;
            return true;
        }
        return false;
    }

    // What belongs to the value that began before: deeper in, or within its braces.
    bool goes_on(const std::string& line) {
        if (!inside_) return false;
        if (depth_ > 0) {
            depth_ += open_braces(line);
            return true;
        }
        const bool blank = line.find_first_not_of(" #") == std::string::npos;
        inside_ = blank || indentation(line) > within_;
        return inside_ && !blank;
    }

    // Of a name and its value the name stays.
    void hide_whole(const std::string& line) {
        const std::size_t begin = indentation(line), colon = line.find(": ", begin);
        note_values(result.values, line.substr(begin));
        const bool named = colon != std::string::npos && line.find_first_of("{,\"' ", begin) >= colon;
        keep(line.substr(0, named ? colon + 2 : begin) + hidden);
    }

    static std::string expanded(std::string path) {
        const std::string name = "${CREDENTIALS_DIRECTORY}";
        const char* value = std::getenv("CREDENTIALS_DIRECTORY");
        if (const auto at = path.find(name); at != std::string::npos && value) path.replace(at, name.size(), value);
        return path;
    }

    void keep(const std::string& line) { result.text += line + "\n"; }

    std::size_t within_ = 0;
    int depth_ = 0;
    bool inside_ = false;
};

}  // namespace

HiddenConfiguration hide_secrets(std::string_view configuration) {
    Hiding hiding;
    while (!configuration.empty()) {
        const std::size_t end = std::min(configuration.find('\n'), configuration.size());
        hiding.take(std::string{configuration.substr(0, end)});
        configuration.remove_prefix(std::min(end + 1, configuration.size()));
    }
    return std::move(hiding.result);
}

}  // namespace samsynk::client
