// What monitoring reads: the daemon's state as text for Prometheus, in either of its two forms.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.hpp"

namespace samsynk::telemetry {

/// Of one company: how long it has been without a success.
struct CompanyAge {
    std::string installation;
    std::string place;
    std::string company;  ///< masked where it is a person's
    double seconds = 0;
};

/// Plain numbers, so that nothing here depends on the agent. States and outcomes are given by name.
struct Gauges {
    using Counts = std::vector<std::pair<std::string, std::uint64_t>>;

    std::string version;
    Time started_at{};
    Counts companies;                                  ///< by state
    std::vector<CompanyAge> company_ages;              ///< empty: not told
    Counts runs;                                       ///< ended since start, by outcome
    Counts requests;                                   ///< HTTPS requests since start, by outcome
    Counts changes;                                    ///< choices carried over since start, by direction
    Counts holds;                                      ///< rows that wait for a person, by kind
    Counts installations;                              ///< 1 or 0, whether each can be reached
    std::string feed;                                  ///< the state it is in, of `feeds`
    std::vector<std::string> feeds;                    ///< all there are
    std::uint64_t parked = 0;                          ///< companies that are tried again later
    std::uint64_t queued = 0;                          ///< operations without a clear answer yet
    bool service_up = false;                           ///< the online service could be used, last time
    std::optional<double> last_run_duration;           ///< seconds
    std::optional<double> last_success_age;            ///< seconds since a run last reached its end
    std::optional<double> oldest_company_success_age;  ///< seconds, of the company that waits longest for a success
    bool sign_in_required = false;                     ///< a person must sign in, or mend how the daemon does
    std::optional<double> sign_in_left;                ///< seconds until a person must renew it
    std::optional<double> certificate_left;            ///< seconds until the own certificate expires
};

enum class MetricsFormat {
    text,         ///< Prometheus' own, 0.0.4: what is given to those who ask for nothing else
    open_metrics  ///< 1.0.0, which Prometheus asks for
};

/// By the `Accept` header of a request.
MetricsFormat metrics_format(std::string_view accept);
const char* content_type(MetricsFormat format);

/// The whole exposition, ended by `# EOF` (in the one form a comment). docs/metrics.md has them all.
std::string metrics_text(const Gauges& gauges, MetricsFormat format);

}  // namespace samsynk::telemetry
