#include "installations/folder/folder_installation.hpp"

#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "core/on_pool.hpp"
#include "installations/folder/folder_books.hpp"
#include "installations/folder/folder_test.hpp"

namespace samsynk::installations {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

constexpr milliseconds look_every{10'000};  ///< at the most often,
constexpr int rest_for_each_look = 30;      ///< and this many times as long as a look takes

Error stopped() { return fail(Errc::cancelled, N_("Nothing is listened for any more.")); }

class FolderInstallation : public agent::LocalSide {
public:
    FolderInstallation(std::string id, std::filesystem::path root, Listening listening, asio::any_io_executor executor,
                       asio::thread_pool& pool)
        : id_{std::move(id)},
          books_{root, listening == Listening::events || (listening == Listening::automatic && tells_of_changes(root))},
          looks_{listening != Listening::none},
          strand_{asio::make_strand(pool)},
          bell_{executor, asio::steady_timer::time_point::max()},
          readable_{executor} {}

    std::string name() const override { return id_; }
    std::string program() const override { return "folder"; }
    std::string location() const override { return books_.root().string(); }

    agent::Async<std::vector<sync::LocalCompanyPtr>> scan(bool trusting) override {
        auto found =
            co_await on_pool(strand_, [this, trusting] { return trusting ? books_.scan_told() : books_.scan(); });
        if (!scanned_ && found.has_value()) {
            scanned_ = true;
            bell_.cancel();
        }
        co_return found;
    }
    agent::Async<std::string> mark() override {
        co_return co_await on_pool(strand_, [this] { return books_.mark(); });
    }
    agent::Async<> leave_mark(std::string mark) override {
        co_return co_await on_pool(strand_, [this, &mark] { return books_.leave_mark(mark); });
    }
    std::string mark_file() const override { return books_.mark_file().string(); }
    agent::Async<sync::LocalCompanyPtr> read(std::string place) override {
        co_return co_await on_pool(strand_, [this, &place] { return books_.read(place); });
    }
    asio::awaitable<std::vector<Result<void>>> write_preferences(std::vector<agent::PreferenceWrite> writes) override {
        co_return co_await on_pool(strand_, [this, &writes] { return books_.write_preferences(writes); });
    }
    asio::awaitable<std::vector<Result<void>>> write_notices(std::vector<agent::NoticeWrite> writes) override {
        co_return co_await on_pool(strand_, [this, &writes] { return books_.write_notices(writes); });
    }

    agent::Async<agent::LocalNews> news() override {
        while (!scanned_ && !stopped_) co_await rest(asio::steady_timer::duration::max());
        while (!stopped_) {
            auto news = co_await listen_or_look();
            if (stopped_) break;
            if (news.everything || !news.places.empty() || news.trouble) co_return news;
        }
        co_return stopped();
    }
    void stop_watching() override {
        stopped_ = true;
        bell_.cancel();
        if (readable_.is_open()) readable_.cancel();
    }
    agent::Watching watching() const override { return watching_; }
    asio::awaitable<std::vector<agent::Probe>> test() override {
        co_return co_await on_pool(strand_, [this] { return test_books(books_); });
    }

private:
    // What is shown of it must not be looked at while the other thread works with it.
    struct State {
        int descriptor = -1;
        Reason trouble;
    };

    asio::awaitable<agent::LocalNews> listen_or_look() {
        const auto state = co_await on_pool(strand_, [this] {
            return State{books_.descriptor(), books_.watch_trouble()};
        });
        agent::LocalNews news;
        if (stopped_) co_return news;  // while it was asked: nothing would wake it any more
        if (state.trouble && !std::exchange(told_trouble_, true)) {
            watching_ = agent::Watching::looking;
            news.trouble = state.trouble;
            news.everything = true;
            co_return news;
        }
        if (state.descriptor >= 0) co_return co_await listen(state.descriptor);
        if (readable_.is_open()) readable_.close();  // the kernel need not go on telling
        if (looks_) co_return co_await look();
        co_await rest(asio::steady_timer::duration::max());
        co_return news;
    }

    // A copy of the descriptor, as the other thread may close its own.
    asio::awaitable<agent::LocalNews> listen(int descriptor) {
        watching_ = agent::Watching::events;
        if (!readable_.is_open()) readable_.assign(::dup(descriptor));
        boost::system::error_code failed;
        co_await readable_.async_wait(asio::posix::stream_descriptor::wait_read,
                                      asio::redirect_error(asio::use_awaitable, failed));
        if (failed) co_return agent::LocalNews{};
        auto changes = co_await on_pool(strand_, [this] { return books_.take_changes(); });
        co_return agent::LocalNews{
            .everything = changes.everything, .places = {changes.places.begin(), changes.places.end()}, .trouble = {}};
    }

    asio::awaitable<agent::LocalNews> look() {
        watching_ = agent::Watching::looking;
        const auto rest_after = std::max(look_every, last_look_ * rest_for_each_look);
        co_await rest(rest_after);
        if (stopped_) co_return agent::LocalNews{};
        const auto began = std::chrono::steady_clock::now();
        auto changed = co_await on_pool(strand_, [this] { return books_.look_again(); });
        last_look_ = std::chrono::ceil<milliseconds>(std::chrono::steady_clock::now() - began);
        // What is the matter with a folder that can't be looked at, a run tells.
        if (changed.has_error()) co_return agent::LocalNews{.everything = true, .places = {}, .trouble = {}};
        co_return agent::LocalNews{.everything = false, .places = std::move(*changed), .trouble = {}};
    }

    asio::awaitable<void> rest(asio::steady_timer::duration time) {
        if (time == asio::steady_timer::duration::max())
            bell_.expires_at(asio::steady_timer::time_point::max());
        else
            bell_.expires_after(time);
        boost::system::error_code ignored;
        co_await bell_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }

    std::string id_;
    FolderBooks books_;
    bool looks_, scanned_ = false, stopped_ = false, told_trouble_ = false;
    agent::Watching watching_ = agent::Watching::none;
    milliseconds last_look_{0};
    asio::strand<asio::thread_pool::executor_type> strand_;
    asio::steady_timer bell_;
    asio::posix::stream_descriptor readable_;
};

}  // namespace

std::unique_ptr<agent::LocalSide> make_folder_installation(std::string id, std::filesystem::path root,
                                                           Listening listening, asio::any_io_executor executor,
                                                           asio::thread_pool& pool) {
    return std::make_unique<FolderInstallation>(std::move(id), std::move(root), listening, executor, pool);
}

}  // namespace samsynk::installations
