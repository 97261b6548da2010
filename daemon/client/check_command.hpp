// `samsynk check`: a monitoring plugin, for Nagios, Icinga and whatever calls those. How the daemon is, judged by what
// it says of itself. The command prints one line and performance data, then the companies concerned; its exit code is
// the grade.
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "core/message.hpp"
#include "core/time.hpp"

namespace samsynk::client {

/// As the exit codes of the Monitoring Plugins guidelines.
enum class Grade { ok = 0, warning = 1, critical = 2, unknown = 3 };
const char* name_of(Grade grade);  ///< `OK`, `WARNING`, …: the same in all languages

struct CheckLimits {
    std::chrono::seconds warning_age{45 * 60};  ///< of the last run that reached its end
    std::chrono::seconds critical_age{24 * 60 * 60};
    std::size_t warning_failed = 1;                           ///< companies that failed or are held
    bool failed_is_percent = false;                           ///< `warning_failed` is a share of them, in percent
    std::chrono::seconds sign_in_warning{14 * 24 * 60 * 60};  ///< left of a sign-in or of the own certificate
    std::chrono::seconds sign_in_critical{3 * 24 * 60 * 60};
};

struct Verdict {
    Grade grade = Grade::ok;
    std::vector<Message> reasons;  ///< for that grade and lower ones, gravest first; none where all is well
    Message well;                  ///< said where there are none
    std::string performance;       ///< `last_success_age=180s;2700;86400;0 …`
};

/// `status` as GET /v1/status answers.
Verdict evaluate(const boost::json::value& status, const CheckLimits& limits, Time now);

/// `3` or `5%`; false where it is neither.
bool read_failed_limit(const std::string& text, CheckLimits& limits);

}  // namespace samsynk::client
