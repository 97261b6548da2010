#include "sync/parking.hpp"

#include <algorithm>

#include "sync/backoff.hpp"

namespace samsynk::sync {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

constexpr hours longest_rest{24};

struct Waits {
    milliseconds first, most;
};

Waits waits(Patience patience) {
    switch (patience) {
        case Patience::short_while:
            return {seconds{20}, minutes{15}};
        case Patience::while_longer:
            return {minutes{2}, hours{1}};
        case Patience::for_a_person:
            break;
    }
    return {hours{1}, longest_rest};
}

// Full jitter, but never less than half: what was tried a moment ago is not worth trying now.
milliseconds wait_after(unsigned failures, Patience patience, double random) {
    const auto [first, most] = waits(patience);
    return backoff(failures, first, most, 0.5 + random / 2);
}

}  // namespace

Patience patience_with(Errc code) {
    switch (code) {
        case Errc::busy:
        case Errc::changed_meanwhile:
        case Errc::version_mismatch:
            return Patience::short_while;
        case Errc::write_failed:
        case Errc::unreadable:
            return Patience::while_longer;
        default:
            return Patience::for_a_person;
    }
}

Parking parked(const Parking* before, const CompanyPlan& plan, const Error& reason, std::optional<Time> last_success,
               Time now, double random) {
    Parking parking{.key = plan.key(), .reason = reason, .since = now, .last_success = last_success};
    if (before) {
        // How long a company has been missing is counted from when it was, whatever was the matter before.
        if (reason.code != Errc::company_missing || before->reason.code == reason.code) parking.since = before->since;
        if (!last_success) parking.last_success = before->last_success;
        if (before->reason.code == reason.code) parking.failures = before->failures;
    }
    ++parking.failures;
    parking.next_try = now + wait_after(parking.failures, patience_with(reason.code), random);
    parking.version = plan.version;
    parking.local = plan.standing.local->preferences;
    return parking;
}

bool rests(const Parking& parking, const CompanyPlan& plan, Time now) {
    // Who holds a company is asked at times of its own: where the plan may act, that is over.
    if (parking.reason.code == Errc::claim_held || parking.reason.code == Errc::unknown_company) return false;
    // Longer than anything is made to rest: it was noted by a clock that was wrong.
    const bool not_yet = now < parking.next_try && parking.next_try - now <= longest_rest;
    return not_yet && parking.version == plan.version && parking.local == plan.standing.local->preferences;
}

}  // namespace samsynk::sync
