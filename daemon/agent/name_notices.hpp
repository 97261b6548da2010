// Tells where a company bears another name locally than online: the number decides, but a person should know.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/event.hpp"
#include "sync/plan.hpp"

namespace samsynk::agent {

/// The online names that a run has seen.
using OnlineNames = std::map<OrgNumber, std::string>;

class NameNotices {
public:
    /// One event a company, once for each pair of names; one for all of them where they are many.
    void tell(const std::vector<sync::CompanyPlan>& plans, const OnlineNames& names, EventSink& events,
              const std::string& run);

private:
    std::unordered_map<OrgNumber, std::size_t> told_;  ///< a hash of both names
};

}  // namespace samsynk::agent
