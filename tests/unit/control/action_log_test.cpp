// Who asked for what is told; what the daemon answers while it is not configured.
#include "control/action_log.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "control/not_configured.hpp"

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

TEST(NotConfigured, SaysSoToAllAndReadsAgainWhenAsked) {
    int reloads = 0;
    Result<void> outcome = fail(Errc::bad_settings, N_("The configuration is refused: {mistakes}"));
    NotConfigured answerer{"/etc/samsynk/samsynk.yaml", [&] {
                               ++reloads;
                               return outcome;
                           }};
    const auto told = answer_of(answerer, {.method = "GET", .path = "/v1/status"});
    EXPECT_EQ(told.status, 503);
    EXPECT_NE(told.body.find("\"code\":\"not_configured\""), std::string::npos) << told.body;
    EXPECT_NE(told.body.find("/etc/samsynk/samsynk.yaml"), std::string::npos);
    EXPECT_EQ(answer_of(answerer, {.method = "POST", .path = "/v1/reload"}).status, 422);
    outcome = Result<void>{};
    EXPECT_EQ(answer_of(answerer, {.method = "POST", .path = "/v1/reload"}).status, 204);
    EXPECT_EQ(reloads, 2);
    EXPECT_EQ(answer_of(answerer, {.method = "POST", .path = "/v1/reload", .may_act = false}).status, 403);
    EXPECT_EQ(reloads, 2);
    EXPECT_EQ(answer_of(answerer, {.method = "GET", .path = "/healthz"}).status, 200);
}

}  // namespace
}  // namespace samsynk::control
