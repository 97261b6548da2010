// What a configuration amounts to for the agent: the online side, the installations, and the policy.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/policy.hpp"
#include "agent/ports.hpp"
#include "core/ids.hpp"

namespace samsynk::agent {

/// Replaced as a whole at a reload; a run keeps the one it began with.
struct Sides {
    std::unique_ptr<OnlineSide> online;
    std::vector<std::unique_ptr<LocalSide>> locals;
    std::map<std::string, std::string> uuids;  ///< by the installation's name
    std::string machine;                       ///< its id, which the UUIDs are made of
    std::string host;
    std::string program_version;
    Policy policy;
    std::uint64_t answers = 0;  ///< of the installations to runs, and pages that brought something new
    /// While the online side is read, page by page. Shared with that reading, which may be cut off later than this
    /// ends.
    std::shared_ptr<std::optional<std::uint64_t>> requests_before_reading =
        std::make_shared<std::optional<std::uint64_t>>();

    /// Also of an installation that is configured no more. Empty where that can't be told.
    std::string uuid_of(const std::string& installation) const {
        const auto known = uuids.find(installation);
        if (known != uuids.end()) return known->second;
        const auto made = installation_uuid(machine, installation);
        return made.has_value() ? *made : std::string{};
    }

    /// Now by this clock or by the service's, whichever is behind: no leap makes anything look older than it is.
    Time earliest(Time now) const {
        return now - std::max(std::chrono::seconds{0}, online->clock_ahead().value_or(std::chrono::seconds{0}));
    }
    /// The same, whichever is ahead: for what is noted to be counted from then on.
    Time latest(Time now) const {
        return now - std::min(std::chrono::seconds{0}, online->clock_ahead().value_or(std::chrono::seconds{0}));
    }
    /// The service's answers have shown that this clock is right, within a day.
    bool clock_is_confirmed() const {
        const auto ahead = online->clock_ahead();
        return ahead && std::chrono::abs(*ahead) < std::chrono::hours{24};
    }

    /// Another number as long as a run gets on: pages alone are no progress.
    std::uint64_t steps() const { return requests_before_reading->value_or(online->requests()) + answers; }
};

}  // namespace samsynk::agent
