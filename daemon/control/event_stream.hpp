// Where the control socket gets its events from.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <vector>

#include "core/event.hpp"

namespace samsynk::control {

class EventStream {
public:
    virtual ~EventStream() = default;
    /// The events after `after`; waits for one, at most so long. Empty where none came, or there will be no more.
    virtual boost::asio::awaitable<std::vector<Event>> next(std::uint64_t after, std::chrono::milliseconds at_most) = 0;
    virtual bool ended() const = 0;  ///< there will be no more
    virtual std::uint64_t last() const = 0;
};

}  // namespace samsynk::control
