// What a monitoring system is told: how grave it is, in one line, and figures. By the Monitoring Plugins guidelines.
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/time.hpp"

namespace samsynk::client {

/// The exit codes that such programs have.
enum class Gravity { ok = 0, warning = 1, critical = 2, unknown = 3 };
std::string_view word_of(Gravity gravity);  ///< OK, WARNING, CRITICAL, UNKNOWN: the same in every language

/// So many companies, or so many of a hundred.
struct Share {
    std::uint64_t number = 1;
    bool percent = false;
};

struct Limits {
    std::chrono::seconds warning_age = std::chrono::minutes{45};
    std::chrono::seconds critical_age = std::chrono::hours{24};
    Share warning_failed;  ///< from so many on
    std::chrono::seconds signin_warning = std::chrono::hours{14 * 24};  ///< of the certificate, too
    std::chrono::seconds signin_critical = std::chrono::hours{3 * 24};
};

struct Figure {
    std::string label;
    std::int64_t value = 0;
    std::string unit{};      ///< s, or nothing for a count
    std::string warning{};   ///< ranges, as the guidelines write them
    std::string critical{};  ///< may be empty, like `warning`
};

struct Verdict {
    Gravity gravity = Gravity::ok;
    std::vector<Message> told{};       ///< in one line, gravest first
    std::vector<Message> companies{};  ///< those that are concerned, at most ten
    std::vector<Figure> figures{};
};

/// Of GET /v1/status and GET /v1/companies, at that time.
Verdict judge(const boost::json::value& status, const boost::json::value& companies, const Limits& limits, Time now);
/// Where the daemon could not be asked.
Verdict judge(const Error& error);

/// `45m`, `1d`, `90` (seconds). Error bad_request.
Result<std::chrono::seconds> read_duration(std::string_view text);
/// `3` or `10%`. Error bad_request.
Result<Share> read_share(std::string_view text);

/// `last_success_age=180s;2700;86400;0 companies=12`.
std::string performance_data(const std::vector<Figure>& figures);

}  // namespace samsynk::client
