#include "telemetry/metrics.hpp"

#include <fmt/format.h>

#include <iterator>
#include <map>

#include "core/personal_numbers.hpp"
#include "core/plain_text.hpp"

namespace samsynk::telemetry {
namespace {

using Labels = std::vector<std::pair<std::string_view, std::string_view>>;

// The two text forms of metrics, which differ in how a family is named above its samples.
class Exposition {
public:
    explicit Exposition(MetricsFormat format) : format_{format} {}

    /// `name` without `_total` or `_info`: samples of a counter bear the one, of an info the other.
    void family(std::string_view name, std::string_view type, std::string_view help, std::string_view unit = {});
    template <class Number>
    void sample(Number value, const Labels& labels = {}) {
        text_ += sample_;
        put(labels);
        fmt::format_to(std::back_inserter(text_), " {}\n", value);
    }
    /// A family of one gauge in seconds; left out where nothing is known.
    void seconds(std::string_view name, std::string_view help, const std::optional<double>& value);
    void counts(std::string_view name, std::string_view type, std::string_view help, std::string_view label,
                const Gauges::Counts& counts);
    std::string finish() { return std::move(text_) + "# EOF\n"; }

private:
    void put(const Labels& labels);

    MetricsFormat format_;
    std::string sample_;  ///< the name that samples of the family bear
    std::string text_;
};

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

void Exposition::family(std::string_view name, std::string_view type, std::string_view help, std::string_view unit) {
    sample_ = name;
    if (type == "counter") sample_ += "_total";
    if (type == "info") sample_ += "_info";
    const bool open = format_ == MetricsFormat::open_metrics;
    const std::string_view family = open ? name : std::string_view{sample_};
    const std::string_view told = !open && type == "info" ? "gauge" : type;
    fmt::format_to(std::back_inserter(text_), "# TYPE {} {}\n", family, told);
    if (open && !unit.empty()) fmt::format_to(std::back_inserter(text_), "# UNIT {} {}\n", family, unit);
    fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n", family, help);
}

void Exposition::put(const Labels& labels) {
    if (labels.empty()) return;
    char before = '{';
    for (const auto& [name, value] : labels) {
        fmt::format_to(std::back_inserter(text_), "{}{}=\"{}\"", before, name, escaped(value));
        before = ',';
    }
    text_ += '}';
}

void Exposition::seconds(std::string_view name, std::string_view help, const std::optional<double>& value) {
    if (!value) return;
    family(name, "gauge", help, "seconds");
    sample(*value);
}

void Exposition::counts(std::string_view name, std::string_view type, std::string_view help, std::string_view label,
                        const Gauges::Counts& counts) {
    family(name, type, help);
    for (const auto& [value, count] : counts) sample(count, {{label, value}});
}

void about_the_daemon(Exposition& text, const Gauges& gauges) {
    text.family("samsynk_build", "info", "The version of the daemon.");
    text.sample(1, {{"version", gauges.version}});
    text.family("samsynk_start_time_seconds", "gauge", "When the daemon started, in seconds since 1970.", "seconds");
    text.sample(std::chrono::duration_cast<std::chrono::seconds>(gauges.started_at.time_since_epoch()).count());
}

void about_companies(Exposition& text, const Gauges& gauges) {
    text.counts("samsynk_companies", "gauge", "Companies, by state.", "state", gauges.companies);
    text.family("samsynk_parked_companies", "gauge", "Companies that were set aside and are tried again later.");
    text.sample(gauges.parked);
    text.counts("samsynk_holds", "gauge", "Choices that wait for a person's decision, by the reason.", "kind",
                gauges.holds);
    text.seconds("samsynk_last_success_age_seconds", "Time since a run last reached its end.", gauges.last_success_age);
    text.seconds("samsynk_oldest_company_success_age_seconds",
                 "Time since the last success of the company that has waited longest for one.",
                 gauges.oldest_company_success_age);
    if (gauges.company_ages.empty()) return;
    text.family("samsynk_company_last_success_age_seconds", "gauge",
                "Time since a company's last success, or since the daemon started.", "seconds");
    // Places that are named by personal numbers look alike when these are masked; no two samples may.
    std::map<std::pair<std::string, std::string>, int> seen;
    for (const CompanyAge& one : gauges.company_ages) {
        std::string place = without_personal_numbers(valid_utf8(one.place));
        if (const int times = ++seen[{one.installation, place}]; times > 1) place += " (" + std::to_string(times) + ")";
        text.sample(one.seconds, {{"installation", one.installation}, {"place", place}, {"company", one.company}});
    }
}

void about_runs(Exposition& text, const Gauges& gauges) {
    text.counts("samsynk_runs", "counter", "Runs that ended since the daemon started, by outcome.", "outcome",
                gauges.runs);
    text.seconds("samsynk_last_run_duration_seconds", "How long the last run took.", gauges.last_run_duration);
    text.counts("samsynk_changes", "counter", "Choices carried over since the daemon started, by direction.",
                "direction", gauges.changes);
    text.family("samsynk_queued_operations", "gauge", "Changes on their way to the service, without a clear answer.");
    text.sample(gauges.queued);
}

void about_the_sides(Exposition& text, const Gauges& gauges) {
    text.counts("samsynk_requests", "counter", "HTTPS requests since the daemon started, by how they ended.", "outcome",
                gauges.requests);
    text.family("samsynk_service_up", "gauge", "1 if the online service could be used last time, else 0.");
    text.sample(gauges.service_up ? 1 : 0);
    text.counts("samsynk_installation_up", "gauge", "1 if the installation could be reached last time, else 0.",
                "installation", gauges.installations);
    text.family("samsynk_feed_state", "gauge", "How online changes are learned of: 1 for the present state.");
    for (const std::string& state : gauges.feeds) text.sample(state == gauges.feed ? 1 : 0, {{"state", state}});
}

void about_the_sign_in(Exposition& text, const Gauges& gauges) {
    text.family("samsynk_signin_required", "gauge", "1 while a person must renew the sign-in, else 0.");
    text.sample(gauges.sign_in_required ? 1 : 0);
    text.seconds("samsynk_signin_remaining_seconds", "Time until a person must renew the sign-in, where it is told.",
                 gauges.sign_in_left);
    text.seconds("samsynk_client_certificate_remaining_seconds", "Time until the daemon's own certificate expires.",
                 gauges.certificate_left);
}

}  // namespace

MetricsFormat metrics_format(std::string_view accept) {
    return accept.find("application/openmetrics-text") == std::string_view::npos ? MetricsFormat::text
                                                                                 : MetricsFormat::open_metrics;
}

const char* content_type(MetricsFormat format) {
    return format == MetricsFormat::open_metrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                                                 : "text/plain; version=0.0.4; charset=utf-8";
}

std::string metrics_text(const Gauges& gauges, MetricsFormat format) {
    Exposition text{format};
    about_the_daemon(text, gauges);
    about_companies(text, gauges);
    about_runs(text, gauges);
    about_the_sides(text, gauges);
    about_the_sign_in(text, gauges);
    return text.finish();
}

}  // namespace samsynk::telemetry
