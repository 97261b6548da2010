#include "telemetry/metrics.hpp"

#include <gtest/gtest.h>

namespace samsynk::telemetry {
namespace {

Gauges some() {
    Gauges gauges;
    gauges.version = "0.1.0";
    gauges.started_at = Time{std::chrono::milliseconds{1793606400123}};
    gauges.companies = {{"synced", 9}, {"failed", 2}};
    gauges.runs = {{"completed", 4}};
    gauges.requests = 31;
    return gauges;
}

TEST(Metrics, IsOpenMetricsText) {
    EXPECT_EQ(metrics_text(some()), R"(# TYPE samsynk_build info
# HELP samsynk_build The version of the daemon.
samsynk_build_info{version="0.1.0"} 1
# TYPE samsynk_start_time_seconds gauge
# UNIT samsynk_start_time_seconds seconds
# HELP samsynk_start_time_seconds When the daemon started, in seconds since 1970.
samsynk_start_time_seconds 1793606400
# TYPE samsynk_companies gauge
# HELP samsynk_companies Companies, by state.
samsynk_companies{state="synced"} 9
samsynk_companies{state="failed"} 2
# TYPE samsynk_runs counter
# HELP samsynk_runs Runs that ended since the daemon started, by outcome.
samsynk_runs_total{outcome="completed"} 4
# TYPE samsynk_requests counter
# HELP samsynk_requests HTTPS requests made since the daemon started.
samsynk_requests_total 31
# TYPE samsynk_signin_required gauge
# HELP samsynk_signin_required 1 while a person must renew the sign-in, else 0.
samsynk_signin_required 0
# EOF
)");
}

TEST(Metrics, TellsAgesOnlyWhereTheyAreKnown) {
    EXPECT_EQ(metrics_text(some()).find("_age_"), std::string::npos);
    Gauges gauges = some();
    gauges.last_success_age = 12.5;
    gauges.oldest_company_success_age = 950400;
    const std::string text = metrics_text(gauges);
    EXPECT_NE(text.find("\nsamsynk_last_success_age_seconds 12.5\n"), std::string::npos);
    EXPECT_NE(text.find("\nsamsynk_oldest_company_success_age_seconds 950400\n"), std::string::npos);
}

TEST(Metrics, EscapesLabels) {
    Gauges gauges = some();
    gauges.version = "a\"b\\c\n";
    EXPECT_NE(metrics_text(gauges).find(R"({version="a\"b\\c\n"})"), std::string::npos);
}

}  // namespace
}  // namespace samsynk::telemetry
