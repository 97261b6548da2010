#include "sync/holds.hpp"

#include <algorithm>
#include <cstdlib>

namespace samsynk::sync {

std::string_view name_of(Side side) { return side == Side::local ? "local" : "online"; }

std::optional<Side> side(std::string_view name) {
    if (name == "local") return Side::local;
    if (name == "online") return Side::online;
    return std::nullopt;
}

std::string_view name_of(HoldKind kind) {
    switch (kind) {
        case HoldKind::first_contact:
            return "first_contact";
        case HoldKind::base_lost:
            return "base_lost";
        case HoldKind::service_restored:
            return "service_restored";
        case HoldKind::unclear_write:
            return "unclear_write";
        case HoldKind::identity_changed:
            return "identity_changed";
        case HoldKind::new_company:
            return "new_company";
        case HoldKind::mass_change:
            return "mass_change";
        case HoldKind::followed_choice:
            return "followed_choice";
    }
    return "mass_change";
}

std::optional<HoldKind> hold_kind(std::string_view name) {
    const auto found = std::find_if(all_hold_kinds.begin(), all_hold_kinds.end(),
                                    [&](HoldKind kind) { return name_of(kind) == name; });
    return found == all_hold_kinds.end() ? std::nullopt : std::optional{*found};
}

std::int64_t number_of(const std::string& hold_id) {
    return hold_id.starts_with("h-") ? std::strtoll(hold_id.c_str() + 2, nullptr, 10) : 0;
}

}  // namespace samsynk::sync
