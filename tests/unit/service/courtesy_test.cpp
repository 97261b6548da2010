// How much is asked of a host, on a clock of the test's own.
#include "service/courtesy.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <random>

#include "service/https_client.hpp"
#include "service/retry_after.hpp"

namespace samsynk::service {
namespace {

using namespace std::chrono_literals;

TEST(Courtesy, LetsABurstThroughAndThenSpreadsTheRest) {
    Courtesy courtesy;
    const Courtesy::Instant now{};
    for (int i = 0; i < static_cast<int>(burst); ++i) EXPECT_EQ(courtesy.take_turn("a", now), 0ms);
    EXPECT_EQ(courtesy.take_turn("a", now), 170ms);
    EXPECT_EQ(courtesy.take_turn("a", now), 339ms);
    EXPECT_EQ(courtesy.take_turn("b", now), 0ms) << "each endpoint for itself";
    EXPECT_EQ(courtesy.take_turn("a", now + 60s), 0ms);
}

// Whatever the pattern, in no minute are 600 sent.
TEST(Courtesy, InNoMinuteAreAsManyAsAreCounted) {
    for (unsigned seed = 1; seed <= 50; ++seed) {
        std::mt19937 random{seed};
        Courtesy courtesy;
        Courtesy::Instant now{};
        std::deque<Courtesy::Instant> sent;
        for (int i = 0; i < 5000; ++i) {
            now += courtesy.take_turn("a", now);  // one client sends one after the other
            sent.push_back(now);
            while (sent.front() <= now - 60s) sent.pop_front();
            ASSERT_LT(sent.size(), 600U) << "seed " << seed;
            if (random() % 100 == 0) now += std::chrono::milliseconds{random() % 30'000};
        }
    }
}

TEST(Courtesy, AnEndpointIsNamedWithoutWhatNamesOneCompany) {
    EXPECT_EQ(endpoint_name("GET", "/v1/companies?limit=500&after=x"), "GET /v1/companies");
    EXPECT_EQ(endpoint_name("GET", "/p/v1/companies/5560160680"), "GET /p/v1/companies/*");
    EXPECT_EQ(endpoint_name("DELETE", "/v1/installations/0e9c1f4e-11aa-5b3c-8d7e-000000000000/companies/5560160680"),
              "DELETE /v1/installations/*/companies/*");
    EXPECT_EQ(endpoint_name("GET", "/.well-known/openid-configuration"), "GET /.well-known/openid-configuration");
}

TEST(Courtesy, RemembersWhatAHostAskedForUntilItIsOver) {
    Courtesy courtesy;
    const Courtesy::Instant now{};
    courtesy.ask_to_wait("a", 90s, now);
    EXPECT_EQ(courtesy.asked_wait("a", now + 30500ms), 60s);
    EXPECT_EQ(courtesy.asked_wait("b", now), 0s);
    EXPECT_EQ(courtesy.asked_wait("a", now + 91s), 0s);
    courtesy.ask_to_wait("a", 0s, now);
    EXPECT_EQ(courtesy.asked_wait("a", now), 0s);
}

TEST(RetryAfter, ADateIsMeasuredByTheServicesOwnClock) {
    HttpReply reply;
    reply.retry_after = "Tue, 24 Nov 2026 10:02:00 GMT";
    const Time an_hour_ahead = parse_rfc3339("2026-11-24T11:00:00Z").value();
    EXPECT_EQ(asked_wait_of(reply, an_hour_ahead), 0s);
    reply.date = "Tue, 24 Nov 2026 10:00:00 GMT";
    EXPECT_EQ(asked_wait_of(reply, an_hour_ahead), 120s);
    reply.retry_after = "7";
    EXPECT_EQ(asked_wait_of(reply, an_hour_ahead), 7s);
}

}  // namespace
}  // namespace samsynk::service
