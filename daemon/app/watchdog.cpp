#include "app/watchdog.hpp"

#include <systemd/sd-daemon.h>

namespace samsynk::app {

void Watchdog::start() {
    std::uint64_t limit = 0;
    if (::sd_watchdog_enabled(0, &limit) <= 0) return;
    period_ = std::chrono::microseconds{limit / 4};
    look();
}

void Watchdog::stop() {
    stopped_ = true;
    timer_.cancel();
}

void Watchdog::look() {
    const auto status = agent_.status();
    const Patience patience = patience_();
    const Pulse::Seen seen{.running = !status->running.empty(),
                           .progress = bus_.last() + agent_.steps_of_run(),
                           .overdue = status->next_run && *status->next_run < std::chrono::system_clock::now(),
                           .rest = patience.rest,
                           .step = patience.step};
    if (pulse_.beats(seen, Pulse::Instant::clock::now())) supervisor_.alive();
    timer_.expires_after(period_);
    timer_.async_wait([this](const boost::system::error_code& code) {
        if (!code && !stopped_) look();
    });
}

}  // namespace samsynk::app
