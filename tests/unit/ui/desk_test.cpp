#include "ui/desk.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <fstream>

namespace samsynk::ui {
namespace {

using std::chrono::hours;

class DeskTest : public testing::Test {
protected:
    DeskTest() { desk.be_at(4321); }
    ~DeskTest() override { std::filesystem::remove_all(folder); }

    std::optional<Answer> ask(std::string method, std::string target, std::string body = {}) {
        return desk.answer({.method = std::move(method),
                            .target = std::move(target),
                            .host = "127.0.0.1:4321",
                            .authorization = token.empty() ? "" : "Bearer " + token,
                            .body = std::move(body)},
                           now);
    }
    int status(std::string method, std::string target, std::string body = {}) {
        const auto answer = ask(std::move(method), std::move(target), std::move(body));
        return answer ? answer->status : 0;
    }
    std::string key() {
        const std::string address = desk.new_address();
        EXPECT_TRUE(address.starts_with("http://127.0.0.1:4321/#")) << address;
        return address.substr(address.find('#') + 1);
    }
    void open() {
        const auto answer = ask("POST", "/open", boost::json::serialize(boost::json::object{{"key", key()}}));
        ASSERT_EQ(answer->status, 200) << answer->body;
        token = boost::json::parse(answer->body).at("token").as_string();
    }

    std::filesystem::path folder = std::filesystem::temp_directory_path() / ("desk-" + std::to_string(::getpid()));
    Desk desk{folder};
    Moment now = hours{1};
    std::string token;
};

TEST_F(DeskTest, ThePageNeedsNoSession) {
    const auto page = ask("GET", "/");
    ASSERT_EQ(page->status, 200);
    EXPECT_EQ(page->content_type, "text/html; charset=utf-8");
    EXPECT_TRUE(page->file.starts_with("<!doctype html>"));
    EXPECT_EQ(ask("GET", "/index.html")->file, page->file);
    EXPECT_EQ(ask("GET", "/?lang=sv")->file, page->file);
    for (const char* nothing : {"/nothing", "/index", "/../index.html", "/v1", "/metrics", "/healthz", "//", "/%2e"})
        EXPECT_EQ(status("GET", nothing), 404) << nothing;
}

TEST_F(DeskTest, NothingOfTheDaemonsWithoutASession) {
    for (const char* given : {"", "x", "Bearer", "bearer "}) {
        token = given;
        const auto answer = ask("GET", "/v1/status");
        ASSERT_TRUE(answer) << given;
        EXPECT_EQ(answer->status, 401);
        EXPECT_EQ(boost::json::parse(answer->body).at("code").as_string(), "not_permitted");
    }
    EXPECT_EQ(status("POST", "/v1/sync"), 401);
}

TEST_F(DeskTest, ATokenIsAskedForByItsSchemeOnly) {
    open();
    const auto with = [&](std::string authorization) {
        const auto answer = desk.answer({.method = "GET",
                                         .target = "/v1/status",
                                         .host = "127.0.0.1:4321",
                                         .authorization = std::move(authorization)},
                                        now);
        return answer ? answer->status : 0;
    };
    EXPECT_EQ(with("Bearer " + token), 0);
    for (const std::string& other : {token, "Basic " + token, "Bearer  " + token, "Bearer " + token + " "})
        EXPECT_EQ(with(other), 401) << other;
}

TEST_F(DeskTest, AKeyOpensASessionOnce) {
    int opened = 0;
    desk.on_opened([&] { ++opened; });
    const std::string body = boost::json::serialize(boost::json::object{{"key", key()}});
    EXPECT_EQ(status("POST", "/open", R"({"key":"wrong"})"), 403);
    EXPECT_EQ(opened, 0);
    EXPECT_EQ(status("POST", "/open", body), 200);
    EXPECT_EQ(opened, 1);
    const auto again = ask("POST", "/open", body);
    EXPECT_EQ(again->status, 403);
    EXPECT_NE(again->body.find("Press Enter in the terminal"), std::string::npos);
    EXPECT_EQ(opened, 1);
}

TEST_F(DeskTest, WhatIsNoKeyIsRefused) {
    key();
    const std::string deep = std::string(60000, '[');
    for (const std::string& body : {std::string{}, std::string{"{}"}, std::string{"[]"}, std::string{R"({"key":7})"},
                                    std::string{R"({"key":""})"}, std::string{"{"}, deep, std::string{"\xff"}})
        EXPECT_EQ(status("POST", "/open", body), 400) << body.substr(0, 20);
}

TEST_F(DeskTest, WithATokenTheDaemonAnswers) {
    open();
    for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE"})
        EXPECT_EQ(status(method, "/v1/x?y"), 0) << method;
    now += hours{9};
    EXPECT_EQ(status("GET", "/v1/x"), 0) << "those are under way";
    for (int i = 0; i < 6; ++i) desk.leave(token, now);
    now += hours{8};
    EXPECT_EQ(status("GET", "/v1/x"), 401);
}

TEST_F(DeskTest, OnlyTheMethodsThatAreNeeded) {
    open();
    for (const char* method : {"HEAD", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"}) {
        for (const char* target : {"/", "/open", "/v1/status", "/index.html"}) {
            const auto answer = ask(method, target);
            ASSERT_TRUE(answer) << method << target;
            EXPECT_EQ(answer->status, 405) << method << target;
            EXPECT_FALSE(answer->allow.empty());
        }
    }
    EXPECT_EQ(status("GET", "/open"), 405);
    EXPECT_EQ(status("POST", "/"), 405);
}

TEST_F(DeskTest, TheSwedishWordsAsTheyAre) {
    EXPECT_EQ(status("GET", "/catalog/sv"), 404);
    std::filesystem::create_directories(folder / "sv/LC_MESSAGES");
    const std::string words("\xde\x12\x04\x95\0\r\n", 7);
    std::ofstream{folder / "sv/LC_MESSAGES/samsynk.mo", std::ios::binary} << words;
    const auto answer = ask("GET", "/catalog/sv");
    EXPECT_EQ(answer->body, words);
    EXPECT_EQ(answer->content_type, "application/octet-stream");
    EXPECT_EQ(status("GET", "/catalog/de"), 404);
    EXPECT_EQ(status("PUT", "/catalog/sv"), 405);
}

TEST_F(DeskTest, WhoComesFromElsewhereIsNotEvenToldThatAKeyIsWrong) {
    open();
    Asked asked{.method = "POST", .target = "/open", .host = "evil.example", .body = R"({"key":"x"})"};
    EXPECT_EQ(desk.answer(asked, now)->status, 421);
    asked = {.method = "GET",
             .target = "/v1/status",
             .host = "127.0.0.1:4321",
             .origin = "http://evil.example",
             .authorization = "Bearer " + token};
    EXPECT_EQ(desk.answer(asked, now)->status, 403);
}

}  // namespace
}  // namespace samsynk::ui
