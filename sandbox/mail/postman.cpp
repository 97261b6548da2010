#include "sandbox/mail/postman.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <limits>
#include <system_error>
#include <utility>

#include "core/plain_text.hpp"
#include "sandbox/mail/round.hpp"
#include "sandbox/store/bell.hpp"

namespace samsynk::sandbox {
namespace {

using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

// It looks by itself too: days pass without a bell, and not every machine has one.
constexpr milliseconds look_again{60000}, look_again_without_bell{2000}, shortest_wait{50}, after_a_fault{5000};
constexpr Steady::rep never = std::numeric_limits<Steady::rep>::max();

void log(const std::string& line) { std::cerr << "samsynk-sandbox: " + one_line(line) + "\n" << std::flush; }

}  // namespace

Postman::Postman(Route route, std::unique_ptr<Delivery> delivery)
    : route_{std::move(route)},
      delivery_{std::move(delivery)},
      bell_{listen_to(bell_of(route_.store))},
      stop_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)},
      end_by_{never} {
    if (stop_ < 0) throw std::system_error{errno, std::generic_category(), "no descriptor for the postman"};
    thread_ = std::thread{[this] { work(); }};
}

Postman::~Postman() {
    end_by_ = (Steady::now() + route_.grace).time_since_epoch().count();
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(stop_, &one, sizeof one);
    thread_.join();
    if (bell_ >= 0) ::close(bell_);
    ::close(stop_);
}

// A full disk or a locked store is no reason to end: the letters are still there.
void Postman::work() {
    while (end_by_ == never) try {
            rounds();
        } catch (const std::exception& fault) {
            log(std::string{"Letters can't be sent just now: "} + fault.what() + ". They are kept and tried again.");
            wait(after_a_fault);
        }
}

void Postman::rounds() {
    OfficeStore store{route_.store};
    Round round{store,
                *delivery_,
                {.site = route_.site,
                 .from = route_.from,
                 .clock = wall_clock,
                 .stop = [this] { return end_by_ != never; },
                 .give_up = [this] { return Steady::now().time_since_epoch().count() >= end_by_; },
                 .log = log}};
    // Whoever started this may have mended what stood in the way.
    if (std::exchange(fresh_, false)) store.outbox().go_on(wall_clock());
    while (end_by_ == never) {
        if (bell_ >= 0) hush(bell_);
        store.pass_date(wall_clock());
        round.go();
        const auto due = store.outbox().next_due();
        const milliseconds most = bell_ >= 0 ? look_again : look_again_without_bell;
        wait(due ? std::clamp<milliseconds>(*due - wall_clock(), shortest_wait, most) : most);
    }
}

void Postman::wait(milliseconds longest) {
    std::array<pollfd, 2> heard{{{stop_, POLLIN, 0}, {bell_, POLLIN, 0}}};
    ::poll(heard.data(), bell_ >= 0 ? 2 : 1, static_cast<int>(longest.count()));
}

}  // namespace samsynk::sandbox
