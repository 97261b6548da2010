#include "installations/blocking_connector.hpp"

#include <fcntl.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace samsynk::installations {
namespace {

namespace asio = boost::asio;
using agent::LocalNews;
using std::chrono::milliseconds;

constexpr milliseconds poll_every{10'000};  ///< at the most often,
constexpr int rest_for_each_poll = 30;      ///< and this many times as long as a poll takes

LocalNews everything() { return {.everything = true, .places = {}, .trouble = {}}; }

}  // namespace

BlockingConnector::BlockingConnector(Description description, std::shared_ptr<BlockingRepository> repository,
                                     bool watches, asio::any_io_executor executor, milliseconds patience)
    : description_{std::move(description)},
      repository_{std::move(repository)},
      watches_{watches},
      worker_{executor, patience},
      wake_{executor},
      readable_{executor} {}

Error BlockingConnector::does_not_answer() const {
    return fail(Errc::installation_offline,
                N_("{path} does not answer. Nothing is changed until it does; the other installations go on."),
                {{"path", location()}});
}

template <class T>
agent::Async<T> BlockingConnector::ask(std::function<Result<T>()> job) {
    auto result = co_await worker_.ask(std::move(job));
    if (!result) co_return does_not_answer();
    co_return std::move(*result);
}

asio::awaitable<WriteResults> BlockingConnector::ask_to_write(std::function<WriteResults()> job, std::size_t count) {
    auto results = co_await worker_.ask(std::move(job));
    if (results) co_return std::move(*results);
    Error why = does_not_answer();
    why.code = Errc::write_failed;
    co_return WriteResults(count, why);
}

agent::Async<Companies> BlockingConnector::scan(bool trusting) {
    struct Scanned {
        Companies companies;
        std::uint64_t watch = 0;
    };
    std::function<Result<Scanned>()> job = [repository = repository_, trusting]() -> Result<Scanned> {
        auto found = trusting ? repository->scan_notified() : repository->scan();
        if (found.has_error()) return found.error();
        return Scanned{std::move(*found), repository->watch().number};
    };
    auto scanned = co_await ask(std::move(job));
    if (scanned.has_error()) co_return scanned.error();
    // Another one is listened by, or none: the kernel need not go on telling of the old.
    if (std::exchange(watch_, scanned->watch) != scanned->watch && readable_.is_open()) readable_.close();
    reuse_unchanged(scanned->companies, seen_);
    seen_ = watch_ == 0 ? scanned->companies : Companies{};
    if (!std::exchange(scanned_, true)) wake_.notify_all();
    co_return std::move(scanned->companies);
}

agent::Async<std::string> BlockingConnector::mark() {
    return ask<std::string>([repository = repository_] { return repository->mark(); });
}

agent::Async<> BlockingConnector::leave_mark(std::string mark) {
    return ask<void>([repository = repository_, mark = std::move(mark)] { return repository->leave_mark(mark); });
}

agent::Async<sync::LocalCompanyPtr> BlockingConnector::read(std::string place) {
    return ask<sync::LocalCompanyPtr>(
        [repository = repository_, place = std::move(place)] { return repository->read(place); });
}

asio::awaitable<WriteResults> BlockingConnector::write_preferences(std::vector<agent::PreferenceWrite> writes) {
    const std::size_t count = writes.size();
    return ask_to_write(
        [repository = repository_, writes = std::move(writes)] { return repository->write_preferences(writes); },
        count);
}

asio::awaitable<WriteResults> BlockingConnector::write_notices(std::vector<agent::NoticeWrite> writes) {
    const std::size_t count = writes.size();
    return ask_to_write(
        [repository = repository_, writes = std::move(writes)] { return repository->write_notices(writes); }, count);
}

agent::Async<std::vector<Message>> BlockingConnector::identity_trail(std::string place) {
    return ask<std::vector<Message>>([repository = repository_, place = std::move(place)] {
        return Result<std::vector<Message>>{repository->identity_trail(place)};
    });
}

asio::awaitable<std::vector<agent::Probe>> BlockingConnector::test() {
    std::function<std::vector<agent::Probe>()> job = [repository = repository_] { return repository->test(); };
    auto probes = co_await worker_.ask(std::move(job));
    if (probes) co_return std::move(*probes);
    co_return std::vector<agent::Probe>{{{N_("{path} can be reached."), {{"path", location()}}}, does_not_answer()}};
}

agent::Async<agent::Preparation> BlockingConnector::prepare(bool apply) {
    return ask<agent::Preparation>([repository = repository_, apply] { return repository->prepare(apply); });
}

agent::Async<LocalNews> BlockingConnector::news() {
    while (!stopped_ && (!scanned_ || !watches_)) co_await wake_.wait();
    while (!stopped_) {
        auto news = co_await watch_or_poll();
        if (stopped_) break;
        if (news.everything || !news.places.empty() || news.trouble) co_return news;
    }
    co_return fail(Errc::cancelled, N_("Nothing is listened for any more."));
}

void BlockingConnector::stop_watching() {
    stopped_ = true;
    wake_.notify_all();
    if (readable_.is_open()) readable_.cancel();
}

asio::awaitable<LocalNews> BlockingConnector::watch_or_poll() {
    using StatePtr = std::shared_ptr<WatchState>;
    std::function<StatePtr()> job = [repository = repository_, copied = readable_.is_open()] {
        const auto watch = repository->watch();
        const bool copies = !copied && watch.descriptor >= 0;
        return std::make_shared<WatchState>(
            WatchState{posix::UniqueFd{copies ? ::fcntl(watch.descriptor, F_DUPFD_CLOEXEC, 0) : -1}, watch.trouble});
    };
    const auto asked = co_await worker_.ask(std::move(job));
    const StatePtr state = asked.value_or(nullptr);
    LocalNews news;
    if (stopped_) co_return news;  // while it was asked: nothing would wake it any more
    if (!state) {
        co_await wake_.wait_for(poll_every);
        co_return news;
    }
    if (state->trouble && !std::exchange(told_trouble_, true)) {
        watching_ = agent::Watching::looking;
        news = everything();
        news.trouble = state->trouble;
        co_return news;
    }
    if (state->descriptor) {
        readable_.assign(state->descriptor.get());
        (void)state->descriptor.release();  // only now is it another's to close
    }
    if (readable_.is_open()) co_return co_await listen();
    co_return co_await poll();
}

asio::awaitable<LocalNews> BlockingConnector::listen() {
    watching_ = agent::Watching::events;
    boost::system::error_code failed;
    co_await readable_.async_wait(asio::posix::stream_descriptor::wait_read,
                                  asio::redirect_error(asio::use_awaitable, failed));
    if (failed) co_return LocalNews{};
    std::function<LocalNews()> job = [repository = repository_] { return repository->take_changes(); };
    auto changes = co_await worker_.ask(std::move(job));
    co_return changes ? std::move(*changes) : everything();
}

asio::awaitable<LocalNews> BlockingConnector::poll() {
    watching_ = agent::Watching::looking;
    co_await wake_.wait_for(std::max(poll_every, last_poll_ * rest_for_each_poll));
    if (stopped_) co_return LocalNews{};
    const Companies before = seen_;
    const auto began = std::chrono::steady_clock::now();
    std::function<Result<Companies>()> job = [repository = repository_] { return repository->scan(); };
    auto now = co_await ask(std::move(job));
    last_poll_ = std::chrono::ceil<milliseconds>(std::chrono::steady_clock::now() - began);
    // What is the matter with books that can't be read, a run tells.
    if (now.has_error()) co_return everything();
    reuse_unchanged(*now, seen_);
    LocalNews news{.everything = false, .places = changed_places(before, *now), .trouble = {}};
    seen_ = std::move(*now);
    co_return news;
}

}  // namespace samsynk::installations
