// An answer that is asked for on a thread of its own, and used for a while: what hangs there holds up nothing here.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

namespace samsynk::control {

/// One question is asked once at a time, however many wait for it. Used on the loop's thread.
template <class T>
class AskedAside {
public:
    using Instant = std::chrono::steady_clock::time_point;
    using Ask = std::function<T()>;

    AskedAside(boost::asio::any_io_executor executor, std::chrono::milliseconds waits)
        : shared_{std::make_shared<Shared>(executor)}, patience_{waits} {}
    ~AskedAside() {
        const std::lock_guard lock{shared_->mutex};
        shared_->left = true;
    }
    AskedAside(const AskedAside&) = delete;
    AskedAside& operator=(const AskedAside&) = delete;

    const std::optional<T>& known() const { return shared_->known; }  ///< the latest answer, however old
    Instant known_since() const { return shared_->since; }            ///< when it was asked for
    bool asking() const { return shared_->asking; }

    /// Asks, or waits with those who asked already: for as long as that one question is given, and no longer.
    boost::asio::awaitable<void> ask(Ask question) {
        const auto shared = shared_;
        if (!shared->asking) begin(std::move(question));
        boost::system::error_code ended;
        const Instant until = shared->begun + patience_;
        while (shared->asking && Instant::clock::now() < until)
            co_await shared->wake_up.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ended));
    }

private:
    // Of the loop and the thread that asks; either may go first.
    struct Shared {
        explicit Shared(boost::asio::any_io_executor of_loop) : executor{of_loop}, wake_up{of_loop} {}
        std::mutex mutex;  ///< for `left`: after it, nothing is posted any more
        bool left = false;
        boost::asio::any_io_executor executor;
        boost::asio::steady_timer wake_up;
        std::optional<T> known;
        Instant begun{}, since{};
        bool asking = false;
    };

    void begin(Ask question) {
        shared_->asking = true;
        shared_->begun = Instant::clock::now();
        shared_->wake_up.expires_after(patience_);
        try {
            std::thread{answer, shared_, std::move(question)}.detach();
        } catch (const std::system_error&) {  // of threads there are none left: it stays unanswered
            shared_->asking = false;
        }
    }

    static void answer(std::shared_ptr<Shared> shared, Ask question) {
        auto found = std::make_shared<T>(question());
        const std::lock_guard lock{shared->mutex};
        if (shared->left) return;
        boost::asio::post(shared->executor, [shared, found] {
            shared->known = std::move(*found);
            shared->since = shared->begun;
            shared->asking = false;
            shared->wake_up.cancel();
        });
    }

    std::shared_ptr<Shared> shared_;
    std::chrono::milliseconds patience_;
};

}  // namespace samsynk::control
