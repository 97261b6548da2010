// Lets one coroutine pass after the other: two at once must not renew the same sign-in.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <memory>

namespace samsynk::service {

class OneAtATime {
public:
    /// As long as it lives, nobody else passes.
    class Turn {
    public:
        explicit Turn(std::shared_ptr<OneAtATime> door) : door_{std::move(door)} {}
        Turn(Turn&&) noexcept = default;
        Turn& operator=(Turn&&) = delete;
        ~Turn() {
            if (door_) door_->leave();
        }

    private:
        std::shared_ptr<OneAtATime> door_;
    };

    /// In the order of asking. All who ask are on one thread.
    static boost::asio::awaitable<Turn> enter(std::shared_ptr<OneAtATime> door, boost::asio::any_io_executor executor) {
        if (door->taken_) {
            const auto place = std::make_shared<Place>(executor);
            door->waiting_.push_back(place);
            boost::system::error_code ignored;
            while (!place->called)
                co_await place->timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
        }
        door->taken_ = true;
        co_return Turn{std::move(door)};
    }

private:
    struct Place {
        explicit Place(const boost::asio::any_io_executor& executor)
            : timer{executor, boost::asio::steady_timer::time_point::max()} {}
        boost::asio::steady_timer timer;
        bool called = false;
    };

    // Stays taken while it is handed over, so that nobody slips in between.
    void leave() {
        taken_ = !waiting_.empty();
        if (!taken_) return;
        waiting_.front()->called = true;
        waiting_.front()->timer.cancel();
        waiting_.pop_front();
    }

    std::deque<std::shared_ptr<Place>> waiting_;
    bool taken_ = false;
};

}  // namespace samsynk::service
