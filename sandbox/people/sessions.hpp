// Who is signed in to the sandbox's pages. In memory: they end when the sandbox does. Without a clock: times are given.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "sandbox/people/accounts.hpp"

namespace samsynk::sandbox {

struct Session {
    std::string form_key;            ///< stands in every form, so that no other site can send one
    std::optional<Account> account;  ///< none: a visitor who has not signed in
    std::string notice;              ///< what is told on the next page, once
    std::chrono::steady_clock::time_point used{};
};

class Sessions {
public:
    using Moment = std::chrono::steady_clock::time_point;

    /// A new session; its key is for the cookie. The longest unused one goes where there are too many.
    std::string open(Moment now);
    /// Null where there is none (any more): a session ends eight hours after it was last used.
    Session* find(const std::string& key, Moment now);
    /// The same session under a new key, when a person signs in: one that someone knew before is good no more.
    std::string renew(const std::string& key);
    void close(const std::string& key) { sessions_.erase(key); }
    std::size_t size() const { return sessions_.size(); }

private:
    std::map<std::string, Session> sessions_;
};

}  // namespace samsynk::sandbox
