// A few companies looked at by themselves, so that a run costs as much as what changed and not as all there is.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "agent/news.hpp"
#include "agent/status.hpp"
#include "sync/identity.hpp"

namespace samsynk::agent {

/// Those that a run is about, as they are now; with every other place that shows one of their numbers.
struct Part {
    std::vector<std::size_t> known;            ///< where they stand among the published companies, ascending
    std::vector<sync::LocalView> views;        ///< the same ones, read anew, in the same order; and what is offline
    std::map<std::string, std::size_t> sizes;  ///< the companies of each installation, all of them
};

/// What a part is made from.
struct PartInput {
    Sides& sides;
    const sync::Memory& memory;
    const Status& before;                       ///< what was published last
    const std::vector<sync::PlaceKey>& places;  ///< that may have changed; those that did not are left out
    const std::vector<OrgNumber>& asked;        ///< that a person asked for
    const std::set<OrgNumber>& companies;       ///< those, and the ones that changed online
};

/// Nothing where the part can't be told from the whole: nothing was looked at yet; a place or a number that is new, a
/// place that is gone, another company's or not to be read;
/// an installation that is offline or another; a claim that is not granted; anything that is unclear still; or so much
/// that the whole is as quick.
boost::asio::awaitable<std::optional<Part>> find_part(PartInput input);

}  // namespace samsynk::agent
