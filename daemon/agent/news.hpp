// What changed on either side, as it was told; and what those who listen for it need of the agent.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/scope.hpp"
#include "agent/sides.hpp"
#include "agent/status.hpp"

namespace samsynk::agent {

/// What a run is made for that nobody asked for.
struct News {
    Scope scope;                     ///< what changed locally, and the companies of the page
    std::optional<ChangePage> page;  ///< that came from the online side
    std::string page_after;          ///< the cursor that it continues
};

class NewsDesk {
public:
    virtual ~NewsDesk() = default;
    virtual std::shared_ptr<Sides> sides() const = 0;
    virtual bool stopping() const = 0;
    /// The last run reached the online side, so that there is a cursor to go on from.
    virtual bool online_well() const = 0;
    virtual std::string cursor() const = 0;
    virtual std::string epoch() const = 0;
    /// Asks for a run of it, and waits until that has ended.
    virtual boost::asio::awaitable<std::shared_ptr<const RunResult>> carry(News news) = 0;
    /// Returns when a run has ended, the sides were replaced, or the agent stops.
    virtual boost::asio::awaitable<void> turn() = 0;
    /// While the online side is away: there is something for it, so it may be tried again sooner.
    virtual void hurry() = 0;
    virtual void publish_feed(FeedStatus feed) = 0;

    /// Waits so long, however often the clock is woken meanwhile; false where these sides are no longer served.
    boost::asio::awaitable<bool> rest(Clock& clock, std::shared_ptr<Sides> sides, std::chrono::milliseconds time);
};

}  // namespace samsynk::agent
