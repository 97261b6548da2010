// How the configuration wants runs to be made.
#pragma once

#include <chrono>
#include <set>
#include <string>

#include "sync/settled.hpp"

namespace samsynk::agent {

struct Policy {
    std::chrono::milliseconds interval{std::chrono::minutes{15}};
    bool push = false;  ///< changes on either side are carried over at once, between the runs
    sync::FirstContact first_contact = sync::FirstContact::online;
    double mass_change_limit = 0.2;                     ///< a share: 0 to 1
    std::chrono::hours release_missing_after{30 * 24};  ///< a company that is not found locally any more
    sync::SettledCompanies settled;                     ///< by the configuration
    std::set<std::string> asks_for_new;  ///< the installations in which a new company waits for a person's yes
};

}  // namespace samsynk::agent
