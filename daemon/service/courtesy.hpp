// How long to wait before a request, so that no more is asked of a host than it likes: a pure value of the time.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "agent/ports.hpp"
#include "async/token_bucket.hpp"

namespace samsynk::service {

/// A service counts at most 600 requests a minute for a client and endpoint. At most this many at once, and then this
/// many a second: in no minute more than 240 + 60 * 5.9 = 594. The burst is what changes need that come one by one.
inline constexpr double burst = 240;
inline constexpr double requests_a_second = 5.9;

/// Lives as long as the program, so that a new configuration does not forget what a host asked for, nor how requests
/// ended.
class Courtesy {
public:
    using Instant = std::chrono::steady_clock::time_point;
    using Wait = std::chrono::milliseconds;

    /// Takes a place in the queue of an endpoint (a host, a method, a path without what names one company): how long to
    /// wait before sending.
    Wait take_turn(const std::string& endpoint, Instant now);

    /// A service asked us to wait; 0 takes it back.
    void ask_to_wait(const std::string& service, std::chrono::seconds wait, Instant now);
    /// How long yet. It binds what goes by itself; a person need not wait.
    std::chrono::seconds asked_wait(const std::string& service, Instant now) const;

    void count(const Result<int>& status);  ///< of a reply, or why there was none
    const agent::RequestCounts& counts() const { return counts_; }

private:
    std::map<std::string, TokenBucket<Instant>> paces_;
    std::map<std::string, Instant> asked_until_;
    agent::RequestCounts counts_;
};

/// `GET /v1/companies/5560160680?x=1` is a case of `GET /v1/companies/*`.
std::string endpoint_name(const std::string& method, const std::string& target);

}  // namespace samsynk::service
