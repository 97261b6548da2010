// How often someone may try to sign in. Without a clock: times are given.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <string>

namespace samsynk::sandbox {

/// Counts failures for each name that is asked with (an e-mail address, a client's address).
class SignInGuard {
public:
    using Moment = std::chrono::steady_clock::time_point;

    SignInGuard(std::size_t most, std::chrono::seconds within) : most_{most}, within_{within} {}

    /// How long one has to wait before the next try; zero: no time.
    std::chrono::seconds wait(const std::string& name, Moment now);
    void failed(const std::string& name, Moment now);
    void succeeded(const std::string& name) { failures_.erase(name); }

private:
    void forget_old(Moment now);

    std::size_t most_;
    std::chrono::seconds within_;
    std::map<std::string, std::deque<Moment>> failures_;
};

}  // namespace samsynk::sandbox
