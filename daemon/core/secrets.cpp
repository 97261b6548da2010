#include "core/secrets.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <vector>

namespace samsynk {
namespace {

constexpr std::size_t least_secret = 6;
constexpr std::string_view in_its_place = "[hidden]";

struct Longest {
    bool operator()(const std::string& a, const std::string& b) const {
        return a.size() != b.size() ? a.size() > b.size() : a < b;
    }
};

struct Registry {
    std::mutex mutex;
    std::map<std::string, int, Longest> lines;  ///< with how many hold each; the longest first
    std::map<std::string, PresentSecret> remembered;
};

// Never destroyed: what is logged last may come after everything else.
Registry& registry() {
    static auto* const one = new Registry;
    return *one;
}

std::vector<std::string> lines_of(std::string_view secret) {
    std::vector<std::string> lines;
    while (!secret.empty()) {
        const std::size_t end = std::min(secret.find('\n'), secret.size());
        std::string_view line = secret.substr(0, end);
        while (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        if (line.size() >= least_secret && !line.starts_with("-----")) lines.emplace_back(line);
        secret.remove_prefix(std::min(end + 1, secret.size()));
    }
    return lines;
}

class Held {
public:
    explicit Held(std::vector<std::string> lines) : lines_{std::move(lines)} {
        const std::lock_guard lock{registry().mutex};
        for (const std::string& line : lines_) ++registry().lines[line];
    }
    ~Held() {
        const std::lock_guard lock{registry().mutex};
        for (const std::string& line : lines_)
            if (const auto at = registry().lines.find(line); at != registry().lines.end() && --at->second == 0)
                registry().lines.erase(at);
    }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;

private:
    std::vector<std::string> lines_;
};

}  // namespace

PresentSecret::PresentSecret(std::string_view secret) : held_{std::make_shared<Held>(lines_of(secret))} {}

void remember_secret(const std::string& name, std::string_view secret) {
    PresentSecret present{secret};
    const std::unique_lock lock{registry().mutex};
    std::swap(registry().remembered[name], present);
}  // the one of before goes after the lock has

std::string without_secrets(std::string_view text) {
    std::string clean{text};
    const std::lock_guard lock{registry().mutex};
    for (const auto& [line, count] : registry().lines)
        for (std::size_t at = clean.find(line); at != std::string::npos;
             at = clean.find(line, at + in_its_place.size()))
            clean.replace(at, line.size(), in_its_place);
    return clean;
}

Message without_secrets(Message message) {
    message.id = without_secrets(std::string_view{message.id});
    for (auto& [name, value] : message.args) value = without_secrets(std::string_view{value});
    return message;
}

}  // namespace samsynk
