#include "ui/places.hpp"

#include <algorithm>

namespace samsynk::ui {

// A few that have shown a token stay before strangers; where they are many, a new one must find room beside them, too.
std::optional<Places::Entry> Places::enter(Moment now) {
    Entry entry{next_, std::nullopt};
    if (count() >= most) {
        const bool many_known =
            std::count_if(taken_.begin(), taken_.end(), [](const auto& one) { return one.second.known; }) > most / 2;
        entry.instead_of = longest_waiting(many_known);
        if (!entry.instead_of) entry.instead_of = longest_waiting(!many_known);
        if (!entry.instead_of) return std::nullopt;
        taken_.erase(*entry.instead_of);
    }
    taken_.emplace(next_++, Place{false, true, now});
    return entry;
}

std::optional<Places::Number> Places::longest_waiting(bool known) const {
    const Place* longest = nullptr;
    std::optional<Number> found;
    for (const auto& [number, place] : taken_) {
        if (!place.waiting || place.known != known || (longest && longest->since <= place.since)) continue;
        longest = &place;
        found = number;
    }
    return found;
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
