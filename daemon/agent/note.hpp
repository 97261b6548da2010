// What was done, as the history tells it. Pure.
#pragma once

#include "agent/ports.hpp"
#include "sync/plan.hpp"

namespace samsynk::agent {

/// Why a step is made, for people: the rule, or that a person decided.
sync::Rule told_rule(const sync::Step& step);

/// A local write that was made, or found made.
sync::HistoryChange history_of(const sync::LocalIntent& intent, Time at);
/// What an operation that was applied changed, a row a preference.
std::vector<sync::HistoryChange> history_of(const sync::Operation& operation, const sync::PlaceKey& key,
                                            const std::string& request, Time at);
/// The local program was told of a collaboration.
sync::HistoryChange history_of(const sync::Notice& notice, const sync::PlaceKey& key, const std::string& run, Time at);

}  // namespace samsynk::agent
