#include "sync/held_feed.hpp"

#include <algorithm>

namespace samsynk::sync {

// A clock that was set back does not make it longer.
bool HeldFeed::gives_up_for_now(Time now) const { return polling_ && now < again_ && again_ - now <= hold_again; }

std::chrono::seconds HeldFeed::wait(Time now) const { return gives_up_for_now(now) ? std::chrono::seconds{0} : wait_; }

std::chrono::milliseconds HeldFeed::pause(Time now, double random) const {
    if (gives_up_for_now(now)) return std::min<std::chrono::milliseconds>(poll_every, again_ - now);
    return std::chrono::milliseconds{static_cast<long>(random * 1000 * cuts_)};
}

void HeldFeed::answered(Time now) {
    if (gives_up_for_now(now)) return;  // that one was not held
    cuts_ = 0;
    polling_ = false;
    if (++answers_ % trust == 0) wait_ = std::min(longest, wait_ + shortest);
}

// Half of what it lasted is what the one who cuts will bear; unless it was a mishap, and then nothing is lost by it.
void HeldFeed::cut(std::chrono::milliseconds lasted, Time now) {
    if (gives_up_for_now(now)) return;
    ++cuts_;
    answers_ = 0;
    if (lasted.count() > 0) wait_ = std::clamp(std::chrono::floor<std::chrono::seconds>(lasted / 2), shortest, wait_);
    if (cuts_ < patience && !polling_) return;
    polling_ = true;
    again_ = now + hold_again;
    cuts_ = 0;
    wait_ = longest;
}

}  // namespace samsynk::sync
