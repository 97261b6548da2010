// Which companies an installation may act for: asked of the service, and given up when a person says so, or when they
// have been missing for long.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "agent/run_context.hpp"
#include "agent/scope.hpp"
#include "sync/identity.hpp"

namespace samsynk::agent {

/// Claims that are asked for though they need not be.
struct ClaimsToAsk {
    Scope again;                  ///< that were refused
    std::set<OrgNumber> take_up;  ///< that a person gave up
};

class Claims {
public:
    explicit Claims(const RunContext& context) : context_{context} {}

    /// Claims the companies of each installation, where something is new or was refused before.
    Async<> ask(const std::vector<sync::LocalView>& views, const std::vector<sync::Standing>& standings,
                ClaimsToAsk asked);
    /// Gives up those of companies that have been missing for longer than the policy says, and tells of it.
    Async<> give_up_missing(const std::vector<sync::LocalView>& views);
    /// Gives up the claim that this installation (a UUID) has on a company.
    Async<> release(std::string holder, OrgNumber company);

private:
    Async<> register_companies(const LocalSide& local, std::vector<OrgNumber> companies, Time asked_at);

    const RunContext& context_;
};

}  // namespace samsynk::agent
