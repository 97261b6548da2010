#include "sync/rule.hpp"

#include <array>
#include <utility>

namespace samsynk::sync {
namespace {

constexpr std::array<std::pair<Rule, std::string_view>, 7> rules{{{Rule::agree, "agree"},
                                                                  {Rule::fill_local, "fill_local"},
                                                                  {Rule::fill_online, "fill_online"},
                                                                  {Rule::online_changed, "online_changed"},
                                                                  {Rule::local_changed, "local_changed"},
                                                                  {Rule::first_contact, "first_contact"},
                                                                  {Rule::approved, "approved"}}};

}  // namespace

std::string_view name_of(Rule rule) { return rules.at(static_cast<std::size_t>(rule)).second; }

std::optional<Rule> rule(std::string_view name) {
    for (const auto& [value, known] : rules)
        if (known == name) return value;
    return std::nullopt;
}

}  // namespace samsynk::sync
