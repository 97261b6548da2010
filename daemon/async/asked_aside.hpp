// An answer that is asked for on a thread of its own, and used for a while: what hangs there holds up nothing here.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace samsynk {

/// One question is asked once at a time, however many wait for it. Used on the loop's thread.
template <class T>
class AskedAside {
public:
    using Instant = std::chrono::steady_clock::time_point;
    using Ask = std::function<T()>;

    AskedAside(boost::asio::any_io_executor executor, std::chrono::milliseconds waits)
        : shared_{std::make_shared<Shared>(executor)}, door_{std::make_shared<Door>(executor)}, patience_{waits} {}
    ~AskedAside() {
        const std::lock_guard lock{door_->mutex};
        door_->closed = true;
    }
    AskedAside(const AskedAside&) = delete;
    AskedAside& operator=(const AskedAside&) = delete;

    const std::optional<T>& known() const { return shared_->known; }  ///< the latest answer, however old
    Instant known_since() const { return shared_->since; }            ///< when it was asked for
    bool asking() const { return shared_->asking; }

    /// `question` is a variable's, moved: GCC 12 destroys a temporary of a co_await twice.
    /// Asks, or waits with those who asked already: for as long as that one question is given, and no longer.
    boost::asio::awaitable<void> ask(Ask question) {
        const auto shared = shared_;
        if (!shared->asking) begin(std::move(question));
        boost::system::error_code ended;
        const Instant until = shared->begun + patience_;
        while (shared->asking && Instant::clock::now() < until)
            co_await shared->wake_up.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ended));
        if (!shared->asking && shared->thrown) std::rethrow_exception(shared->thrown);
    }

    /// For one who asks alone: what `question` gives, which is not kept; nothing where that takes longer, or where an
    /// earlier question hangs still.
    boost::asio::awaitable<std::optional<T>> answer_to(Ask question) {
        const auto shared = shared_;
        if (shared->asking) co_return std::nullopt;
        shared->known.reset();
        co_await ask(std::move(question));
        if (shared->asking) co_return std::nullopt;
        co_return std::exchange(shared->known, std::nullopt);
    }

private:
    // Of the loop alone: the thread that asks may outlive the loop, and a timer may not.
    struct Shared {
        explicit Shared(boost::asio::any_io_executor of_loop) : wake_up{of_loop} {}
        boost::asio::steady_timer wake_up;
        std::optional<T> known;
        Instant begun{}, since{};
        bool asking = false;
        std::exception_ptr thrown;  ///< by the latest question: those who asked it get it
    };

    // By which the thread comes back: once it is closed, nothing is posted any more.
    struct Door {
        explicit Door(boost::asio::any_io_executor of_loop) : executor{of_loop} {}
        std::mutex mutex;
        bool closed = false;
        boost::asio::any_io_executor executor;
    };

    void begin(Ask question) {
        shared_->asking = true;
        shared_->thrown = nullptr;
        shared_->begun = Instant::clock::now();
        shared_->wake_up.expires_after(patience_);
        try {
            std::thread{answer, door_, std::weak_ptr<Shared>{shared_}, std::move(question)}.detach();
        } catch (const std::system_error&) {  // of threads there are none left: it stays unanswered
            shared_->asking = false;
        }
    }

    static void answer(std::shared_ptr<Door> door, std::weak_ptr<Shared> asker, Ask question) {
        std::shared_ptr<T> found;
        std::exception_ptr thrown;
        try {
            found = std::make_shared<T>(question());
        } catch (...) {
            thrown = std::current_exception();
        }
        const std::lock_guard lock{door->mutex};
        if (door->closed) return;
        boost::asio::post(door->executor, [asker, found, thrown] {
            const auto shared = asker.lock();
            if (!shared) return;
            if (found) shared->known = std::move(*found);
            if (found) shared->since = shared->begun;
            shared->thrown = thrown;
            shared->asking = false;
            shared->wake_up.cancel();
        });
    }

    std::shared_ptr<Shared> shared_;
    std::shared_ptr<Door> door_;
    std::chrono::milliseconds patience_;
};

}  // namespace samsynk
