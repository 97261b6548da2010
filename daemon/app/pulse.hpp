// Whether the daemon still gets somewhere: what the watchdog is fed by.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace samsynk::app {

/// A run under way must get on from one look to the next, or in the time that one step of it may take; between runs,
/// the next one must begin in its time. That the event loop turns is not enough: it also turns beside a run that hangs.
class Pulse {
public:
    using Instant = std::chrono::steady_clock::time_point;

    struct Seen {
        bool running = false;        ///< a run is under way
        std::uint64_t progress = 0;  ///< events and the run's steps so far: another number with each
        bool overdue = false;        ///< the time of the next run has passed, by the wall clock
        std::chrono::milliseconds
            rest;  ///< the longest time between two runs; a wall clock may jump, so it is waited for
        std::chrono::milliseconds step{0};  ///< how long a run may show no progress; 0: from one look to the next
    };

    bool beats(const Seen& seen, Instant now) {
        const bool news = std::exchange(progress_, seen.progress) != seen.progress;
        if (news || !seen.running) got_on_ = now;
        if (news || !seen.overdue) overdue_since_.reset();
        if (seen.running) return now - got_on_ <= seen.step;
        if (seen.overdue && !overdue_since_) overdue_since_ = now;
        return !overdue_since_ || now - *overdue_since_ <= seen.rest;
    }

private:
    std::uint64_t progress_ = 0;
    Instant got_on_{};
    std::optional<Instant> overdue_since_;
};

}  // namespace samsynk::app
