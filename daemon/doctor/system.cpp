#include <sys/timex.h>

#include "doctor/examination.hpp"

namespace samsynk::doctor {

Findings examine_system() {
    timex state{};
    const bool known = ::adjtimex(&state) >= 0;
    if (known && !(state.status & STA_UNSYNC))
        return {{.area = "clock", .what = {N_("The clock is kept right by a time service."), {}}}};
    return {{.area = "clock",
             .severity = Severity::notice,
             .what = {N_("No time service is known to keep this machine's clock right."), {}},
             .advice = {N_("Install one, for example chrony or systemd-timesyncd."), {}}}};
}

Severity by_time_left(std::chrono::seconds left) {
    return left < very_soon ? Severity::error : left < soon ? Severity::warning : Severity::fine;
}

}  // namespace samsynk::doctor
