#include "sandbox/people/guard.hpp"

namespace samsynk::sandbox {
namespace {

constexpr std::size_t most_names = 10000;

}  // namespace

void SignInGuard::forget_old(Moment now) {
    for (auto at = failures_.begin(); at != failures_.end();) {
        while (!at->second.empty() && now - at->second.front() >= within_) at->second.pop_front();
        at = at->second.empty() ? failures_.erase(at) : std::next(at);
    }
}

std::chrono::seconds SignInGuard::wait(const std::string& name, Moment now) {
    forget_old(now);
    const auto found = failures_.find(name);
    if (found == failures_.end() || found->second.size() < most_) return std::chrono::seconds{0};
    // Until the failures within the time are fewer again.
    const Moment free = found->second[found->second.size() - most_] + within_;
    return std::chrono::ceil<std::chrono::seconds>(free - now);
}

void SignInGuard::failed(const std::string& name, Moment now) {
    forget_old(now);
    if (failures_.size() >= most_names && !failures_.contains(name)) return;
    failures_[name].push_back(now);
}

}  // namespace samsynk::sandbox
