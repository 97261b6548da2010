// How long the service is asked to hold its answer until something changes, and when to give that up because something
// between us (a proxy, most often) cuts what is held. Pure: it is told what came of each request and at what time.
#pragma once

#include <chrono>

#include "core/time.hpp"

namespace samsynk::sync {

class HeldFeed {
public:
    static constexpr std::chrono::seconds longest{50};
    static constexpr std::chrono::seconds shortest{5};
    static constexpr std::chrono::seconds poll_every{10};  ///< while nothing can be held
    static constexpr std::chrono::minutes hold_again{15};  ///< after this it is tried anew
    static constexpr unsigned patience = 3;                ///< cuts in a row
    static constexpr unsigned trust = 10;                  ///< answers in a row, and it is held a little longer

    /// How long the next answer may be held; 0 while polling.
    std::chrono::seconds wait(Time now) const;
    bool polling() const { return polling_; }
    /// Before the next request: a moment after a cut, longer while polling. `random` is 0 to 1.
    std::chrono::milliseconds pause(Time now, double random) const;

    /// It was held as long as it was asked to, or there was news.
    void answered(Time now);
    /// It ended before its time, after `lasted`; 0 where it was refused and not held at all.
    void cut(std::chrono::milliseconds lasted, Time now);

private:
    bool gives_up_for_now(Time now) const;

    std::chrono::seconds wait_ = longest;
    unsigned cuts_ = 0, answers_ = 0;
    bool polling_ = false;
    Time again_{};
};

}  // namespace samsynk::sync
