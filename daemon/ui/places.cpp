#include "ui/places.hpp"

namespace samsynk::ui {

// Who has shown no token goes first, and of those the one that has waited longest.
std::optional<Places::Entry> Places::enter(Moment now) {
    Entry entry{next_, std::nullopt};
    if (taken_.size() >= most) {
        const Place* worst = nullptr;
        for (const auto& [number, place] : taken_) {
            if (!place.waiting) continue;
            const bool worse =
                !worst || (worst->known && !place.known) || (worst->known == place.known && place.since < worst->since);
            if (!worse) continue;
            worst = &place;
            entry.instead_of = number;
        }
        if (!worst) return std::nullopt;
        taken_.erase(*entry.instead_of);
    }
    taken_.emplace(next_++, Place{false, true, now});
    return entry;
}

void Places::is_answered(Number number, bool known) {
    if (const auto found = taken_.find(number); found != taken_.end()) {
        found->second.waiting = false;
        found->second.known = found->second.known || known;
    }
}

void Places::waits(Number number, Moment now) {
    if (const auto found = taken_.find(number); found != taken_.end()) {
        found->second.waiting = true;
        found->second.since = now;
    }
}

}  // namespace samsynk::ui
