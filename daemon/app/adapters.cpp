#include "app/adapters.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace samsynk::app {

boost::asio::awaitable<void> SystemClock::sleep(std::chrono::milliseconds time) {
    boost::system::error_code ignored;
    const auto sleeper = sleepers_.emplace(sleepers_.end(), executor_, time);
    co_await sleeper->async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    sleepers_.erase(sleeper);
}

void SystemClock::wake() {
    for (boost::asio::steady_timer& sleeper : sleepers_) sleeper.cancel();
}

boost::asio::awaitable<std::vector<Event>> BusEvents::next(std::uint64_t after, std::chrono::milliseconds at_most) {
    co_return co_await bus_.next(after, at_most);
}

agent::Async<sync::Memory> NullStore::load() { co_return sync::Memory{}; }
agent::Async<> NullStore::commit(sync::Commit) { co_return Result<void>{}; }
agent::Async<std::vector<sync::Record>> NullStore::records(std::vector<OrgNumber>) {
    co_return std::vector<sync::Record>{};
}
agent::Async<std::vector<sync::HistoryEntry>> NullStore::history(sync::HistoryQuery) {
    co_return std::vector<sync::HistoryEntry>{};
}

}  // namespace samsynk::app
