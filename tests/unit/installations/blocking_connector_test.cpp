// Books that block, hang or answer, as the agent sees them.
#include "installations/blocking_connector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <future>
#include <thread>

namespace samsynk::installations {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using testing::ElementsAre;

sync::LocalCompanyPtr company(const std::string& place, const std::string& name = {}) {
    return std::make_shared<const sync::LocalCompany>(sync::LocalCompany{.place = place, .name = name});
}

// What it has is set before it is asked; `hold` hangs each call until it is let go.
class Books : public BlockingRepository {
public:
    Result<Companies> scan() override {
        if (hold.valid()) hold.wait();
        return companies;
    }
    Result<sync::LocalCompanyPtr> read(const std::string& place) override { return find_company(companies, place); }
    Result<std::string> mark() override { return std::string{"m"}; }
    Result<void> leave_mark(const std::string&) override { return {}; }
    WriteResults write_preferences(const std::vector<agent::PreferenceWrite>& writes) override {
        if (hold.valid()) hold.wait();
        return WriteResults(writes.size());
    }
    WriteResults write_notices(const std::vector<agent::NoticeWrite>& writes) override {
        return WriteResults(writes.size());
    }
    std::vector<agent::Probe> test() override { return {}; }
    Watch watch() const override { return {0, -1, trouble}; }

    Companies companies{company("A"), company("B")};
    std::shared_future<void> hold;
    Reason trouble;
};

class BlockingConnectorTest : public testing::Test {
protected:
    template <class T>
    T await(asio::awaitable<T> work) {
        std::optional<T> value;
        const auto keep = [&value](std::exception_ptr, T given) { value.emplace(std::move(given)); };
        asio::co_spawn(context_, std::move(work), keep);
        context_.restart();
        while (!value) context_.run_one();
        return std::move(*value);
    }
    asio::io_context context_;
    std::shared_ptr<Books> books_ = std::make_shared<Books>();
    BlockingConnector connector_{
        {.id = "main", .connector = "sql", .program = "p", .location = "/books", .mark_file = "m"},
        books_,
        true,
        context_.get_executor(),
        milliseconds{200}};
};

TEST_F(BlockingConnectorTest, KeepsWhatWasFoundAgainAsTheObjectThatItWas) {
    const auto before = await(connector_.scan(false)).value();
    books_->companies = {company("A"), company("B", "another")};
    const auto now = await(connector_.scan(false)).value();
    EXPECT_EQ(now.at(0), before.at(0));
    EXPECT_NE(now.at(1), before.at(1));
}

TEST_F(BlockingConnectorTest, WhatHangsIsOfflineAndAWriteToItHasFailed) {
    std::promise<void> let_go;
    books_->hold = let_go.get_future().share();
    EXPECT_EQ(
        await(connector_.write_preferences(std::vector<agent::PreferenceWrite>(
                  2, {"A", OrgNumber::parse("5560160680").value(), sync::Preference::receive_invoices, {}, true})))
            .back()
            .error()
            .code,
        Errc::write_failed);
    EXPECT_EQ(await(connector_.scan(false)).error().code, Errc::installation_offline) << "at once, behind what hangs";
    EXPECT_EQ(await(connector_.test()).front().trouble->code, Errc::installation_offline);
    let_go.set_value();
    for (int i = 0; i < 200 && await(connector_.scan(false)).has_error(); ++i) {
        std::this_thread::sleep_for(milliseconds{10});
        context_.restart();
        context_.poll();
    }
    EXPECT_TRUE(await(connector_.scan(false)).has_value()) << "it is back";
}

TEST_F(BlockingConnectorTest, SaysOnceThatNothingIsListenedForAndThatIsAllThatIsNew) {
    books_->trouble = fail(Errc::write_failed, "no room");
    ASSERT_TRUE(await(connector_.scan(false)).has_value());
    const auto news = await(connector_.news()).value();
    EXPECT_TRUE(news.everything && news.trouble);
    EXPECT_EQ(connector_.watching(), agent::Watching::looking);
    connector_.stop_watching();
    EXPECT_EQ(await(connector_.news()).error().code, Errc::cancelled);
}

TEST(CompanyList, ShowsWhatCameWentOrChanged) {
    const Companies before{company("A"), company("B"), company("D")};
    EXPECT_THAT(changed_places(before, {company("A"), company("B", "x"), company("C")}), ElementsAre("B", "C", "D"));
    EXPECT_THAT(changed_places(before, before), ElementsAre());
    EXPECT_EQ(find_company(before, "D"), before.back());
    EXPECT_EQ(find_company(before, "C"), nullptr);
}

}  // namespace
}  // namespace samsynk::installations
