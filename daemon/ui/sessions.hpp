// Who may use the daemon through the gateway: a key that is good once, and the sessions that were opened with one.
// Values; the time is told by who asks.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace samsynk::ui {

/// Since the machine was started, with the time it slept: someone who comes back after a night has been away.
using Moment = std::chrono::duration<std::int64_t, std::nano>;

/// 256 random bits, in 43 characters that need no care in an address.
std::string random_key();

/// Whether both are the same, in a time that tells nothing of where they differ.
bool same_secret(std::string_view one, std::string_view other);

class Sessions {
public:
    static constexpr std::size_t most = 16;
    static constexpr std::chrono::hours unused{8};  ///< after so long a session has ended

    Sessions();  ///< throws where secrets can't be compared

    /// The only one that opens a session from now on.
    std::string new_key();
    /// The token of a new session; nothing where the key is wrong, or has opened one already. Where there are too many,
    /// the one that was not used for the longest time ends.
    std::optional<std::string> open(std::string_view key, Moment now);
    /// Whether a session has this token. It does not end before `leave` was called as often.
    bool enter(std::string_view token, Moment now);
    void leave(std::string_view token, Moment now);

    std::size_t count() const { return sessions_.size(); }

private:
    struct Session {
        std::string token;
        Moment used{};
        std::size_t inside = 0;
    };
    Session* find(std::string_view token);
    void end_unused(Moment now);

    std::string key_;  ///< empty: none is good
    std::vector<Session> sessions_;
};

}  // namespace samsynk::ui
