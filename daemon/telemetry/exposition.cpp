#include "telemetry/exposition.hpp"

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

}  // namespace

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

}  // namespace samsynk::telemetry
