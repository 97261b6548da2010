// What the agent remembers between runs, and the one kind of change to it. The store keeps the same on disk.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "sync/history.hpp"
#include "sync/holds.hpp"

namespace samsynk::sync {

/// The version of a record that was read in an epoch before: lower than any.
inline constexpr std::int64_t of_another_epoch = -1;

/// The part of an online record that planning needs; small, as there are many.
struct OnlineView {
    std::int64_t version = 0;
    std::uint64_t notice = 0;  ///< fingerprint(notice_of(record))
    Preferences preferences;   ///< of a company that is gone: what they last were
    CollaborationState state = CollaborationState::none;
    bool gone = false;
    std::shared_ptr<const Error> problem;  ///< the record could not be understood, and why

    bool operator==(const OnlineView& other) const;
};
OnlineView view_of(const Record& record);
/// A record of which not all could be read, with what was known of the company before; `new_epoch`: that was in
/// another.
Record completed(Record record, const OnlineView* before, bool new_epoch);

/// What both sides last agreed on, for one place.
struct Agreement {
    OrgNumber company;
    Preferences base;
    bool follows = false;  ///< it was agreed for a place that follows another one; of a leading place it says nothing

    bool operator==(const Agreement&) const = default;
};

/// Whether it is this company's, in the part that the place has now.
bool holds_for(const Agreement& agreement, const LocalCompany& local);

/// The agreements, by installation and place; those of one installation lie together.
class Agreements {
public:
    using Places = std::map<std::string, Agreement>;

    const Agreement* find(const PlaceKey& key) const;  ///< null where there is none; good until it is put anew
    const Agreement* find_for(const std::string& installation, const LocalCompany& local) const;  ///< that holds for it
    const Places& of(const std::string& installation) const;
    void put(const PlaceKey& key, const Agreement& agreement);
    std::size_t size() const;
    bool operator==(const Agreements&) const = default;

private:
    std::map<std::string, Places> by_installation_;
};

/// A replacement of a local value that is about to be made, or was when we were cut off.
struct LocalIntent {
    PlaceKey key;
    OrgNumber company;
    Preference preference{};
    Choice from;
    bool to = false;
    bool overwrites = false;  ///< counts as one of a day's overwritten values
    std::string run;          ///< with `rule`: what is told of it in the history, once it has been made
    Rule rule = Rule::agree;

    bool operator==(const LocalIntent&) const = default;
};

/// A company that failed at one place: why, since when, and when it is tried again.
struct Parking {
    PlaceKey key;
    Error reason;
    unsigned failures = 0;  ///< attempts in a row that failed for this reason
    Time since{};
    Time next_try{};
    std::optional<Time> last_success;  ///< before that; nothing where there was none that is known
    // What it failed with: where this changes it is tried at once.
    std::int64_t version = 0;
    Preferences local;

    bool operator==(const Parking&) const = default;
};

struct AgreementUpdate {
    PlaceKey key;
    Agreement agreement;
};

/// What was left at an installation's root, to tell it from another that stands in its place.
struct InstallationMark {
    std::string installation;
    std::string mark;
};

struct ClaimsUpdate {
    std::string installation;  ///< the name in the configuration
    Time asked_at;
    std::vector<Claim> claims;  ///< replaces all of this installation's
};

/// A present value that was overwritten: for the guard against mass changes, which looks back 24 hours.
struct Overwrite {
    std::string installation;
    Side won{};  ///< whose value it was that overwrote the other's
    OrgNumber company;
    Time at{};

    bool operator==(const Overwrite&) const = default;
};
inline constexpr std::chrono::hours overwrites_kept{24};

using ApprovalKey = std::pair<PlaceKey, std::optional<Preference>>;

/// One transaction: all of it is kept, or none. Fields are applied in the order in which they stand.
struct Commit {
    std::optional<std::string>
        new_epoch;                   ///< versions become -1, cursor empty, operations and claims forgotten; values stay
    std::vector<Record> records;     ///< newest state; ignored where the stored version is higher
    std::vector<OrgNumber> missing;  ///< not in a complete list: marked gone
    std::optional<std::string> cursor;
    std::vector<ClaimsUpdate> claims;
    std::vector<Operation> operations;  ///< about to be sent
    std::vector<std::string> settled;   ///< ids of operations with a clear answer
    std::vector<LocalIntent> intents;   ///< about to be written
    std::vector<AgreementUpdate> agreements;
    std::vector<std::pair<PlaceKey, Preference>> intents_done;
    std::vector<Overwrite> overwrites;
    std::vector<Doubt> doubts;
    std::vector<std::pair<OrgNumber, Preference>> doubts_settled;
    std::optional<std::vector<Hold>> holds;  ///< replaces all
    std::vector<Approval> approvals;         ///< answers given
    std::vector<ApprovalKey> approvals_done;
    std::vector<InstallationMark> marks;
    std::vector<Parking> parked;
    std::vector<PlaceKey> unparked;
    // Only on disk: told to people, not planned on.
    std::vector<HistoryRun> runs;    ///< replaces what is known of the same run
    bool time_is_confirmed = false;  ///< that of `runs`, by the service: what is too old may be forgotten by it
    std::vector<HistoryChange> history;

    bool empty() const;
    /// Nothing but `cursor` and `runs`, if those: where the power fails before the next commit, the changes since the
    /// cursor before are asked for again, and the history says that the run was cut off.
    bool may_be_lost() const;
};

/// What was answered for one installation's companies. Nearly all are granted, so those take little room.
struct ClaimsOf {
    Time asked_at{};
    std::unordered_set<OrgNumber> granted;
    std::unordered_map<OrgNumber, Claim> refused;

    void put(const Claim& claim);
    std::optional<ClaimStatus> status(const OrgNumber& company) const;  ///< nothing where it was never asked for
    std::vector<Claim> all() const;
    bool begin_epoch();  ///< keeps only what a person said; false where nothing is left
    bool operator==(const ClaimsOf&) const = default;
};

/// Everything remembered. `apply` must do to it exactly what the store does on disk (a contract test compares).
struct Memory {
    std::string epoch;   ///< empty before the first contact
    std::string cursor;  ///< empty: list all companies anew
    std::unordered_map<OrgNumber, OnlineView> online;
    Agreements agreements;
    std::map<std::string, ClaimsOf> claims;  ///< by the installation's name
    std::vector<Operation> operations;
    std::vector<LocalIntent> intents;
    /// When a company's present value was last overwritten, by installation and winning side; 24 hours back.
    std::map<std::pair<std::string, Side>, std::map<OrgNumber, Time>> overwrites;
    std::map<std::pair<OrgNumber, Preference>, Doubt> doubts;
    std::vector<Hold> holds;
    std::map<ApprovalKey, Approval> approvals;
    std::map<std::string, std::string> marks;  ///< by the installation's name
    std::map<PlaceKey, Parking> parked;
    std::int64_t last_hold = 0;  ///< number of the newest hold that there ever was

    void apply(const Commit& commit);
    bool operator==(const Memory&) const = default;
};

}  // namespace samsynk::sync
