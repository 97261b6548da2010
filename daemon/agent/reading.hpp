// How much and how long the online side may tell in one reading: a list without end must come to one.
#pragma once

#include <unordered_set>
#include <vector>

#include "agent/sides.hpp"

namespace samsynk::agent {

/// From the first page to the last one. While it lasts the watchdog is fed by new companies, not by pages.
class Reading {
public:
    static constexpr std::size_t most_companies = 200'000;
    static constexpr std::chrono::minutes longest{20};

    Reading(Sides& sides, Time now);
    ~Reading();
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

    /// Looks at a page before it is used; `goes_on`: the service names another one after it. Error bad_reply.
    Result<void> look(const std::vector<sync::Record>& items, bool goes_on, Time now);
    /// The same for a page of a list, which brings something wherever it goes on.
    Result<void> look_at_list(const RecordPage& page, Time now);

private:
    Sides& sides_;
    std::shared_ptr<std::optional<std::uint64_t>> requests_before_;
    Time begun_;
    std::unordered_set<OrgNumber> seen_;
};

}  // namespace samsynk::agent
