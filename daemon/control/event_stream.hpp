// Where the control socket gets its events from.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "core/event.hpp"

namespace samsynk::control {

class EventStream {
public:
    virtual ~EventStream() = default;
    /// The events after `after`, at least one; waits for it. Empty when there will be no more.
    virtual boost::asio::awaitable<std::vector<Event>> next(std::uint64_t after) = 0;
    virtual std::uint64_t last() const = 0;
};

}  // namespace samsynk::control
