// What every connector must do alike, whatever it reaches. One suite for all of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/steady_timer.hpp>

#include "contract/connectors/ground.hpp"

namespace samsynk::installations {
namespace {

using sync::Preference;
using testing::HasSubstr;

struct Kind {
    std::string name;
    GroundMaker make;
};
void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

OrgNumber number(const char* text) { return OrgNumber::parse(text).value(); }
const OrgNumber first = number("5560160680"), second = number("5560360793"), third = number("2120000142");

class Connector : public testing::TestWithParam<Kind> {
protected:
    void SetUp() override {
        ground_ = GetParam().make();
        ground_->add("b", "556036-0793", "Bageriet Åsa AB");
        ground_->add("a", "556016-0680", "Åkeriet i Östersund AB");
        ground_->add("c", "212000-0142", "Cykelboden");
        ground_->choose("a", Preference::send_all_invoices, true);
        ground_->choose("b", Preference::receive_invoices, false);
        side_ = ground_->open(context_.get_executor());
    }
    void TearDown() override {
        side_.reset();
        ground_.reset();
    }

    Result<std::vector<sync::LocalCompanyPtr>> scan() { return run(context_, side_->scan(false)); }
    sync::LocalCompanyPtr find(const std::string& place) {
        const auto found = scan();
        for (const auto& company : found.value())
            if (company->place == place) return company;
        return nullptr;
    }
    std::vector<Result<void>> write(std::vector<agent::PreferenceWrite> writes) {
        return run(context_, side_->write_preferences(std::move(writes)));
    }
    Result<void> write_one(agent::PreferenceWrite write) { return this->write({std::move(write)}).front(); }
    Result<void> tell(const std::string& place, sync::Notice notice) {
        return run(context_, side_->write_notices({{place, std::move(notice)}})).front();
    }
    static sync::Notice notice(const OrgNumber& company, const std::string& name, const std::string& office) {
        sync::Notice notice{.company = company, .name = name};
        notice.collaboration.state = sync::CollaborationState::active;
        notice.collaboration.office_name = office;
        return notice;
    }

    boost::asio::io_context context_;
    std::unique_ptr<Ground> ground_;
    std::unique_ptr<agent::LocalSide> side_;
};

TEST_P(Connector, ListsCompaniesInOrderOfPlaceWithWhatWasChosen) {
    const auto found = scan();
    ASSERT_TRUE(found.has_value()) << to_text(found.error().message);
    ASSERT_EQ(found->size(), 3U);
    EXPECT_EQ((*found)[0]->place, "a");
    EXPECT_EQ((*found)[0]->company, first);
    EXPECT_EQ((*found)[0]->name, "Åkeriet i Östersund AB");
    EXPECT_EQ((*found)[0]->preferences, (sync::Preferences{true, std::nullopt}));
    EXPECT_EQ((*found)[1]->company, second);
    EXPECT_EQ((*found)[1]->preferences, (sync::Preferences{std::nullopt, false}));
    EXPECT_EQ((*found)[2]->company, third);
    EXPECT_EQ((*found)[2]->preferences, sync::Preferences{});
    for (const auto& company : *found) {
        EXPECT_FALSE(company->trouble) << to_text(company->trouble->message);
        EXPECT_EQ(company->notice, std::nullopt) << "the agent was never there";
    }
}

TEST_P(Connector, ReadsOneCompanyAsItIsNow) {
    (void)scan();
    ground_->choose("c", Preference::send_all_invoices, false);
    const auto company = run(context_, side_->read("c"));
    ASSERT_TRUE(company.has_value());
    EXPECT_EQ((*company)->company, third);
    EXPECT_EQ((*company)->preferences, (sync::Preferences{false, std::nullopt}));
    EXPECT_EQ(run(context_, side_->read("none such")).error().code, Errc::not_found);
}

TEST_P(Connector, WritesAChoiceOverAbsenceAndOverAnother) {
    EXPECT_TRUE(write_one({"c", third, Preference::receive_invoices, std::nullopt, true}).has_value());
    EXPECT_EQ(ground_->chosen("c", Preference::receive_invoices), true);
    EXPECT_EQ(ground_->chosen("c", Preference::send_all_invoices), std::nullopt) << "the other is let be";
    EXPECT_TRUE(write_one({"c", third, Preference::receive_invoices, true, false}).has_value());
    EXPECT_EQ(ground_->chosen("c", Preference::receive_invoices), false);
    EXPECT_EQ(find("c")->preferences, (sync::Preferences{std::nullopt, false}));
}

TEST_P(Connector, TheirChoiceStandsWhereItIsNotTheOneThatWasRead) {
    (void)scan();
    ground_->choose("a", Preference::send_all_invoices, false);
    EXPECT_EQ(write_one({"a", first, Preference::send_all_invoices, std::nullopt, true}).error().code,
              Errc::changed_meanwhile);
    EXPECT_EQ(write_one({"a", first, Preference::send_all_invoices, true, false}).error().code,
              Errc::changed_meanwhile);
    EXPECT_EQ(ground_->chosen("a", Preference::send_all_invoices), false);
    ground_->choose("a", Preference::send_all_invoices, std::nullopt);
    EXPECT_EQ(write_one({"a", first, Preference::send_all_invoices, false, true}).error().code,
              Errc::changed_meanwhile);
    EXPECT_EQ(ground_->chosen("a", Preference::send_all_invoices), std::nullopt) << "absence is theirs, too";
}

TEST_P(Connector, GivesEachWriteOfABatchItsOwnResult) {
    const auto results = write({{"a", first, Preference::receive_invoices, std::nullopt, true},
                                {"a", first, Preference::send_all_invoices, true, false},
                                {"b", second, Preference::receive_invoices, true, false},
                                {"gone", third, Preference::receive_invoices, std::nullopt, true},
                                {"c", third, Preference::send_all_invoices, std::nullopt, true}});
    ASSERT_EQ(results.size(), 5U);
    EXPECT_TRUE(results[0].has_value());
    EXPECT_TRUE(results[1].has_value());
    EXPECT_EQ(results[2].error().code, Errc::changed_meanwhile);
    EXPECT_TRUE(results[3].has_error());
    EXPECT_TRUE(results[4].has_value());
    EXPECT_EQ(find("a")->preferences, (sync::Preferences{false, true}));
    EXPECT_EQ(find("b")->preferences, (sync::Preferences{std::nullopt, false}));
    EXPECT_EQ(find("c")->preferences, (sync::Preferences{true, std::nullopt}));
}

TEST_P(Connector, RemembersWhatItWasTold) {
    const auto told = notice(first, "Åkeriet", "Byrån i Åre AB");
    ASSERT_TRUE(tell("a", told).has_value());
    EXPECT_EQ(find("a")->notice, sync::fingerprint(told));
    EXPECT_EQ(find("b")->notice, std::nullopt);
    EXPECT_TRUE(tell("a", told).has_value()) << "the same once more";
    auto news = told;
    news.collaboration.state = sync::CollaborationState::ended;
    ASSERT_TRUE(tell("a", news).has_value());
    EXPECT_EQ(find("a")->notice, sync::fingerprint(news));
    EXPECT_EQ(find("a")->preferences, (sync::Preferences{true, std::nullopt})) << "the choices are let be";
}

TEST_P(Connector, OneSpoiledCompanyIsItsOwnTrouble) {
    ground_->spoil("b");
    const auto found = scan();
    ASSERT_EQ(found.value().size(), 3U);
    ASSERT_TRUE((*found)[1]->trouble);
    EXPECT_EQ((*found)[1]->trouble->code, Errc::bad_file);
    EXPECT_THAT(to_text((*found)[1]->trouble->message), HasSubstr("b")) << "it names the place";
    EXPECT_FALSE((*found)[0]->trouble);
    const auto results = write({{"b", second, Preference::send_all_invoices, std::nullopt, true},
                                {"c", third, Preference::send_all_invoices, std::nullopt, true}});
    EXPECT_TRUE(results[0].has_error()) << "what can't be read is not written over";
    EXPECT_TRUE(results[1].has_value());
}

TEST_P(Connector, WhatVanishesAsAWholeIsOfflineAndComesBack) {
    ASSERT_TRUE(scan().has_value());
    ground_->hide();
    const auto gone = scan();
    ASSERT_TRUE(gone.has_error()) << gone->size() << " companies";
    EXPECT_EQ(gone.error().code, Errc::installation_offline);
    EXPECT_TRUE(write_one({"a", first, Preference::send_all_invoices, true, false}).has_error());
    ground_->show();
    EXPECT_EQ(scan().value().size(), 3U);
    EXPECT_EQ(ground_->chosen("a", Preference::send_all_invoices), true);
}

TEST_P(Connector, NoCompaniesAtAllIsNotTheirEnd) {
    for (const char* place : {"a", "b", "c"}) ground_->remove(place);
    EXPECT_EQ(scan().error().code, Errc::installation_offline);
}

TEST_P(Connector, KeepsTheMarkThatItWasGiven) {
    EXPECT_EQ(run(context_, side_->mark()).value(), "");
    ASSERT_TRUE(run(context_, side_->leave_mark("5f3c…'\"")).has_value());
    EXPECT_EQ(run(context_, side_->mark()).value(), "5f3c…'\"");
    auto again = ground_->open(context_.get_executor());
    EXPECT_EQ(run(context_, again->mark()).value(), "5f3c…'\"");
}

TEST_P(Connector, TextsFromOutsideAreOnlyTexts) {
    const std::string nasty = "'); DROP TABLE company; -- \\' \" ${HOME} $(id) :place \n# å";
    auto told = notice(second, nasty, nasty);
    told.collaboration.assignment_name = nasty;
    ASSERT_TRUE(tell("b", told).has_value());
    EXPECT_EQ(find("b")->notice, sync::fingerprint(told));
    EXPECT_EQ(scan().value().size(), 3U);
    const std::string place = "x' OR '1'='1";
    EXPECT_TRUE(write_one({place, second, Preference::send_all_invoices, std::nullopt, true}).has_error());
    EXPECT_TRUE(tell(place, told).has_error());
    EXPECT_EQ(run(context_, side_->read(place)).error().code, Errc::not_found);
    EXPECT_EQ(find("b")->preferences, (sync::Preferences{std::nullopt, false}));
    EXPECT_EQ(find("c")->preferences, sync::Preferences{});
}

TEST_P(Connector, ATrialFindsAllWellAndChangesNothing) {
    (void)scan();
    const std::string before = ground_->everything();
    const auto probes = run(context_, side_->test());
    EXPECT_GE(probes.size(), 3U);
    for (const auto& probe : probes)
        EXPECT_FALSE(probe.trouble) << to_text(probe.what) << ": " << to_text(probe.trouble->message);
    EXPECT_EQ(ground_->everything(), before);
}

TEST_P(Connector, ATrialNamesWhatHinders) {
    ground_->spoil("b");
    bool told = false;
    for (const auto& probe : run(context_, side_->test())) told = told || probe.trouble.has_value();
    EXPECT_TRUE(told);
    ground_->hide();
    const auto probes = run(context_, side_->test());
    ASSERT_FALSE(probes.empty());
    EXPECT_TRUE(probes.back().trouble);
    ground_->show();
}

TEST_P(Connector, WaitingForNewsEndsWhenItIsStopped) {
    (void)scan();
    boost::asio::steady_timer soon{context_, std::chrono::milliseconds{50}};
    soon.async_wait([&](auto) { side_->stop_watching(); });
    EXPECT_EQ(run(context_, side_->news()).error().code, Errc::cancelled);
}

// With the servers that the environment names, which tests/system/test_sql_servers.py and test_odbc.py start.
std::vector<Kind> kinds() {
    std::vector<Kind> all{{"folder", make_folder_ground}, {"sqlite", make_sqlite_ground}, {"exec", make_exec_ground}};
    for (const auto& [name, variable] :
         {std::pair{"postgresql", "SAMSYNK_TEST_POSTGRESQL"}, std::pair{"mariadb", "SAMSYNK_TEST_MARIADB"},
          std::pair{"odbc_postgresql", "SAMSYNK_TEST_ODBC_POSTGRESQL"},
          std::pair{"odbc_sqlite", "SAMSYNK_TEST_ODBC_SQLITE"}})
        if (std::getenv(variable)) all.push_back({name, [variable] { return make_server_ground(variable); }});
    return all;
}

INSTANTIATE_TEST_SUITE_P(All, Connector, testing::ValuesIn(kinds()), [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace samsynk::installations
