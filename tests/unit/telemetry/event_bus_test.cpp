#include "telemetry/event_bus.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "core/secrets.hpp"

namespace samsynk::telemetry {
namespace {

namespace asio = boost::asio;

struct Names : LogSink {
    explicit Names(std::vector<std::string>& to) : names{to} {}
    void write(const Event& event) override {
        names.push_back(event.name);
        last = event;
    }
    std::vector<std::string>& names;
    static inline Event last;
};

Event named(const std::string& name) {
    Event event;
    event.name = name;
    return event;
}

struct EventBusTest : testing::Test {
    // Reads in the background; what `next` gave is in `read` once `context` has run.
    void reader(std::uint64_t after) {
        asio::co_spawn(context, bus->next(after), [this](std::exception_ptr error, std::vector<Event> events) {
            ended = true;
            EXPECT_FALSE(error);
            read = std::move(events);
        });
    }
    std::vector<Event> read_now(std::uint64_t after) {
        ended = false;
        reader(after);
        context.restart();
        context.poll();
        EXPECT_TRUE(ended);
        return read;
    }

    asio::io_context context;
    std::vector<std::string> logged;
    std::unique_ptr<EventBus> bus = std::make_unique<EventBus>(context.get_executor(), std::make_unique<Names>(logged),
                                                               [] { return Time{std::chrono::seconds{7}}; });
    std::vector<Event> read;
    bool ended = false;
};

TEST_F(EventBusTest, NumbersAndTimesEvents) {
    bus->publish(named("a"));
    Event timed = named("b");
    timed.at = Time{std::chrono::seconds{3}};
    bus->publish(timed);
    const auto events = read_now(0);
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].sequence, 1U);
    EXPECT_EQ(events[0].at, Time{std::chrono::seconds{7}});
    EXPECT_EQ(events[1].sequence, 2U);
    EXPECT_EQ(events[1].at, timed.at);
    EXPECT_EQ(bus->last(), 2U);
}

TEST_F(EventBusTest, LogsAllButProgress) {
    for (const char* name : {"run.started", "run.progress", "run.completed"}) bus->publish(named(name));
    EXPECT_EQ(logged, (std::vector<std::string>{"run.started", "run.completed"}));
    EXPECT_EQ(read_now(0).size(), 3U);
}

TEST_F(EventBusTest, NothingThatIsLoggedOrToldHasAPresentSecretInIt) {
    const PresentSecret token{"s3cret\"åä"};
    Event event = named("run.failed");
    event.message = {"They said: {said}", {{"said", "Bearer s3cret\"åä"}}};
    event.fields = {{"detail", "you sent s3cret\"åä"}};
    bus->publish(event);
    for (const Event& shown : {Names::last, read_now(0).at(0)}) {
        EXPECT_EQ(to_text(shown.message), "They said: Bearer [hidden]");
        EXPECT_EQ(shown.fields.at(0).second, "you sent [hidden]");
    }
}

TEST_F(EventBusTest, WakesAllReadersThatWait) {
    bus->publish(named("a"));
    int woken = 0;
    for (int n = 0; n < 3; ++n)
        asio::co_spawn(context, bus->next(1), [&](std::exception_ptr, const std::vector<Event>& events) {
            woken += events.size() == 1 && events[0].name == "b";
        });
    context.poll();
    EXPECT_EQ(woken, 0);
    bus->publish(named("b"));
    context.restart();
    context.poll();
    EXPECT_EQ(woken, 3);
}

TEST_F(EventBusTest, GivesOnlyWhatIsNewer) {
    for (const char* name : {"a", "b", "c"}) bus->publish(named(name));
    const auto events = read_now(2);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].name, "c");
}

TEST_F(EventBusTest, TellsAReaderThatFellBehind) {
    for (std::size_t n = 0; n < EventBus::kept + 10; ++n) bus->publish(named("a"));
    const auto events = read_now(4);
    ASSERT_EQ(events.size(), EventBus::kept + 1);
    EXPECT_EQ(events[0].name, "events.dropped");
    EXPECT_EQ(to_text(events[0].message).substr(0, 9), "6 events ");
    EXPECT_EQ(events[0].sequence, 10U);
    EXPECT_EQ(events[1].sequence, 11U);
    EXPECT_EQ(read_now(10)[0].sequence, 11U);
}

TEST_F(EventBusTest, TellsAReaderOfAnEarlierLife) {
    bus->publish(named("a"));
    const auto events = read_now(500);
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].name, "events.dropped");
    EXPECT_NE(to_text(events[0].message).find("started anew"), std::string::npos);
    EXPECT_EQ(events[1].name, "a");
    EXPECT_EQ(events[1].life, bus->life());
    EXPECT_EQ(events[0].life, bus->life()) << "by which one goes on";
}

TEST_F(EventBusTest, EachHasALifeOfItsOwn) {
    const EventBus other{context.get_executor()};
    EXPECT_EQ(other.life().size(), 8U);
    EXPECT_NE(other.life(), bus->life());
}

TEST_F(EventBusTest, CloseWakesAllAndGivesNothing) {
    reader(0);
    context.poll();
    EXPECT_FALSE(ended);
    bus->close();
    context.restart();
    context.poll();
    EXPECT_TRUE(ended);
    EXPECT_TRUE(read.empty());
    bus->publish(named("late"));
    EXPECT_EQ(logged, std::vector<std::string>{"late"});
    EXPECT_TRUE(read_now(0).empty());
}

TEST_F(EventBusTest, AReaderMayOutliveTheBus) {
    reader(0);
    context.poll();
    bus.reset();
    context.restart();
    context.poll();
    EXPECT_TRUE(ended);
    EXPECT_TRUE(read.empty());
}

TEST_F(EventBusTest, AReaderMayGiveUpWaiting) {
    using namespace asio::experimental::awaitable_operators;
    bool gave_up = false;
    const auto impatient = [&]() -> asio::awaitable<void> {
        asio::steady_timer patience{context, std::chrono::milliseconds{1}};
        const auto first = co_await (bus->next(0) || patience.async_wait(asio::use_awaitable));
        gave_up = first.index() == 1;
    };
    asio::co_spawn(context, impatient, [](std::exception_ptr error) { EXPECT_FALSE(error); });
    context.run();
    EXPECT_TRUE(gave_up);
}

}  // namespace
}  // namespace samsynk::telemetry
