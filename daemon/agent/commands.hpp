// What can be asked of the agent from outside: the control socket's and the command line's view of it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agent/ports.hpp"
#include "agent/status.hpp"

namespace samsynk::agent {

struct SyncRequest {
    std::vector<OrgNumber> companies;  ///< empty: all
    bool dry_run = false;
    Trigger trigger = Trigger::manual;
};

/// One company as both sides have it, in full.
struct CompanyDetail {
    CompanyStatus status;
    std::optional<sync::Record> record;
    std::vector<CompanyStatus> other_places;  ///< the same number elsewhere
};

class Commands {
public:
    virtual ~Commands() = default;
    /// The newest published status; never null.
    virtual std::shared_ptr<const Status> status() const = 0;
    /// Asks for a run and returns its id at once. A like run that waits to begin is shared: the same id.
    virtual std::string request_sync(SyncRequest request) = 0;
    /// Waits for the end of a run asked for. Error not_found for an id that was never given or is long past.
    virtual Async<std::shared_ptr<const RunResult>> result(std::string run) = 0;
    /// Error not_found.
    virtual Async<CompanyDetail> company(OrgNumber company) = 0;
    /// Chooses at the company's local place what is present in `choices` (compare-and-set), then asks for a run
    /// of that company and waits for it. Errors: not_found, duplicate, changed_meanwhile, busy, write_failed, …
    virtual Async<CompanyDetail> set_preferences(OrgNumber company, sync::Preferences choices) = 0;
    /// What waits for a person, oldest first.
    virtual std::vector<sync::Hold> held() const = 0;
    /// Answers all rows of a hold as they stand, then asks for a run and waits for it. `take` may be left out for a
    /// mass change only, and must not be the other side there. Errors: not_found, bad_request.
    virtual Async<std::shared_ptr<const RunResult>> approve(std::string hold, std::optional<sync::Side> take) = 0;
    /// How the online side is signed in to; null where that needs none. Changes at a reload.
    virtual std::shared_ptr<SignIn> sign_in() const = 0;
    /// Reads the configuration again; a bad one is refused and the old one kept. Error bad_settings.
    virtual Result<void> reload() = 0;
};

}  // namespace samsynk::agent
