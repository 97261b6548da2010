// The metrics as text: both forms, names and units by Prometheus' conventions, and docs/metrics.md.
#include "telemetry/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

namespace samsynk::telemetry {
namespace {

using testing::HasSubstr;
using testing::Not;

Gauges some() {
    Gauges gauges;
    gauges.version = "0.1.0";
    gauges.started_at = Time{std::chrono::milliseconds{1793606400123}};
    gauges.companies = {{"synced", 9}, {"failed", 2}};
    gauges.runs = {{"completed", 4}};
    gauges.requests = {{"ok", 31}};
    gauges.changes = {{"to_local", 3}};
    gauges.holds = {{"base_lost", 1}};
    gauges.installations = {{"main", 1}};
    gauges.feeds = {"off", "open"};
    gauges.feed = "open";
    return gauges;
}

Gauges everything() {
    Gauges gauges = some();
    gauges.company_ages = {{"main", "Ovnbol2000", "556016-0680", 12.5}};
    gauges.last_run_duration = gauges.last_success_age = gauges.oldest_company_success_age = 1.5;
    gauges.sign_in_left = gauges.certificate_left = 86400;
    return gauges;
}

std::string lines_of(const std::string& text, const std::string& name) {
    std::istringstream in{text};
    std::string found;
    for (std::string line; std::getline(in, line);)
        if (line.find(name) != std::string::npos) found += line + "\n";
    return found;
}

// By family as in the classic form, its type.
std::map<std::string, std::string> types_of(const std::string& text) {
    std::istringstream in{text};
    std::map<std::string, std::string> types;
    std::string hash, word, name, type;
    for (std::string line; std::getline(in, line);)
        if (std::istringstream words{line}; words >> hash >> word >> name >> type && word == "TYPE") types[name] = type;
    return types;
}

TEST(Metrics, AreOpenMetrics) {
    const std::string text = metrics_text(some(), MetricsFormat::open_metrics);
    EXPECT_EQ(lines_of(text, "samsynk_runs"), R"(# TYPE samsynk_runs counter
# HELP samsynk_runs Runs that ended since the daemon started, by outcome.
samsynk_runs_total{outcome="completed"} 4
)");
    EXPECT_EQ(lines_of(text, "samsynk_build"), R"(# TYPE samsynk_build info
# HELP samsynk_build The version of the daemon.
samsynk_build_info{version="0.1.0"} 1
)");
    EXPECT_THAT(text, HasSubstr("# UNIT samsynk_start_time_seconds seconds\n"));
    EXPECT_TRUE(text.ends_with("\n# EOF\n"));
}

TEST(Metrics, AreWhatPrometheusHadBefore) {
    const std::string text = metrics_text(some(), MetricsFormat::text);
    EXPECT_EQ(lines_of(text, "samsynk_runs"), R"(# TYPE samsynk_runs_total counter
# HELP samsynk_runs_total Runs that ended since the daemon started, by outcome.
samsynk_runs_total{outcome="completed"} 4
)");
    EXPECT_THAT(text, HasSubstr("# TYPE samsynk_build_info gauge\n"));
    EXPECT_THAT(text, Not(HasSubstr("# UNIT")));
}

TEST(Metrics, AreGivenInTheFormThatIsAskedFor) {
    EXPECT_EQ(metrics_format("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2"),
              MetricsFormat::open_metrics);
    EXPECT_EQ(metrics_format("*/*"), MetricsFormat::text);
    EXPECT_EQ(metrics_format(""), MetricsFormat::text);
}

TEST(Metrics, TellAgesOnlyWhereTheyAreKnown) {
    EXPECT_THAT(metrics_text(some(), MetricsFormat::text), Not(HasSubstr("_age_")));
    Gauges gauges = some();
    gauges.last_success_age = 12.5;
    gauges.oldest_company_success_age = 950400;
    const std::string text = metrics_text(gauges, MetricsFormat::text);
    EXPECT_THAT(text, HasSubstr("\nsamsynk_last_success_age_seconds 12.5\n"));
    EXPECT_THAT(text, HasSubstr("\nsamsynk_oldest_company_success_age_seconds 950400\n"));
}

TEST(Metrics, TellTheStateOfTheFeed) {
    EXPECT_EQ(lines_of(metrics_text(some(), MetricsFormat::text), "samsynk_feed_state{"),
              "samsynk_feed_state{state=\"off\"} 0\nsamsynk_feed_state{state=\"open\"} 1\n");
}

TEST(Metrics, LabelsAreEscapedAndNameNobody) {
    Gauges gauges = some();
    gauges.version = "a\"b\\c\n";
    gauges.company_ages = {{"main", "Anna 800101-1231 F\xF6retag", "800101-****", 7}};
    const std::string text = metrics_text(gauges, MetricsFormat::text);
    EXPECT_THAT(text, HasSubstr(R"({version="a\"b\\c\n"})"));
    EXPECT_THAT(text, Not(HasSubstr("1231")));
    EXPECT_THAT(text, HasSubstr("place=\"Anna 800101-**** F\xEF\xBF\xBDretag\""));
}

TEST(Metrics, NoTwoSamplesAreOfOneSeries) {
    Gauges gauges = some();
    gauges.company_ages = {{"main", "800101-1231", "", 1}, {"main", "800101-1249", "", 2}};
    const std::string text = metrics_text(gauges, MetricsFormat::text);
    EXPECT_THAT(text, HasSubstr("place=\"800101-****\",company=\"\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("place=\"800101-**** (2)\",company=\"\"} 2\n"));
}

TEST(Metrics, AreInTheDocument) {
    std::ifstream in{std::string{SAMSYNK_SOURCE_DIR} + "/docs/metrics.md"};
    std::map<std::string, std::string> documented;
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with("| `samsynk_")) continue;
        const auto name_end = line.find('`', 3), type = name_end + 4, type_end = line.find(' ', type);
        documented[line.substr(3, name_end - 3)] = line.substr(type, type_end - type);
    }
    EXPECT_EQ(documented, types_of(metrics_text(everything(), MetricsFormat::text)));
}

}  // namespace
}  // namespace samsynk::telemetry
