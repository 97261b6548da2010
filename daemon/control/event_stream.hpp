// Where the control socket gets its events from.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <limits>
#include <string>
#include <vector>

#include "core/event.hpp"

namespace samsynk::control {

/// The newest event, and the life of the daemon that numbered it. 0 before the first.
struct NewestEvent {
    std::string life;
    std::uint64_t sequence = 0;
};

/// In place of a number: of another life, so that all that is kept comes after it.
inline constexpr std::uint64_t before_this_life = std::numeric_limits<std::uint64_t>::max();

class EventStream {
public:
    virtual ~EventStream() = default;
    /// The events after `after`; waits for one, at most so long. Empty where none came, or there will be no more.
    virtual boost::asio::awaitable<std::vector<Event>> next(std::uint64_t after, std::chrono::milliseconds at_most) = 0;
    virtual bool ended() const = 0;  ///< there will be no more
    virtual NewestEvent newest() const = 0;
};

}  // namespace samsynk::control
