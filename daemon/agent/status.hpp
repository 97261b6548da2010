// What people are told: the state of each company, the result of a run. Immutable once published.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/inventory.hpp"
#include "agent/ports.hpp"

namespace samsynk::agent {

/// A change that a run made, or (dry run) would make.
struct Change {
    enum class Kind { to_local, to_online, collaboration } kind{};
    std::string installation;
    std::string place;
    OrgNumber company;
    std::string name;
    std::optional<sync::Preference> preference;  ///< nothing for a collaboration
    sync::Choice from;
    sync::Choice to;
    sync::CollaborationState collaboration = sync::CollaborationState::none;
};

/// How online changes reach us.
enum class FeedState {
    off,      ///< by the runs only: `push` is off
    waiting,  ///< by the runs only, as the online side can't be used now, or was not yet
    open,     ///< at once: a request is held open
    polling,  ///< a little later: something between us cuts what is held open
};
std::string_view name_of(FeedState state);

struct FeedStatus {
    FeedState state = FeedState::off;
    Time since{};
    Reason reason;  ///< with polling: what cut it
};

struct InstallationStatus {
    std::string id;
    std::string connector;
    std::string program;
    std::string location;
    std::size_t companies = 0;  ///< found there; not those that are missing
    Watching watching = Watching::none;
    Capabilities capabilities;
    Reason trouble;
};

enum class Outcome { completed, failed, cancelled };
enum class Trigger { start, interval, manual, once, retry, change };
std::string_view name_of(Outcome outcome);
std::string_view name_of(Trigger trigger);

struct RunResult {
    std::string run;  ///< its id
    Trigger trigger{};
    std::string by;  ///< who asked for it, where someone did
    bool dry_run = false;
    Outcome outcome = Outcome::completed;
    Time started_at{};
    Time finished_at{};
    std::size_t companies = 0;  ///< in its scope
    std::size_t synced = 0, waiting = 0, held = 0, failed = 0, ignored = 0;
    std::size_t pending = 0, offline_companies = 0;  ///< not looked at: their states add up to `companies`
    std::vector<Change> changes;                     ///< at most `max_listed`; `changed` counts them all
    std::size_t changed = 0;
    std::vector<CompanyStatus> problems;        ///< every company that is waiting, held or failed, at most `max_listed`
    std::vector<InstallationStatus> offline;    ///< installations that could not be looked at
    Reason error;                               ///< why the run failed as a whole
    std::uint64_t requests = 0;                 ///< HTTPS requests made
    std::uint64_t to_local = 0, to_online = 0;  ///< of `changed`: choices carried over

    static constexpr std::size_t max_listed = 1000;
};

/// What was done since the daemon started; dry runs do not count.
struct Totals {
    std::uint64_t completed = 0, failed = 0, cancelled = 0;  ///< runs
    std::uint64_t to_local = 0, to_online = 0;               ///< choices that were carried over
};

struct Status {
    /// In order of installation and place; never null. Shared, as it is the large part and most statuses differ
    /// elsewhere.
    std::shared_ptr<const Inventory> companies = std::make_shared<const Inventory>();
    std::vector<InstallationStatus> installations;
    std::shared_ptr<const RunResult> last_run;  ///< null before the first
    FeedStatus feed;
    Reason service_trouble;              ///< why the online side could not be used, last time
    std::optional<Time> last_completed;  ///< end of the last run that reached its end
    std::optional<Time> last_success;    ///< of those: the last in which a company was found equal on both sides
    std::optional<Time> next_run;
    std::string running;  ///< id of the run under way, or empty
    std::string phase;    ///< gather, plan, apply; empty when idle
    Totals totals;
    Time started_at{};
};

}  // namespace samsynk::agent
