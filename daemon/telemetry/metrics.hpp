// What monitoring reads: the daemon's state as OpenMetrics text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/time.hpp"

namespace samsynk::telemetry {

/// Plain numbers, so that nothing here depends on the agent. States and outcomes are given by name.
struct Gauges {
    std::string version;
    Time started_at{};
    std::vector<std::pair<std::string, std::uint64_t>> companies;  ///< by state
    std::vector<std::pair<std::string, std::uint64_t>> runs;       ///< ended since start, by outcome
    std::uint64_t requests = 0;                                    ///< HTTPS requests since start
    std::optional<double> last_success_age;                        ///< seconds since a run last reached its end
    std::optional<double> oldest_company_success_age;  ///< seconds, of the company that waits longest for a success
    bool sign_in_required = false;                     ///< a person must sign in, or mend how the daemon does
    std::optional<double> sign_in_left;                ///< seconds until a person must renew it
    std::optional<double> certificate_left;            ///< seconds until the own certificate expires
};

/// The whole exposition, ended by `# EOF`. Its content type is `metrics_content_type`.
std::string metrics_text(const Gauges& gauges);

inline constexpr const char* metrics_content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";

}  // namespace samsynk::telemetry
