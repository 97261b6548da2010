#include "ui/gate.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace samsynk::ui {
namespace {

constexpr std::uint16_t port = 4321;

Asked from_page(std::string target = "/v1/status", std::string method = "GET") {
    return {.method = std::move(method),
            .target = std::move(target),
            .host = "127.0.0.1:4321",
            .fetch_site = "same-origin",
            .fetch_mode = "cors"};
}

int status_of(const Asked& asked, std::uint16_t at = port) {
    const auto refusal = turned_away(asked, at);
    return refusal ? refusal->status : 0;
}

TEST(Gate, LetsThePageAndProgramsIn) {
    EXPECT_EQ(status_of(from_page()), 0);
    Asked posted = from_page("/open", "POST");
    posted.origin = "http://127.0.0.1:4321";
    EXPECT_EQ(status_of(posted), 0);
    EXPECT_EQ(status_of({.method = "GET", .target = "/v1/status", .host = "127.0.0.1:4321"}), 0) << "curl";
    Asked typed = from_page("/");
    typed.fetch_site = "none";
    EXPECT_EQ(status_of(typed), 0);
}

TEST(Gate, TurnsAwayWhoNamesAnotherHost) {
    for (const char* host :
         {"", "evil.example", "evil.example:4321", "127.0.0.1", "127.0.0.1:4322", "127.0.0.1:43210",
          "127.0.0.1.evil.example:4321", "localhost", "localhost:4321", "localhost:", "localhost:4321.evil.example",
          "[::1]:4321", "0.0.0.0:4321", "127.0.0.2:4321", " 127.0.0.1:4321", "LOCALHOST:4321x"}) {
        Asked asked = from_page();
        asked.host = host;
        EXPECT_EQ(status_of(asked), 421) << host;
        asked.origin = "http://" + asked.host;  // a name that was made to lead here: the same for the browser
        EXPECT_EQ(status_of(asked), 421) << host;
    }
}

TEST(Gate, KnowsThatThePortOfTheWebIsLeftOut) {
    Asked asked = from_page();
    asked.host = "127.0.0.1";
    EXPECT_EQ(status_of(asked, 80), 0);
    asked.origin = "http://127.0.0.1";
    EXPECT_EQ(status_of(asked, 80), 0);
    asked.host = "evil.example";
    EXPECT_EQ(status_of(asked, 80), 421);
}

TEST(Gate, TurnsAwayOtherOrigins) {
    for (const char* origin :
         {"null", "http://evil.example", "https://127.0.0.1:4321", "http://127.0.0.1:4322", "http://127.0.0.1",
          "http://localhost:4321", "http://127.0.0.1:4321/", "127.0.0.1:4321"}) {
        Asked asked = from_page("/open", "POST");
        asked.origin = origin;
        EXPECT_EQ(status_of(asked), 403) << origin;
    }
}

TEST(Gate, TurnsAwayWhatAnotherSiteAsksFor) {
    for (const char* site : {"cross-site", "same-site", "SAME-ORIGIN", "nonsense"})
        for (const char* target : {"/", "/v1/status", "/open", "/style.css"}) {
            Asked asked = from_page(target);
            asked.fetch_site = site;
            EXPECT_EQ(status_of(asked), 403) << site << " " << target;
        }
}

TEST(Gate, ALinkLeadsToThePageAndToNothingElse) {
    Asked link = from_page("/");
    link.fetch_site = "cross-site";
    link.fetch_mode = "navigate";
    EXPECT_EQ(status_of(link), 0);
    link.method = "POST";
    EXPECT_EQ(status_of(link), 403);
    link.method = "GET";
    for (const char* target : {"/v1/status", "/?x", "/index.html", "//"}) {
        link.target = target;
        EXPECT_EQ(status_of(link), 403) << target;
    }
    link.target = "/";
    link.origin = "http://evil.example";
    EXPECT_EQ(status_of(link), 403);
}

TEST(Gate, RefusesWhatNoBrowserSends) {
    for (const char* target : {"http://127.0.0.1:4321/v1/status", "*", "", "v1/status", "127.0.0.1:4321"})
        EXPECT_EQ(status_of(from_page(target)), 400) << target;
    Asked odd = from_page();
    odd.odd = true;
    EXPECT_EQ(status_of(odd), 400);
}

TEST(Gate, ARefusalIsAProblemThatCanBeSaidInAnyLanguage) {
    Asked asked = from_page();
    asked.host = "evil.example";
    const auto refusal = turned_away(asked, port);
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->content_type, "application/problem+json");
    const auto body = boost::json::parse(refusal->body).as_object();
    EXPECT_EQ(body.at("title").as_string(), "Misdirected Request");
    EXPECT_EQ(body.at("status"), 421);
    EXPECT_EQ(body.at("code").as_string(), "not_permitted");
    EXPECT_EQ(body.at("message_id").as_string(), "This page is found at {address} only.");
    EXPECT_EQ(body.at("args").at("address").as_string(), "http://127.0.0.1:4321/");
    EXPECT_EQ(body.at("detail").as_string(), "This page is found at http://127.0.0.1:4321/ only.");
    EXPECT_EQ(refusal->body.find("evil"), std::string::npos);
}

}  // namespace
}  // namespace samsynk::ui
