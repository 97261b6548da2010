#include "store/open_store.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <utility>

#include "store/sqlite_store.hpp"

namespace samsynk::store {
namespace {

namespace asio = boost::asio;
using Strand = asio::strand<asio::thread_pool::executor_type>;

// Only the work runs on the strand; the coroutine itself never leaves its own executor, not even when it is
// cancelled meanwhile.
template <class Value, class Work>
agent::Async<Value> run_on(Strand strand, Work work) {
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Result<Value>)>(
        [](auto handler, Strand where, Work what) {
            auto home = asio::get_associated_executor(handler);
            auto busy = asio::make_work_guard(home);
            asio::post(where,
                       [handler = std::move(handler), busy = std::move(busy), home, what = std::move(what)]() mutable {
                           asio::post(home, [handler = std::move(handler), result = what()]() mutable {
                               std::move(handler)(std::move(result));
                           });
                       });
        },
        asio::use_awaitable, strand, std::move(work));
}

// Plain functions that give run_on's coroutine: GCC 12 destroys a closure twice that is made inside a co_await.
class PooledStore : public agent::Store {
public:
    // What is opened is going to be loaded: that begins at once, beside what else there is to do at a start.
    PooledStore(std::shared_ptr<SqliteStore> store, asio::thread_pool& pool)
        : store_{std::move(store)}, strand_{asio::make_strand(pool)}, loaded_{std::make_shared<Loaded>()} {
        asio::post(strand_, [opened = store_, loaded = loaded_] { *loaded = opened->load(); });
    }

    agent::Async<sync::Memory> load() override {
        return run_on<sync::Memory>(strand_, [store = store_, loaded = loaded_] {
            if (!*loaded) return store->load();
            return *std::exchange(*loaded, std::nullopt);
        });
    }
    agent::Async<> commit(sync::Commit commit) override {
        return run_on<void>(strand_, [store = store_, loaded = loaded_, commit = std::move(commit)] {
            loaded->reset();
            return store->commit(commit);
        });
    }
    agent::Async<std::vector<sync::Record>> records(std::vector<OrgNumber> companies) override {
        return run_on<std::vector<sync::Record>>(
            strand_, [store = store_, companies = std::move(companies)] { return store->records(companies); });
    }

    agent::Async<std::vector<sync::HistoryEntry>> history(sync::HistoryQuery query) override {
        return run_on<std::vector<sync::HistoryEntry>>(
            strand_, [store = store_, query = std::move(query)] { return store->history(query); });
    }

    agent::Async<> copy(std::filesystem::path to) {
        return run_on<void>(strand_, [store = store_, to = std::move(to)] { return store->copy(to); });
    }

private:
    using Loaded = std::optional<Result<sync::Memory>>;

    std::shared_ptr<SqliteStore> store_;
    Strand strand_;
    std::shared_ptr<Loaded> loaded_;  ///< touched on the strand only
};

}  // namespace

Result<std::unique_ptr<agent::Store>> open_store(std::filesystem::path directory, asio::thread_pool& pool,
                                                 EventSink* events) {
    auto store = SqliteStore::open(directory);
    if (store.has_error()) return store.error();
    if (const auto aside = (*store)->set_aside(); aside && events)
        events->publish(
            Event{.name = "state.quarantined",
                  .level = Level::error,
                  .message = {N_("The state database was damaged. It is kept as {file}, and a new one is begun; "
                                 "all companies are compared anew."),
                              {{"file", aside->string()}}}});
    return std::unique_ptr<agent::Store>{std::make_unique<PooledStore>(std::move(*store), pool)};
}

agent::Async<> copy_store(agent::Store& store, std::filesystem::path to) {
    return dynamic_cast<PooledStore&>(store).copy(std::move(to));
}

}  // namespace samsynk::store
