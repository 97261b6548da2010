#include "telemetry/metrics.hpp"

#include <fmt/format.h>

#include <iterator>
#include <string_view>

namespace samsynk::telemetry {
namespace {

std::string escaped(std::string_view value) {
    std::string text;
    for (const char c : value) {
        if (c == '\\' || c == '"') text += '\\';
        if (c == '\n')
            text += "\\n";
        else
            text += c;
    }
    return text;
}

class Exposition {
public:
    void family(std::string_view name, std::string_view type, std::string_view help, std::string_view unit = {}) {
        fmt::format_to(out(), "# TYPE {} {}\n", name, type);
        if (!unit.empty()) fmt::format_to(out(), "# UNIT {} {}\n", name, unit);
        fmt::format_to(out(), "# HELP {} {}\n", name, help);
    }
    template <class Number>
    void sample(std::string_view name, Number value) {
        fmt::format_to(out(), "{} {}\n", name, value);
    }
    template <class Number>
    void sample(std::string_view name, std::string_view label, std::string_view label_value, Number value) {
        fmt::format_to(out(), "{}{{{}=\"{}\"}} {}\n", name, label, escaped(label_value), value);
    }
    /// A family of one gauge in seconds; left out where nothing is known.
    void age(std::string_view name, std::string_view help, const std::optional<double>& seconds) {
        if (!seconds) return;
        family(name, "gauge", help, "seconds");
        sample(name, *seconds);
    }
    std::string finish() { return std::move(text_) + "# EOF\n"; }

private:
    std::back_insert_iterator<std::string> out() { return std::back_inserter(text_); }
    std::string text_;
};

}  // namespace

std::string metrics_text(const Gauges& gauges) {
    Exposition text;
    text.family("samsynk_build", "info", "The version of the daemon.");
    text.sample("samsynk_build_info", "version", gauges.version, 1);
    text.family("samsynk_start_time_seconds", "gauge", "When the daemon started, in seconds since 1970.", "seconds");
    text.sample("samsynk_start_time_seconds",
                std::chrono::duration_cast<std::chrono::seconds>(gauges.started_at.time_since_epoch()).count());
    text.family("samsynk_companies", "gauge", "Companies, by state.");
    for (const auto& [state, count] : gauges.companies) text.sample("samsynk_companies", "state", state, count);
    text.family("samsynk_runs", "counter", "Runs that ended since the daemon started, by outcome.");
    for (const auto& [outcome, count] : gauges.runs) text.sample("samsynk_runs_total", "outcome", outcome, count);
    text.family("samsynk_requests", "counter", "HTTPS requests made since the daemon started.");
    text.sample("samsynk_requests_total", gauges.requests);
    text.age("samsynk_last_success_age_seconds", "Time since a run last reached its end.", gauges.last_success_age);
    text.age("samsynk_oldest_company_success_age_seconds",
             "Time since the last success of the company that has waited longest for one.",
             gauges.oldest_company_success_age);
    text.family("samsynk_signin_required", "gauge", "1 while a person must renew the sign-in, else 0.");
    text.sample("samsynk_signin_required", gauges.sign_in_required ? 1 : 0);
    text.age("samsynk_signin_remaining_seconds", "Time until a person must renew the sign-in, where it is told.",
             gauges.sign_in_left);
    text.age("samsynk_client_certificate_remaining_seconds", "Time until the daemon's own certificate expires.",
             gauges.certificate_left);
    return text.finish();
}

}  // namespace samsynk::telemetry
