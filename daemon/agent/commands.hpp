// What can be asked of the agent from outside: the control socket's and the command line's view of it.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "agent/choices.hpp"
#include "agent/ports.hpp"
#include "agent/scope.hpp"
#include "agent/status.hpp"
#include "sync/decide.hpp"

namespace samsynk::agent {

/// A company as people point at it: by its number, or by where it is, also where no number can be told.
using CompanyRef = std::variant<OrgNumber, sync::PlaceKey>;

struct SyncRequest {
    Scope scope = Scope::everything();
    bool dry_run = false;
    Trigger trigger = Trigger::manual;
    std::string by;        ///< who asked, where someone did
    bool take_up = false;  ///< claims on the companies that a person gave up are taken up again
    /// A claim to give up first: of the one company in scope, held by this installation (a UUID).
    std::optional<std::string> release = {};
};

/// One company as both sides have it, in full.
struct CompanyDetail {
    CompanyStatus status;
    std::optional<sync::Record> record;
    std::vector<CompanyStatus> other_places;  ///< the same number elsewhere
};

/// Why one preference is as it is.
struct Explained {
    sync::Preference preference{};
    sync::Choice agreed, local, online;
    sync::Rule rule = sync::Rule::agree;             ///< the case as things stand now
    sync::Action action = sync::Action::none;        ///< what comes of it
    std::optional<sync::HoldKind> held;              ///< with Action::hold: what a person is asked
    std::optional<sync::Operation> under_way;        ///< sent, and not answered yet
    std::optional<sync::HistoryChange> last_change;  ///< made by Samsynk or asked of it; nothing where none is known
};

struct Explanation {
    CompanyDetail detail;
    std::string identity_source;          ///< what told which company this is
    std::vector<Message> identity_trail;  ///< and why that counts, where there was something to choose from
    std::optional<Time> chosen_at;        ///< when what holds the local choices last changed
    std::optional<sync::Parking> parking;
    std::optional<sync::Claim> claim;
    std::vector<Explained> preferences;
};

struct Reverted {
    std::size_t count = 0;  ///< choices that were made anew, the other way
    std::vector<RefusedChoice> skipped;
    std::shared_ptr<const RunResult> run;  ///< that carried them to the other side; null where there were none
};

/// One installation, and how its companies are.
struct InstallationDetail {
    InstallationStatus status;
    std::size_t synced = 0, problems = 0;  ///< problems: held or failed
};

/// What is not done yet.
struct Backlog {
    std::size_t operations = 0;  ///< journalled, without a clear answer yet
    std::size_t parked = 0;      ///< companies that are tried again later
};

class Commands {
public:
    virtual ~Commands() = default;
    /// The newest published status; never null.
    virtual std::shared_ptr<const Status> status() const = 0;
    /// False: so many others wait that this one would be refused, or made a part of another.
    virtual bool has_room(const SyncRequest& request) const = 0;
    /// Asks for a run and returns its id at once. A like run that waits to begin is shared: the same id.
    virtual std::string request_sync(SyncRequest request) = 0;
    /// Waits for the end of a run asked for. Error not_found for an id that was never given or is long past.
    virtual Async<std::shared_ptr<const RunResult>> result(std::string run) = 0;
    /// Error not_found.
    virtual Async<CompanyDetail> company(CompanyRef company) = 0;
    /// Chooses at the company's local place what is present in `choices` (compare-and-set), then asks for a run
    /// of that company and waits for it. Errors: not_found, duplicate, changed_meanwhile, busy, write_failed,
    /// followed_choice (the place follows another one), …
    virtual Async<CompanyDetail> set_preferences(CompanyRef company, sync::Preferences choices, std::string by) = 0;
    /// What waits for a person, oldest first.
    virtual std::vector<sync::Hold> held() const = 0;
    /// Answers all rows of a hold as they stand, then asks for a run and waits for it. `take` may be left out for a
    /// mass change only, and must not be the other side there. Errors: not_found, bad_request.
    virtual Async<std::shared_ptr<const RunResult>> approve(std::string hold, std::optional<sync::Side> take,
                                                            std::string by) = 0;
    /// Error not_found.
    virtual Async<Explanation> explain(CompanyRef company) = 0;
    virtual Async<std::vector<sync::HistoryEntry>> history(sync::HistoryQuery query) = 0;
    /// Makes the opposite choices of a run's, at the local places, as a person would; then syncs those companies. What
    /// changed since, or was not chosen before, is left as it is. Error not_found.
    virtual Async<Reverted> revert(std::string run, std::string by) = 0;
    /// Gives up our claim on a company; or, where another installation holds it, that one's, and then takes it up here.
    /// Waits for the run in which it happens. Errors: not_found, rejected (the service does not say who holds it).
    virtual Async<std::shared_ptr<const RunResult>> release(OrgNumber company, std::string by) = 0;
    /// All that are configured, in that order.
    virtual std::vector<InstallationDetail> installations() const = 0;
    /// Tries all that a run needs there, or at one place in it, and changes nothing. Error not_found.
    virtual Async<std::vector<Probe>> test_installation(std::string id, std::optional<std::string> place) = 0;
    /// What must be made there before it can be used; with `apply` it is made. Errors: not_found, installation_offline,
    /// write_failed.
    virtual Async<Preparation> prepare_installation(std::string id, bool apply) = 0;
    virtual Backlog backlog() const { return {}; }
    virtual RequestCounts request_counts() const { return {}; }
    /// Requests made and answers of installations: another number as long as the run under way gets on. What goes on
    /// beside it, as the held feed, is not counted: that does so beside a run that hangs, too.
    virtual std::uint64_t steps_of_run() const { return 0; }
    /// How the online side is signed in to; null where that needs none. Changes at a reload.
    virtual std::shared_ptr<SignIn> sign_in() const = 0;
};

}  // namespace samsynk::agent
