#include "installations/folder/folder_installation.hpp"

#include <fcntl.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "async/event.hpp"
#include "async/worker.hpp"
#include "installations/folder/folder_books.hpp"
#include "installations/folder/folder_test.hpp"

namespace samsynk::installations {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

constexpr milliseconds look_every{10'000};  ///< at the most often,
constexpr int rest_for_each_look = 30;      ///< and this many times as long as a look takes

Error stopped() { return fail(Errc::cancelled, N_("Nothing is listened for any more.")); }

FolderBooks::Listens listens(Listening listening) {
    return listening == Listening::events      ? FolderBooks::Listens::yes
           : listening == Listening::automatic ? FolderBooks::Listens::where_told
                                               : FolderBooks::Listens::no;
}

class FolderInstallation : public agent::LocalSide {
    using Results = std::vector<Result<void>>;

public:
    FolderInstallation(std::string id, std::filesystem::path root, Listening listening,
                       std::vector<std::string> passed_over, asio::any_io_executor executor, milliseconds patience)
        : id_{std::move(id)},
          books_{std::make_shared<FolderBooks>(std::move(root), listens(listening), std::move(passed_over))},
          looks_{listening != Listening::none},
          worker_{executor, patience},
          wake_{executor},
          readable_{executor} {}

    std::string name() const override { return id_; }
    std::string program() const override { return "folder"; }
    std::string location() const override { return books_->root().string(); }
    std::string mark_file() const override { return books_->mark_file().string(); }

    agent::Async<std::vector<sync::LocalCompanyPtr>> scan(bool trusting) override {
        std::function<Result<Scanned>()> job = [books = books_, trusting]() -> Result<Scanned> {
            auto found = trusting ? books->scan_told() : books->scan();
            if (found.has_error()) return found.error();
            return Scanned{std::move(*found), books->watches_begun()};
        };
        auto scanned = co_await ask(std::move(job));
        if (scanned.has_error()) co_return scanned.error();
        // Another one is listened by, or none: the kernel need not go on telling of the old.
        if (std::exchange(watch_, scanned->watch) != scanned->watch && readable_.is_open()) readable_.close();
        if (!std::exchange(scanned_, true)) wake_.notify_all();
        co_return std::move(scanned->companies);
    }
    agent::Async<std::string> mark() override {
        std::function<Result<std::string>()> job = [books = books_] { return books->mark(); };
        co_return co_await ask(std::move(job));
    }
    agent::Async<> leave_mark(std::string mark) override {
        std::function<Result<void>()> job = [books = books_, mark] { return books->leave_mark(mark); };
        co_return co_await ask(std::move(job));
    }
    agent::Async<sync::LocalCompanyPtr> read(std::string place) override {
        std::function<Result<sync::LocalCompanyPtr>()> job = [books = books_, place] { return books->read(place); };
        co_return co_await ask(std::move(job));
    }
    asio::awaitable<Results> write_preferences(std::vector<agent::PreferenceWrite> writes) override {
        const std::size_t count = writes.size();
        std::function<Results()> job = [books = books_, writes = std::move(writes)] {
            return books->write_preferences(writes);
        };
        co_return co_await ask_to_write(std::move(job), count);
    }
    asio::awaitable<Results> write_notices(std::vector<agent::NoticeWrite> writes) override {
        const std::size_t count = writes.size();
        std::function<Results()> job = [books = books_, writes = std::move(writes)] {
            return books->write_notices(writes);
        };
        co_return co_await ask_to_write(std::move(job), count);
    }

    agent::Async<agent::LocalNews> news() override {
        while (!scanned_ && !stopped_) co_await wake_.wait();
        while (!stopped_) {
            auto news = co_await listen_or_look();
            if (stopped_) break;
            if (news.everything || !news.places.empty() || news.trouble) co_return news;
        }
        co_return stopped();
    }
    void close() override { worker_.give_up(); }
    void stop_watching() override {
        stopped_ = true;
        wake_.notify_all();
        if (readable_.is_open()) readable_.cancel();
    }
    agent::Watching watching() const override { return watching_; }

    agent::Async<std::vector<Message>> identity_trail(std::string place) override {
        std::function<std::vector<Message>()> job = [books = books_, place] { return books->identity_trail(place); };
        auto trail = co_await worker_.ask(std::move(job));
        if (!trail) co_return hangs();
        co_return std::move(*trail);
    }
    asio::awaitable<std::vector<agent::Probe>> test() override {
        std::function<std::vector<agent::Probe>()> job = [books = books_] { return test_books(*books); };
        auto probes = co_await worker_.ask(std::move(job));
        if (probes) co_return std::move(*probes);
        co_return std::vector<agent::Probe>{{{N_("{path} can be reached."), {{"path", location()}}}, hangs()}};
    }

private:
    struct Scanned {
        std::vector<sync::LocalCompanyPtr> companies;
        std::uint64_t watch = 0;
    };

    // What is shown of it must not be looked at while the other thread works with it.
    struct State {
        posix::UniqueFd descriptor;  ///< a copy: the other thread may close its own
        Reason trouble;
    };
    using StatePtr = std::shared_ptr<State>;

    Error hangs() const {
        return fail(Errc::installation_offline,
                    N_("{path} does not answer. Nothing is changed until it does; the other installations go on."),
                    {{"path", location()}});
    }

    static State state_of(const FolderBooks& books, bool copied) {
        State state{posix::UniqueFd{}, books.watch_trouble()};
        if (!copied && books.descriptor() >= 0) state.descriptor.reset(::fcntl(books.descriptor(), F_DUPFD_CLOEXEC, 0));
        return state;
    }

    template <class T>
    agent::Async<T> ask(std::function<Result<T>()> job) {
        auto result = co_await worker_.ask(std::move(job));
        if (!result) co_return hangs();
        co_return std::move(*result);
    }

    asio::awaitable<Results> ask_to_write(std::function<Results()> job, std::size_t count) {
        auto results = co_await worker_.ask(std::move(job));
        if (results) co_return std::move(*results);
        const Error why = hangs();
        co_return Results(count, fail(Errc::write_failed, why.message.id, why.message.args));
    }

    asio::awaitable<agent::LocalNews> listen_or_look() {
        std::function<StatePtr()> job = [books = books_, copied = readable_.is_open()] {
            return std::make_shared<State>(state_of(*books, copied));
        };
        const auto asked = co_await worker_.ask(std::move(job));
        const StatePtr state = asked.value_or(nullptr);
        agent::LocalNews news;
        if (stopped_) co_return news;  // while it was asked: nothing would wake it any more
        if (!state) {
            co_await wake_.wait_for(look_every);
            co_return news;
        }
        if (state->trouble && !std::exchange(told_trouble_, true)) {
            watching_ = agent::Watching::looking;
            news.trouble = state->trouble;
            news.everything = true;
            co_return news;
        }
        if (state->descriptor) {
            readable_.assign(state->descriptor.get());
            (void)state->descriptor.release();  // only now is it another's to close
        }
        if (readable_.is_open()) co_return co_await listen();
        if (looks_) co_return co_await look();
        co_await wake_.wait();
        co_return news;
    }

    asio::awaitable<agent::LocalNews> listen() {
        watching_ = agent::Watching::events;
        boost::system::error_code failed;
        co_await readable_.async_wait(asio::posix::stream_descriptor::wait_read,
                                      asio::redirect_error(asio::use_awaitable, failed));
        if (failed) co_return agent::LocalNews{};
        std::function<WatchedChanges()> job = [books = books_] { return books->take_changes(); };
        auto changes = co_await worker_.ask(std::move(job));
        if (!changes) co_return agent::LocalNews{.everything = true, .places = {}, .trouble = {}};
        co_return agent::LocalNews{.everything = changes->everything,
                                   .places = {changes->places.begin(), changes->places.end()},
                                   .trouble = {}};
    }

    asio::awaitable<agent::LocalNews> look() {
        watching_ = agent::Watching::looking;
        co_await wake_.wait_for(std::max(look_every, last_look_ * rest_for_each_look));
        if (stopped_) co_return agent::LocalNews{};
        const auto began = std::chrono::steady_clock::now();
        std::function<Result<std::vector<std::string>>()> job = [books = books_] { return books->look_again(); };
        auto changed = co_await ask(std::move(job));
        last_look_ = std::chrono::ceil<milliseconds>(std::chrono::steady_clock::now() - began);
        // What is the matter with a folder that can't be looked at, a run tells.
        if (changed.has_error()) co_return agent::LocalNews{.everything = true, .places = {}, .trouble = {}};
        co_return agent::LocalNews{.everything = false, .places = std::move(*changed), .trouble = {}};
    }

    std::string id_;
    std::shared_ptr<FolderBooks> books_;
    bool looks_, scanned_ = false, stopped_ = false, told_trouble_ = false;
    agent::Watching watching_ = agent::Watching::none;
    milliseconds last_look_{0};
    std::uint64_t watch_ = 0;  ///< by which one is listened
    Worker worker_;
    AsyncEvent wake_;
    asio::posix::stream_descriptor readable_;
};

}  // namespace

std::unique_ptr<agent::LocalSide> make_folder_installation(std::string id, std::filesystem::path root,
                                                           Listening listening, std::vector<std::string> passed_over,
                                                           asio::any_io_executor executor, milliseconds patience) {
    return std::make_unique<FolderInstallation>(std::move(id), std::move(root), listening, std::move(passed_over),
                                                executor, patience);
}

}  // namespace samsynk::installations
