// A person's sign-in with a code (RFC 8628), as those who wait for it see it.
#pragma once

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>

#include "agent/ports.hpp"
#include "service/signin/boot_clock.hpp"
#include "service/signin/replies.hpp"

namespace samsynk::service {

/// RFC 8628, 3.5: what to do after an answer to the question whether the person is done.
struct NextQuestion {
    bool again = false;
    std::chrono::seconds pause{0};
};
/// `error` is the provider's word, empty where it did not answer at all.
inline NextQuestion next_question(const std::string& error, std::chrono::seconds pause) {
    constexpr std::chrono::seconds longest{300};
    if (error == "authorization_pending") return {true, pause};
    if (error == "slow_down") return {true, std::min(pause + std::chrono::seconds{5}, longest)};
    if (error.empty()) return {true, std::min(pause * 2, longest)};
    return {false, pause};
}

class DeviceLogin : public agent::Login {
public:
    DeviceLogin(const boost::asio::any_io_executor& executor, DeviceReply reply)
        : reply_{std::move(reply)},
          pause_{reply_.interval},
          until_{BootClock::now() + reply_.lifetime},
          executor_{executor} {}

    std::string user_code() const override { return reply_.user_code; }
    std::string address() const override { return reply_.verification_uri; }
    std::string complete_address() const override { return reply_.verification_uri_complete; }
    std::chrono::seconds left() const override {
        return std::max(std::chrono::seconds{0}, std::chrono::floor<std::chrono::seconds>(until_ - BootClock::now()));
    }
    bool ended() const override { return outcome_.has_value(); }
    boost::asio::awaitable<void> wait(std::chrono::milliseconds time) override {
        if (ended()) co_return;
        boost::asio::steady_timer timer{executor_, time};
        waiting_.push_back(&timer);
        boost::system::error_code ignored;
        co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
        std::erase(waiting_, &timer);
    }
    Result<void> outcome() const override { return *outcome_; }

    const std::string& device_code() const { return reply_.device_code; }
    std::chrono::seconds pause() const { return pause_; }
    void pause(std::chrono::seconds pause) { pause_ = pause; }
    void end(Result<void> outcome) {
        if (ended()) return;
        outcome_ = std::move(outcome);
        for (auto* timer : waiting_) timer->cancel();
    }

private:
    DeviceReply reply_;
    std::chrono::seconds pause_;
    BootClock::time_point until_;
    boost::asio::any_io_executor executor_;
    std::vector<boost::asio::steady_timer*> waiting_;
    std::optional<Result<void>> outcome_;
};

}  // namespace samsynk::service
