#include "sandbox/people/sessions.hpp"

#include <algorithm>

#include "core/ids.hpp"

namespace samsynk::sandbox {
namespace {

constexpr std::size_t most = 2000;
constexpr std::chrono::hours unused{8};

}  // namespace

std::string Sessions::open(Moment now) {
    std::erase_if(sessions_, [&](const auto& one) { return now - one.second.used > unused; });
    if (sessions_.size() >= most)
        sessions_.erase(std::min_element(sessions_.begin(), sessions_.end(), [](const auto& one, const auto& other) {
            // Who has signed in stays longer than a visitor.
            return std::pair{one.second.account.has_value(), one.second.used} <
                   std::pair{other.second.account.has_value(), other.second.used};
        }));
    std::string key = random_hex(32);
    sessions_.emplace(key, Session{.form_key = random_hex(32), .account = {}, .notice = {}, .used = now});
    return key;
}

Session* Sessions::find(const std::string& key, Moment now) {
    const auto found = sessions_.find(key);
    if (found == sessions_.end()) return nullptr;
    if (now - found->second.used > unused) {
        sessions_.erase(found);
        return nullptr;
    }
    found->second.used = now;
    return &found->second;
}

std::string Sessions::renew(const std::string& key) {
    std::string next = random_hex(32);
    auto node = sessions_.extract(key);
    if (node.empty()) return key;
    node.key() = next;
    node.mapped().form_key = random_hex(32);
    sessions_.insert(std::move(node));
    return next;
}

}  // namespace samsynk::sandbox
