#include "app/orphans.hpp"

#include "installations/exec/brood.hpp"

namespace samsynk::app {

void Orphans::look() {
    if (installations::end_what_bridges_left())
        timer_.expires_after(soon);
    else
        timer_.expires_after(rest);
    timer_.async_wait([this](const boost::system::error_code& code) {
        if (!code && !stopped_) look();
    });
}

void Orphans::stop() {
    stopped_ = true;
    timer_.cancel();
    (void)installations::end_what_bridges_left();
}

}  // namespace samsynk::app
