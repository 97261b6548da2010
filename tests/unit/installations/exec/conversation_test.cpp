// Requests under way and their answers, with the time told.
#include "installations/exec/conversation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace samsynk::installations {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class ConversationTest : public testing::Test {
protected:
    Result<void> say(const std::string& text) {
        auto line = parse_bridge_line(text);
        return conversation_.take(std::move(*line), text.size(), now_);
    }
    ExchangePtr begin(Asked asked, const std::string& place = {}) { return conversation_.begin(asked, place, now_); }
    static std::string company(int id, const std::string& place) {
        return R"({"id":)" + std::to_string(id) + R"(,"company":{"place":")" + place +
               R"(","number":"556016-0680","send_all_invoices":null,"receive_invoices":null}})";
    }

    Moment now_ = Moment{} + 1h;
    Conversation conversation_{"/bridge", 30s};
};

TEST_F(ConversationTest, NothingIsOverdueWhereNothingIsAsked) {
    EXPECT_EQ(conversation_.deadline(), std::nullopt);
    begin(Asked::write, "7");
    EXPECT_EQ(conversation_.deadline(), now_ + 30s);
    ASSERT_TRUE(say(R"({"id":1,"done":true})").has_value());
    EXPECT_EQ(conversation_.deadline(), std::nullopt);
    now_ += 1h;
    begin(Asked::write, "7");
    EXPECT_EQ(conversation_.deadline(), now_ + 30s) << "its silence begins with the question";
}

TEST_F(ConversationTest, EachAnswerGivesTimeAnewUpToTenTimes) {
    const auto began = now_;
    begin(Asked::list);
    now_ += 29s;
    begin(Asked::read, "7");
    EXPECT_EQ(conversation_.deadline(), began + 30s) << "to be asked more is no excuse";
    for (int i = 0; i < 11; ++i) {
        ASSERT_TRUE(say(company(1, std::to_string(i))).has_value());
        EXPECT_EQ(conversation_.deadline(), std::min(now_ + 30s, began + 300s));
        now_ += 29s;
    }
    EXPECT_EQ(conversation_.deadline(), began + 300s) << "it goes on, but not for ever";
}

TEST_F(ConversationTest, CountsWritesUnderWay) {
    begin(Asked::list);
    begin(Asked::write, "7");
    begin(Asked::collaboration, "7");
    EXPECT_EQ(conversation_.writes(), 2U);
    ASSERT_TRUE(say(R"({"id":3,"error":{"code":"busy"}})").has_value());
    EXPECT_EQ(conversation_.writes(), 1U);
    std::vector<std::uint64_t> ended;
    conversation_.end_all([&](const Exchange& exchange) {
        ended.push_back(exchange.id);
        return fail(Errc::write_failed, "ended");
    });
    EXPECT_THAT(ended, ElementsAre(1, 2));
    EXPECT_EQ(conversation_.writes(), 0U);
}

TEST_F(ConversationTest, AnErrorInMidListIsTheEndOfIt) {
    const auto list = begin(Asked::list);
    ASSERT_TRUE(say(company(1, "a")).has_value());
    ASSERT_TRUE(say(R"({"id":1,"error":{"code":"unreadable","message":"the disk"}})").has_value());
    EXPECT_EQ(list->outcome->error().code, Errc::unreadable);
    EXPECT_EQ(say(company(1, "b")).error().code, Errc::bad_reply);
}

TEST_F(ConversationTest, AListHasAtMost200000Companies) {
    begin(Asked::list);
    CompanyReply reply;
    for (int i = 0; i < 200'000; ++i) {
        reply.company.place = std::to_string(i);
        ASSERT_TRUE(conversation_.take({1, reply}, 100, now_).has_value());
    }
    reply.company.place = "one more";
    EXPECT_EQ(conversation_.take({1, reply}, 100, now_).error().code, Errc::bad_reply);
}

TEST_F(ConversationTest, AListHasAtMost128MiB) {
    begin(Asked::list);
    CompanyReply reply;
    for (int i = 0; i < 128; ++i) {
        reply.company.place = std::to_string(i);
        ASSERT_TRUE(conversation_.take({1, reply}, longest_line, now_).has_value());
    }
    reply.company.place = "one more";
    EXPECT_EQ(conversation_.take({1, reply}, 1, now_).error().code, Errc::bad_reply);
}

TEST(BridgeNewsTest, IsBoundedHoweverMuchIsTold) {
    auto now = Moment{} + 1h;
    BridgeNews news{now};
    for (int i = 0; i < 1000; ++i) EXPECT_TRUE(news.add({.places = {std::to_string(i)}}, now));
    EXPECT_EQ(news.take().places.size(), 1000U);
    EXPECT_TRUE(news.take().places.empty());
    for (int i = 0; i < 1001; ++i) EXPECT_TRUE(news.add({.places = {std::to_string(i)}}, now));
    const auto all = news.take();
    EXPECT_TRUE(all.everything);
    EXPECT_TRUE(all.places.empty());
    EXPECT_FALSE(news.take().everything);
}

TEST(BridgeNewsTest, WithoutEndIsTooMuch) {
    auto now = Moment{} + 1h;
    BridgeNews news{now};
    int told = 0;
    while (told < 20'000 && news.add({.everything = true}, now)) ++told;
    EXPECT_EQ(told, 10'000);
    news.begin_anew(now);
    EXPECT_TRUE(news.add({.everything = true}, now));
    for (int second = 0; second < 3600; ++second) {
        now += 1s;
        for (int i = 0; i < 200; ++i) ASSERT_TRUE(news.add({.everything = true}, now)) << "steadily is no flood";
    }
}

}  // namespace
}  // namespace samsynk::installations
