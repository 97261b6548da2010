// Choices that a person asked for, made at their local places as the person would make them there: by compare-and-set.
#pragma once

#include <vector>

#include "agent/sides.hpp"

namespace samsynk::agent {

struct LocalChoice {
    std::string installation;
    PreferenceWrite write;
};

struct RefusedChoice {
    sync::HistoryChange change;
    Error why;
};

struct MadeChoices {
    std::vector<sync::HistoryChange> made;  ///< as the history tells them, but for the run and who it was
    std::vector<RefusedChoice> refused;
};

boost::asio::awaitable<MadeChoices> choose(std::shared_ptr<Sides> sides, std::vector<LocalChoice> choices, Time now);

/// The installation with that name; null where none is configured.
LocalSide* side(const Sides& sides, const std::string& installation);

}  // namespace samsynk::agent
