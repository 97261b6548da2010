// The two text forms of metrics, which differ in how a family is named above its samples.
#pragma once

#include <fmt/format.h>

#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "telemetry/metrics.hpp"

namespace samsynk::telemetry {

using Labels = std::vector<std::pair<std::string_view, std::string_view>>;

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

}  // namespace samsynk::telemetry
