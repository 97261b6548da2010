// What was changed, when, by whom and by which rule: kept to be told to people, never planned on.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "sync/model.hpp"

namespace samsynk::sync {

enum class ChangeKind {
    to_local,   ///< an online choice was written to the local side
    to_online,  ///< a local choice was sent to the online side
    chosen,     ///< a person chose through Samsynk: `samsynk set`, `samsynk revert`
    told,       ///< the local side was told of a collaboration
};
std::string_view name_of(ChangeKind kind);
std::optional<ChangeKind> change_kind(std::string_view name);

struct HistoryChange {
    std::string run;  ///< the run that made it; with `chosen`, the one that followed
    Time at{};
    ChangeKind kind{};
    PlaceKey key;
    OrgNumber company;
    std::optional<Preference> preference;  ///< nothing with `told`
    Choice from, to;
    Rule rule = Rule::agree;                                      ///< why, with to_local and to_online
    CollaborationState collaboration = CollaborationState::none;  ///< with `told`
    std::string operation;                                        ///< with to_online: its id
    std::string request;  ///< with to_online: under which the service knows the call, where it is known
    std::string by;       ///< with `chosen`: who

    bool operator==(const HistoryChange&) const = default;
};

/// A run as it is remembered. One that changed nothing and did not fail is not.
struct HistoryRun {
    std::string id;
    std::string trigger;  ///< `interval`, `manual`, …
    std::string by;       ///< who asked for it, where someone did
    Time started_at{};
    std::optional<Time> finished_at;  ///< nothing while it is under way, and where it was cut off
    std::string outcome;              ///< `completed`, `failed`, `cancelled`; empty where it was cut off
    std::int64_t companies = 0, changed = 0, failed = 0, held = 0, waiting = 0;
    Reason error;  ///< why it failed as a whole

    bool operator==(const HistoryRun&) const = default;
};

struct HistoryEntry {
    HistoryRun run;
    std::vector<HistoryChange> changes;  ///< in the order in which they were made
};

/// Which runs are asked for, newest first. Fields that are left empty leave all in.
struct HistoryQuery {
    std::optional<OrgNumber> company;  ///< runs that changed it, and those changes only
    std::string run;
    std::size_t limit = 50;  ///< runs
};

/// What is older, or too much, is forgotten.
inline constexpr std::chrono::hours history_kept{24 * 400};
inline constexpr std::int64_t most_history_changes = 200'000;
inline constexpr std::int64_t most_history_runs = 50'000;

}  // namespace samsynk::sync
