// What the agent remembers between runs, and the one kind of change to it. The store keeps the same on disk.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "sync/model.hpp"

namespace samsynk::sync {

/// The part of an online record that planning needs; small, as there are many.
struct OnlineView {
    std::int64_t version = 0;
    std::uint64_t notice = 0;  ///< fingerprint(notice_of(record))
    Preferences preferences;
    CollaborationState state = CollaborationState::none;
    bool gone = false;
    bool problem = false;  ///< the record could not be understood

    bool operator==(const OnlineView&) const = default;
};
OnlineView view_of(const Record& record);

/// What both sides last agreed on, for one place.
struct Agreement {
    OrgNumber company;
    Preferences base;

    bool operator==(const Agreement&) const = default;
};

struct PlaceKey {
    std::string installation;  ///< the name in the configuration
    std::string place;
    auto operator<=>(const PlaceKey&) const = default;
};

/// The agreements, by installation and place; those of one installation lie together.
class Agreements {
public:
    using Places = std::map<std::string, Agreement>;

    const Agreement* find(const PlaceKey& key) const;  ///< null where there is none; good until it is put anew
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

    bool operator==(const LocalIntent&) const = default;
};

struct AgreementUpdate {
    PlaceKey key;
    Agreement agreement;
};

struct ClaimsUpdate {
    std::string installation;  ///< the name in the configuration
    Time asked_at;
    std::vector<Claim> claims;  ///< replaces all of this installation's
};

/// One transaction: all of it is kept, or none. Fields are applied in the order in which they stand.
struct Commit {
    std::optional<std::string>
        new_epoch;                   ///< versions become 0, cursor empty, operations and claims forgotten; values stay
    std::vector<Record> records;     ///< newest state; ignored where the stored version is higher
    std::vector<OrgNumber> missing;  ///< not in a complete list: marked gone
    std::optional<std::string> cursor;
    std::vector<ClaimsUpdate> claims;
    std::vector<Operation> operations;  ///< about to be sent
    std::vector<std::string> settled;   ///< ids of operations with a clear answer
    std::vector<LocalIntent> intents;   ///< about to be written
    std::vector<AgreementUpdate> agreements;
    std::vector<std::pair<PlaceKey, Preference>> intents_done;

    bool empty() const;
};

/// What was answered for one installation's companies. Nearly all are granted, so those take little room.
struct ClaimsOf {
    Time asked_at{};
    std::unordered_set<OrgNumber> granted;
    std::unordered_map<OrgNumber, Claim> refused;

    void put(const Claim& claim);
    std::optional<ClaimStatus> status(const OrgNumber& company) const;  ///< nothing where it was never asked for
    std::vector<Claim> all() const;
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

    void apply(const Commit& commit);
    bool operator==(const Memory&) const = default;
};

}  // namespace samsynk::sync
