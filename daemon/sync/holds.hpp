// What waits for a person: why, which values it is about, and what the person answered.
#pragma once

#include <array>
#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "sync/model.hpp"

namespace samsynk::sync {

enum class Side { local, online };
std::string_view name_of(Side side);  ///< `local`, `online`
std::optional<Side> side(std::string_view name);

enum class HoldKind {
    first_contact,     ///< both sides chose before Samsynk came, and the policy is `hold`
    base_lost,         ///< the sides differ, and what they last agreed on is lost
    service_restored,  ///< the service was restored, and its value is another than before
    unclear_write,     ///< an operation had no clear answer for over seven days
    identity_changed,  ///< the place shows another number than before
    new_company,       ///< nothing was agreed with the place yet, and the installation asks for it
    mass_change,       ///< too many values would be overwritten at once
    followed_choice,   ///< a choice was made in a place that follows another one, where choices count
};
inline constexpr std::array all_hold_kinds{
    HoldKind::first_contact,    HoldKind::base_lost,   HoldKind::service_restored, HoldKind::unclear_write,
    HoldKind::identity_changed, HoldKind::new_company, HoldKind::mass_change,      HoldKind::followed_choice};
std::string_view name_of(HoldKind kind);  ///< `first_contact`, …: in the store and in JSON
std::optional<HoldKind> hold_kind(std::string_view name);

/// Exactly what a person is asked about. Without a preference: the place itself (identity_changed, new_company).
struct HoldRow {
    PlaceKey key;
    OrgNumber company;
    std::optional<Preference> preference;
    Choice local, online;

    bool operator==(const HoldRow&) const = default;
};

/// Rows of one kind in one installation (and, for mass_change, one direction), under one id.
struct Hold {
    std::string id;  ///< `h-7`; stays while any of its rows stands
    HoldKind kind{};
    std::string installation;
    std::optional<Side> planned;  ///< mass_change: whose values would win
    Time since{};
    std::vector<HoldRow> rows;

    bool operator==(const Hold&) const = default;
};

/// 7 of `h-7`; 0 where it is no hold's id.
std::int64_t number_of(const std::string& hold_id);

/// A person's answer for one row, good once and only for these values.
struct Approval {
    HoldKind kind{};
    HoldRow row;
    Side take{};

    bool operator==(const Approval&) const = default;
};

/// An online value that is not to be trusted until someone says so, or until it changes.
struct Doubt {
    OrgNumber company;
    Preference preference{};
    Choice online;
    HoldKind kind{};  ///< service_restored, unclear_write, or base_lost (our own state was restored)

    bool operator==(const Doubt&) const = default;
};

}  // namespace samsynk::sync
