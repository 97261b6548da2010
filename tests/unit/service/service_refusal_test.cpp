// What people are told of an answer that is no success, and what is done about it.
#include "service/service_refusal.hpp"

#include <gtest/gtest.h>

#include "service/retry_after.hpp"

namespace samsynk::service {
namespace {

using std::chrono::seconds;

HttpReply reply_of(int status, const std::string& type, const std::string& body) {
    HttpReply reply;
    reply.status = status;
    reply.content_type = type;
    reply.from = "service.example:443";
    reply.body = body;
    return reply;
}

HttpReply page(int status) { return reply_of(status, "text/html", "<html>nginx</html>"); }

std::string told_by(const HttpReply& reply, seconds waits = seconds{0}, std::size_t token = 800) {
    return to_text(refusal_of(reply, waits, token).message);
}

TEST(ServiceRefusal, NamesARequestOnlyWhereThereIsOne) {
    for (const int status : {400, 401, 403, 404, 409, 413, 422, 429, 500, 502, 503, 504}) {
        const std::string nameless = told_by(reply_of(status, "application/json", "{}"));
        EXPECT_EQ(nameless.find("request"), std::string::npos) << nameless;
        EXPECT_EQ(nameless.find('?'), std::string::npos) << nameless;
        EXPECT_EQ(nameless.find("–"), std::string::npos) << nameless;
        const std::string named =
            told_by(reply_of(status, "application/problem+json", R"({"code":"some_code","request_id":"q-17"})"));
        EXPECT_NE(named.find("(request q-17)"), std::string::npos) << named;
    }
}

TEST(ServiceRefusal, SaysHowLongItAsksToWaitOnlyWhereItDoes) {
    const HttpReply busy = reply_of(429, "application/problem+json", "{}");
    EXPECT_EQ(refusal_of(busy, seconds{0}, 0).code, Errc::rate_limited);
    EXPECT_EQ(told_by(busy).find("0 s"), std::string::npos) << told_by(busy);
    EXPECT_NE(told_by(busy, seconds{30}).find("30 s"), std::string::npos);
}

TEST(ServiceRefusal, ALongTokenIsTheLikelyReasonWhereAProxyRefusesTheHeader) {
    for (const int status : {400, 431}) {
        EXPECT_NE(told_by(page(status), seconds{0}, 8500).find("8500 bytes"), std::string::npos);
        EXPECT_NE(told_by(page(status), seconds{0}, 8500).find("large_client_header_buffers"), std::string::npos);
        EXPECT_EQ(told_by(page(status), seconds{0}, 900).find("token"), std::string::npos);
    }
    EXPECT_EQ(told_by(page(503), seconds{0}, 8500).find("token"), std::string::npos);
    EXPECT_EQ(told_by(reply_of(400, "application/json", R"({"code":"bad"})"), seconds{0}, 8500).find("token"),
              std::string::npos)
        << "the service's own words";
}

TEST(ServiceRefusal, WhatEndsAHeldAnswerInBetweenIsACut) {
    EXPECT_EQ(cut_by(page(504)).code, Errc::service_unreachable);
    EXPECT_EQ(refusal_of(page(504), seconds{0}, 0).code, Errc::service_error) << "of any other call";
}

TEST(RetryAfter, OfAnotherIsBelievedForFiveMinutesOnly) {
    HttpReply own = reply_of(503, "application/problem+json", "{}"), other = page(503);
    own.retry_after = other.retry_after = "86400";
    EXPECT_EQ(asked_wait_of(own, Time{}), seconds{86400});
    EXPECT_EQ(asked_wait_of(other, Time{}), seconds{300});
    other.retry_after = "20";
    EXPECT_EQ(asked_wait_of(other, Time{}), seconds{20});
    other.content_type.clear();
    other.retry_after = "Sun, 06 Nov 1994 08:49:37 GMT";
    EXPECT_EQ(asked_wait_of(other, Time{}), seconds{300});
}

}  // namespace
}  // namespace samsynk::service
