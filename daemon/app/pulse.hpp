// Whether the daemon still gets somewhere: what the watchdog is fed by.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace samsynk::app {

/// A run under way must publish something from one look to the next; between runs, the next one must begin in its time.
/// That the event loop turns is not enough: it also turns beside a run that hangs.
class Pulse {
public:
    using Instant = std::chrono::steady_clock::time_point;

    struct Seen {
        bool running = false;          ///< a run is under way
        std::uint64_t last_event = 0;  ///< its number; rises with each
        bool overdue = false;          ///< the time of the next run has passed, by the wall clock
        std::chrono::milliseconds
            rest;  ///< the longest time between two runs; a wall clock may jump, so it is waited for
    };

    bool beats(const Seen& seen, Instant now) {
        const bool news = seen.last_event != last_event_;
        last_event_ = seen.last_event;
        if (news || !seen.overdue) overdue_since_.reset();
        if (seen.running) return news;
        if (seen.overdue && !overdue_since_) overdue_since_ = now;
        return !overdue_since_ || now - *overdue_since_ <= seen.rest;
    }

private:
    std::uint64_t last_event_ = 0;
    std::optional<Instant> overdue_since_;
};

}  // namespace samsynk::app
