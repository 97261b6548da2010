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
    if (agent_.status()->running.empty() || bus_.last() != seen_) ::sd_notify(0, "WATCHDOG=1");
    seen_ = bus_.last();
    timer_.expires_after(period_);
    timer_.async_wait([this](const boost::system::error_code& code) {
        if (!code && !stopped_) look();
    });
}

}  // namespace samsynk::app
