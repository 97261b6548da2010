#include "ui/http_messages.hpp"

#include <gtest/gtest.h>

#include <boost/beast/http/write.hpp>
#include <sstream>

namespace samsynk::ui {
namespace {

namespace http = boost::beast::http;

HttpRequest parsed(const std::string& text) {
    HttpParser parser;
    set_limits(parser);
    boost::system::error_code code;
    parser.eager(true);
    parser.put(boost::asio::buffer(text), code);
    EXPECT_FALSE(code) << code.message();
    EXPECT_TRUE(parser.is_done());
    return parser.release();
}

TEST(Messages, ARequestIsReadWhole) {
    const Asked asked =
        to_asked(parsed("PATCH /v1/x?y=1 HTTP/1.1\r\nhOST: a\r\nOrigin: b\r\nSEC-FETCH-SITE: c\r\n"
                        "sec-fetch-mode: d\r\nAuthorization: e\r\nContent-Type: f\r\nAccept: g\r\n"
                        "Content-Length: 2\r\n\r\nhi"));
    EXPECT_EQ(asked.method, "PATCH");
    EXPECT_EQ(asked.target, "/v1/x?y=1");
    EXPECT_EQ(asked.host + asked.origin + asked.fetch_site + asked.fetch_mode + asked.authorization +
                  asked.content_type + asked.accept + asked.body,
              "abcdefghi");
    EXPECT_FALSE(asked.odd);
}

TEST(Messages, AHeaderThatDecidesAndIsThereTwiceIsOdd) {
    for (const std::string name : {"Host", "Origin", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Authorization"}) {
        const std::string head = "GET / HTTP/1.1\r\nX: y\r\n" + name + ": a\r\n";
        EXPECT_FALSE(to_asked(parsed(head + "\r\n")).odd) << name;
        EXPECT_TRUE(to_asked(parsed(head + name + ": a\r\n\r\n")).odd) << name;
    }
    EXPECT_TRUE(to_asked(parsed("GET / HTTP/1.0\r\nHost: a\r\n\r\n")).odd);
}

TEST(Messages, EveryAnswerIsProtected) {
    for (Answer answer : {Answer{.body = "{}"}, Answer{.body = {}, .file = "x"}, problem(401, fail(Errc::busy, "x"))}) {
        const auto message = to_message(std::move(answer), true);
        const std::string policy{message["Content-Security-Policy"]};
        EXPECT_TRUE(policy.starts_with("default-src 'none'; script-src 'self'; "));
        EXPECT_EQ(policy.find("unsafe"), std::string::npos);
        for (const char* word :
             {"base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "connect-src 'self'"})
            EXPECT_NE(policy.find(word), std::string::npos) << word;
        EXPECT_EQ(message["X-Content-Type-Options"], "nosniff");
        EXPECT_EQ(message["Referrer-Policy"], "no-referrer");
        EXPECT_EQ(message["Cross-Origin-Opener-Policy"], "same-origin");
        EXPECT_EQ(message["Cross-Origin-Resource-Policy"], "same-origin");
        EXPECT_EQ(message["Cache-Control"], "no-store");
        EXPECT_FALSE(message.count("Access-Control-Allow-Origin"));
        EXPECT_FALSE(message.count("Set-Cookie"));
    }
}

TEST(Messages, TheDaemonGetsWhatWasAskedAndNothingBeside) {
    Asked asked =
        to_asked(parsed("POST /v1/sync HTTP/1.1\r\nHost: 127.0.0.1:1\r\nAuthorization: Bearer secret\r\n"
                        "Cookie: other=1\r\nX-Forwarded-For: me\r\nAccept: application/x-ndjson\r\n"
                        "Content-Length: 2\r\nContent-Type: application/json\r\n\r\n{}"));
    const auto message = to_daemon(asked);
    std::ostringstream text;
    text << message;
    EXPECT_EQ(text.str(), "POST /v1/sync HTTP/1.1\r\nHost: localhost\r\nUser-Agent: samsynk-ui/" SAMSYNK_VERSION
                          "\r\nAccept: application/x-ndjson\r\nContent-Type: application/json\r\nConnection: close\r\n"
                          "Content-Length: 2\r\n\r\n{}");
}

TEST(Messages, ABodyOfUnknownLengthIsNotRead) {
    for (const auto& [field, status] :
         {std::pair{"Transfer-Encoding: chunked", 411}, std::pair{"Content-Length: 3", 0}}) {
        HttpParser parser;
        boost::system::error_code code;
        const std::string head = "POST /open HTTP/1.1\r\n" + std::string{field} + "\r\n\r\n";
        parser.put(boost::asio::buffer(head), code);
        ASSERT_TRUE(!code && parser.is_header_done());
        const auto answer = answer_to_head(parser);
        EXPECT_EQ(answer ? answer->status : 0, status) << field;
    }
}

TEST(Messages, WhatCantBeReadIsToldSo) {
    EXPECT_EQ(answer_to_unreadable(http::error::header_limit)->status, 413);
    EXPECT_EQ(answer_to_unreadable(http::error::body_limit)->status, 413);
    EXPECT_EQ(answer_to_unreadable(http::error::bad_version)->status, 400);
    EXPECT_FALSE(answer_to_unreadable(http::error::end_of_stream));
    EXPECT_FALSE(answer_to_unreadable(boost::asio::error::operation_aborted));
}

}  // namespace
}  // namespace samsynk::ui
