// Who asked for what is told.
#include "control/action_log.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

namespace samsynk::control {
namespace {

Response answer_of(Answerer& answerer, Request request) {
    boost::asio::io_context context;
    auto answer = boost::asio::co_spawn(context, answerer.answer(std::move(request)), boost::asio::use_future);
    context.run();
    return answer.get();
}

class Always : public Answerer {
public:
    explicit Always(int status) : status_{status} {}
    boost::asio::awaitable<Response> answer(Request) override { co_return Response{.status = status_}; }

private:
    int status_;
};

class Kept : public EventSink {
public:
    void publish(Event event) override { events.push_back(std::move(event)); }
    std::vector<Event> events;
};

std::vector<Event> told_of(const std::string& method, const std::string& path, int status) {
    Always next{status};
    Kept kept;
    ActionLog log{next, kept};
    EXPECT_EQ(answer_of(log, {.method = method, .path = path, .by = "anna"}).status, status);
    return kept.events;
}

TEST(ActionLog, TellsWhoAskedForWhat) {
    const auto events = told_of("POST", "/v1/held/h-3/approve", 200);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].name, "control.audit");
    EXPECT_EQ(events[0].level, Level::info);
    EXPECT_EQ(to_text(events[0].message), "anna asked for POST /v1/held/h-3/approve.");
}

TEST(ActionLog, NamesACompanyWhereItIsMasked) {
    const auto events = told_of("PATCH", "/v1/companies/800101-1231/preferences", 200);
    ASSERT_EQ(events.size(), 1U);
    ASSERT_TRUE(events[0].company);
    EXPECT_EQ(to_text(events[0].message), "anna asked for PATCH /v1/companies/preferences.");
}

TEST(ActionLog, WarnsOfWhatWasNotPermitted) {
    const auto events = told_of("POST", "/v1/sync", 403);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].level, Level::warning);
}

TEST(ActionLog, IsSilentOfWhoOnlyLooks) { EXPECT_TRUE(told_of("GET", "/v1/status", 200).empty()); }

}  // namespace
}  // namespace samsynk::control
