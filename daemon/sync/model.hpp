// The words of the field as types: preferences, collaborations, records. Pure values, no I/O.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/org_number.hpp"
#include "core/reason.hpp"
#include "core/time.hpp"
#include "sync/rule.hpp"

namespace samsynk::sync {

/// A choice that a person made, or absent: not chosen yet. Absence is never a value.
using Choice = std::optional<bool>;

enum class Preference { send_all_invoices, receive_invoices };
inline constexpr std::array all_preferences{Preference::send_all_invoices, Preference::receive_invoices};
std::string_view name_of(Preference preference);  ///< `send_all_invoices`, `receive_invoices`

struct Preferences {
    Choice send_all_invoices;
    Choice receive_invoices;

    Choice& operator[](Preference preference) {
        return preference == Preference::send_all_invoices ? send_all_invoices : receive_invoices;
    }
    const Choice& operator[](Preference preference) const {
        return preference == Preference::send_all_invoices ? send_all_invoices : receive_invoices;
    }
    bool operator==(const Preferences&) const = default;
};

enum class CollaborationState { none, invited, active, declined, expired, ending, ended };
enum class Awaiting { nothing, approval, terms };
enum class Party { not_stated, office, customer };
enum class Receiving { none, pending, registered, conflict, rejected };

std::string_view name_of(CollaborationState state);  ///< as on the wire; `none` where there never was one
std::string_view name_of(Awaiting awaiting);         ///< `approval`, `terms`; empty for nothing
std::string_view name_of(Party party);               ///< `office`, `customer`; empty for not stated
std::string_view name_of(Receiving receiving);
/// The value with that name, or nothing. `none`/`nothing`/`not_stated` are not among the names of Awaiting and Party.
std::optional<CollaborationState> collaboration_state(std::string_view name);
std::optional<Awaiting> awaiting(std::string_view name);
std::optional<Party> party(std::string_view name);
std::optional<Receiving> receiving(std::string_view name);

/// Whether invoices may go to and fro: `active`, or `ending` until its last day has passed.
bool in_effect(CollaborationState state);

/// A collaboration for digital documents between an office and the company. Dates are as on the wire
/// (RFC 3339 times, `ends_on` a date in Europe/Stockholm, the last day in effect); empty means null.
struct Collaboration {
    std::string id;
    CollaborationState state = CollaborationState::none;
    Awaiting awaiting = Awaiting::nothing;
    std::string office_company;
    std::string office_name;
    std::string assignment_id;
    std::string assignment_name;
    Party invoice_recipient = Party::not_stated;
    Party payee = Party::not_stated;
    std::string invited_at;
    std::string approved_at;
    std::string ends_on;
    std::string ended_at;

    bool operator==(const Collaboration&) const = default;
};

/// One company as the online service has it.
struct Record {
    OrgNumber company;
    std::int64_t version = 0;
    std::string updated_at;
    bool gone = false;  ///< left the account: only company and version mean anything
    std::string name;
    bool function_active = false;
    Collaboration collaboration;  ///< state `none` where there has never been one
    Preferences preferences;
    Receiving receiving = Receiving::none;
    std::string registration_operator;
    Reason problem;  ///< a value that is unknown, or can't be read: this company is set aside, others go on
    bool version_unread = false;      ///< with `problem`: the version of before stands
    bool preferences_unread = false;  ///< with `problem`: those of before stand

    bool operator==(const Record&) const = default;
};

/// What the local program is told of a collaboration (the content of `samsynk/collaboration.yaml`).
struct Notice {
    OrgNumber company;
    std::string name;
    bool function_active = false;
    Collaboration collaboration;
    Receiving receiving = Receiving::none;
    std::string registration_operator;
    bool sending_in_effect = false;  ///< chosen, and the collaboration is in effect
    bool receiving_in_effect = false;

    bool operator==(const Notice&) const = default;
};

Notice notice_of(const Record& record);

/// A stable 64-bit fingerprint, never 0, to tell whether the local program has been told of this.
/// The collaboration's id is not part of it: the local program is not told that.
std::uint64_t fingerprint(const Notice& notice);
/// Whether two notices differ in nothing but what is in effect.
bool only_effect_differs(std::uint64_t one, std::uint64_t other);

/// Where a company stands locally.
struct PlaceKey {
    std::string installation;  ///< the name in the configuration
    std::string place;
    auto operator<=>(const PlaceKey&) const = default;
};

/// One local company, as a connector found it.
struct LocalCompany {
    std::string place;                 ///< its name within the installation: a subfolder, a row's key
    std::optional<OrgNumber> company;  ///< nothing where it could not be told; then `trouble` says why
    std::string name;
    Reason contradicted;  ///< the configuration names the place for another company than it shows
    /// Another place's name, case-folded, that the file which told it was exported from (#FNR); empty: not another's.
    std::string exported_from;
    std::string identity_source;  ///< what told it, for people: `SIE file bokslut.se`, `samsynk/company.yaml`
    bool settled = false;         ///< `companies:` in the configuration says that it is here
    bool ignored = false;         ///< `ignore: true`, or the configuration: not Samsynk's to touch
    bool missing = false;         ///< known from what was agreed, and not found any more; with `trouble`
    bool leads = false;           ///< the configuration says so, and which places follow it
    /// The leading place of the same company, where the configuration says that this one follows it: it is written to,
    /// never read for a choice. Null: it does not follow.
    std::shared_ptr<const PlaceKey> follows;
    Preferences preferences;              ///< means nothing where `trouble` is set
    Time chosen_at{};                     ///< when what holds the choices last changed; zero where that is not known
    std::optional<std::uint64_t> notice;  ///< fingerprint of what the agent last left here; absent where it never was
    Reason trouble;                       ///< can't be read or parsed: this company is set aside

    bool operator==(const LocalCompany&) const = default;
};
/// As it was found at one moment; shared by the connector, the plan and the status.
using LocalCompanyPtr = std::shared_ptr<const LocalCompany>;

enum class ClaimStatus {
    granted,
    held,      ///< by another installation
    unknown,   ///< the account does not have the company
    released,  ///< given up by a person: not taken up again by itself, whatever the epoch
};

/// Whether this installation may act for a company.
struct Claim {
    OrgNumber company;
    ClaimStatus status = ClaimStatus::unknown;
    std::string holder;
    std::string holder_host;

    bool operator==(const Claim&) const = default;
};

/// What is told of a change in the history, once it has been made.
struct Told {
    std::string run;
    Preferences was;              ///< the values that it replaces
    std::array<Rule, 2> rules{};  ///< by preference; means something for those that are changed

    bool operator==(const Told&) const = default;
};

/// One change of one company's stored choices, sent online; all or nothing.
struct Operation {
    std::string id;            ///< UUID, on disk before it leaves
    std::string installation;  ///< the installation's UUID
    OrgNumber company;
    std::int64_t if_version = 0;
    Preferences set;  ///< what is present is set; at least one is
    Time created_at{};
    bool overwrites = false;  ///< counts as one of a day's overwritten values
    Told told;

    bool operator==(const Operation&) const = default;
};

enum class FirstContact { online, local, hold };

}  // namespace samsynk::sync
