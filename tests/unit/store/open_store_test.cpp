#include "store/open_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <thread>

#include "unit/store/support.hpp"

namespace samsynk::store {
namespace {

namespace asio = boost::asio;

// Runs a coroutine to its end on this thread.
template <class Body>
void run(Body body) {
    asio::io_context context;
    bool ended = false;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            co_await body();
            ended = true;
        },
        [](std::exception_ptr error) {
            if (error) std::rethrow_exception(error);
        });
    context.run();
    EXPECT_TRUE(ended);
}

TEST(OpenStore, WorksAndComesBackToTheCallersThread) {
    const Folder folder;
    asio::thread_pool pool{2};
    auto opened = open_store(folder.path(), pool);
    const auto store = std::move(opened.value());
    const auto here = std::this_thread::get_id();
    sync::Commit commit = with_cursor("c");
    commit.records = {{.company = company(), .version = 2, .name = "Lindqvist Bygg AB"}};
    const std::vector<OrgNumber> asked{company()};
    run([&]() -> asio::awaitable<void> {
        EXPECT_TRUE((co_await store->commit(commit)).has_value());
        EXPECT_EQ(std::this_thread::get_id(), here);
        const auto memory = co_await store->load();
        EXPECT_EQ(memory.value().cursor, "c");
        const auto records = co_await store->records(asked);
        EXPECT_EQ(records.value(), commit.records);
        EXPECT_EQ(std::this_thread::get_id(), here);
    });
    pool.join();
}

TEST(OpenStore, KeepsTheOrderOfCommits) {
    const Folder folder;
    asio::thread_pool pool{2};
    auto opened = open_store(folder.path(), pool);
    const auto store = std::move(opened.value());
    asio::io_context context;
    for (int n = 1; n <= 50; ++n)
        asio::co_spawn(context, store->commit(with_cursor(std::to_string(n))), asio::detached);
    context.run();
    run([&]() -> asio::awaitable<void> { EXPECT_EQ((co_await store->load()).value().cursor, "50"); });
    pool.join();
}

TEST(OpenStore, ACancelledCallerEndsOnItsOwnThread) {
    using namespace asio::experimental::awaitable_operators;
    const Folder folder;
    asio::thread_pool pool{1};
    auto opened = open_store(folder.path(), pool);
    const auto store = std::move(opened.value());
    const auto here = std::this_thread::get_id();
    run([&]() -> asio::awaitable<void> {
        asio::steady_timer at_once{co_await asio::this_coro::executor, std::chrono::seconds{0}};
        (void)co_await (store->commit(with_cursor("c")) || at_once.async_wait(asio::use_awaitable));
        EXPECT_EQ(std::this_thread::get_id(), here);
    });
    pool.join();
}

TEST(OpenStore, TellsOfADamagedState) {
    const Folder folder;
    put_content(folder / "state.db", "certainly no database, certainly no database, certainly no database");
    struct Heard : EventSink {
        void publish(Event event) override { events.push_back(std::move(event)); }
        std::vector<Event> events;
    } heard;
    asio::thread_pool pool{1};
    ASSERT_TRUE(open_store(folder.path(), pool, &heard).has_value());
    ASSERT_EQ(heard.events.size(), 1U);
    EXPECT_EQ(heard.events[0].name, "state.quarantined");
    EXPECT_TRUE(std::filesystem::exists(heard.events[0].message.args.at(0).second));
    EXPECT_TRUE(open_store(folder / "other", pool, &heard).has_value());
    EXPECT_EQ(heard.events.size(), 1U);
    pool.join();
}

TEST(OpenStore, RefusesWhatTheStoreRefuses) {
    const Folder folder;
    asio::thread_pool pool{1};
    const auto first = open_store(folder.path(), pool);
    EXPECT_EQ(open_store(folder.path(), pool).error().code, Errc::state_failed);
    pool.join();
}

}  // namespace
}  // namespace samsynk::store
