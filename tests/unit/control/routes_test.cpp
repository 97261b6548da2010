// What the control socket answers, without a socket: the routes over a real agent in a world in memory.
#include "control/routes.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "support/machine.hpp"

namespace samsynk::control {
namespace {

namespace json = boost::json;

const OrgNumber lindqvist = OrgNumber::parse("556016-0680").value();

struct FakeHousekeeping : Housekeeping {
    std::string log_level() const override { return "info"; }
    Result<void> set_log_level(const std::string&, const std::string&) override { return {}; }
    agent::Async<Download> back_up() override { co_return fail(Errc::state_failed, N_("The copy could not be read.")); }
    boost::asio::awaitable<std::vector<Finding>> examine() override { co_return std::vector<Finding>{}; }
    agent::Async<> reload() override { co_return reloaded; }
    Result<void> reloaded = fail(Errc::bad_settings, N_("The configuration is refused: {mistakes}"));
};

class RoutesTest : public testing::Test {
protected:
    RoutesTest() {
        world.service.add(lindqvist, "Lindqvist Bygg AB", sync::CollaborationState::active, {.receive_invoices = true});
        world.main().add("L", lindqvist);
        machine.serve();
    }
    Response ask(const std::string& method, const std::string& path, const std::string& body = {}) {
        Request request{.method = method, .path = path, .query = {}, .accept = {}, .body = body, .may_act = may_act};
        if (const auto mark = path.find('?'); mark != std::string::npos) {
            request.query = path.substr(mark + 1);
            request.path = path.substr(0, mark);
        }
        request.accept = accept;
        Response response = machine.run(routes.answer(std::move(request))).value();
        if (response.shared_body) response.body = *response.shared_body;
        return response;
    }
    json::object got(const std::string& path) {
        const Response response = ask("GET", path);
        EXPECT_EQ(response.status, 200) << path;
        EXPECT_EQ(response.content_type, "application/json");
        return json::parse(response.body).as_object();
    }
    void refused(const Response& response, int status, const std::string& code) {
        EXPECT_EQ(response.status, status) << response.body;
        EXPECT_EQ(response.content_type, "application/problem+json");
        const json::object problem = json::parse(response.body).as_object();
        EXPECT_EQ(problem.at("status"), status);
        EXPECT_EQ(problem.at("code").as_string(), code);
        for (const char* key : {"type", "title", "detail", "message_id", "args"})
            EXPECT_TRUE(problem.contains(key)) << key;
    }

    support::World world;
    support::Machine machine{world};
    FakeHousekeeping housekeeping;
    Routes routes{machine.agent(), "https://online.example", [] { return NewestEvent{"now", 7}; }, &housekeeping};
    bool may_act = true;
    std::string accept;
};

TEST_F(RoutesTest, StatusTellsOfTheServiceTheLastRunAndTheCounts) {
    const auto status = got("/v1/status");
    EXPECT_EQ(status.at("service").at("url").as_string(), "https://online.example");
    EXPECT_EQ(status.at("service").at("state").as_string(), "ok");
    EXPECT_EQ(status.at("counts").at("synced"), 1);
    EXPECT_EQ(status.at("last_run").at("outcome").as_string(), "completed");
    EXPECT_EQ(status.at("last_run").at("counts").at("changed"), 2);
    EXPECT_TRUE(status.at("running").is_null());
    EXPECT_FALSE(status.at("next_run_at").is_null());
}

TEST_F(RoutesTest, CompaniesAndOneCompany) {
    const auto list = got("/v1/companies").at("companies").as_array();
    ASSERT_EQ(list.size(), 1U);
    EXPECT_EQ(list[0].at("company").as_string(), "5560160680");
    EXPECT_EQ(list[0].at("preferences").at("receive_invoices").at("local"), true);
    EXPECT_TRUE(list[0].at("preferences").at("send_all_invoices").at("agreed").is_null());
    EXPECT_TRUE(list[0].at("reason").is_null());
    const auto one = got("/v1/companies/556016-0680");
    EXPECT_EQ(one.at("online").at("collaboration").at("state").as_string(), "active");
    refused(ask("GET", "/v1/companies/5562651892"), 404, "not_found");
    refused(ask("GET", "/v1/companies/5560602345"), 400, "bad_request");
}

TEST_F(RoutesTest, APreferenceIsChosenAndSynced) {
    const auto answer = ask("PATCH", "/v1/companies/5560160680/preferences", R"({"send_all_invoices":true})");
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(json::parse(answer.body).at("preferences").at("send_all_invoices").at("online"), true);
    EXPECT_EQ(world.service.record(lindqvist).preferences.send_all_invoices, true);
}

TEST_F(RoutesTest, ASyncAnswersWithItsResultOrAsAStream) {
    const auto answer = ask("POST", "/v1/sync", R"({"companies":["5560160680"]})");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(json::parse(answer.body).at("trigger").as_string(), "manual");
    EXPECT_EQ(ask("POST", "/v1/sync").status, 200) << "no body: all companies";
    EXPECT_EQ(json::parse(ask("POST", "/v1/sync", R"({"dry_run":true})").body).at("dry_run"), true);
    accept = "application/x-ndjson";
    const auto live = ask("POST", "/v1/sync");
    ASSERT_TRUE(live.stream);
    EXPECT_EQ(live.stream->after, 7U);
    EXPECT_TRUE(live.stream->run.starts_with("r-"));
}

TEST_F(RoutesTest, EventsGoOnAfterANumber) {
    EXPECT_EQ(ask("GET", "/v1/events").stream->after, 7U);
    EXPECT_EQ(ask("GET", "/v1/events?after=3").stream->after, 3U);
    EXPECT_EQ(ask("GET", "/v1/events?after=99").stream->after, 99U) << "the bus tells that it is of another life";
    EXPECT_EQ(ask("GET", "/v1/events?after=now:3").stream->after, 3U);
    EXPECT_EQ(ask("GET", "/v1/events?after=before:3").stream->after, before_this_life);
    for (const char* query : {"after=", "after=x", "after=-1", "after=99999999999999999999", "until=3",
                              "after=now:", "after=:3", "after=now:x", "after=now:3:4"})
        refused(ask("GET", std::string{"/v1/events?"} + query), 400, "bad_request");
}

TEST_F(RoutesTest, HealthMetricsAndReload) {
    EXPECT_EQ(got("/healthz").at("status").as_string(), "ok");
    EXPECT_TRUE(ask("GET", "/metrics").content_type.starts_with("text/plain; version=0.0.4"));
    accept = "application/openmetrics-text;version=1.0.0,text/plain;q=0.5";
    const auto metrics = ask("GET", "/metrics");
    EXPECT_TRUE(metrics.content_type.starts_with("application/openmetrics-text"));
    EXPECT_TRUE(metrics.body.ends_with("# EOF\n"));
    EXPECT_NE(metrics.body.find("samsynk_runs_total{outcome=\"completed\"} 1\n"), std::string::npos);
    EXPECT_NE(metrics.body.find("samsynk_changes_total{direction=\"to_local\"} 1\n"), std::string::npos);
    EXPECT_NE(metrics.body.find("samsynk_company_last_success_age_seconds{installation=\"main\",place=\"L\","
                                "company=\"556016-0680\"}"),
              std::string::npos);
    EXPECT_NE(metrics.body.find("\nsamsynk_service_up 1\n"), std::string::npos);
    refused(ask("POST", "/v1/reload"), 422, "bad_settings");
    housekeeping.reloaded = Result<void>{};
    EXPECT_EQ(ask("POST", "/v1/reload").status, 204);
}

TEST_F(RoutesTest, ManyWhoAskForTheCompaniesGetOneText) {
    Request request{.method = "GET", .path = "/v1/companies"};
    const auto one = machine.run(routes.answer(request)).value();
    const auto other = machine.run(routes.answer(request)).value();
    EXPECT_EQ(one.shared_body, other.shared_body);
    machine.run(machine.agent().result(machine.agent().request_sync({})));
    const auto later = machine.run(routes.answer(request)).value();
    EXPECT_NE(one.shared_body, later.shared_body) << "what it tells of is another list by now";
}

TEST_F(RoutesTest, WithoutHousekeepingThereIsNone) {
    Routes without{machine.agent(), "https://online.example", [] { return NewestEvent{"now", 7}; }};
    for (const auto& [method, path] : {std::pair{"GET", "/v1/log"}, {"POST", "/v1/doctor"}, {"POST", "/v1/reload"}}) {
        Request request{.method = method, .path = path};
        refused(machine.run(without.answer(std::move(request))).value(), 404, "not_found");
    }
}

TEST_F(RoutesTest, ExplainHistoryRevertAndRelease) {
    const auto told = got("/v1/companies/556016-0680/explain");
    const auto& receiving = told.at("preferences").at("receive_invoices").as_object();
    EXPECT_EQ(receiving.at("rule").as_string(), "agree");
    EXPECT_EQ(receiving.at("last_change").at("rule").as_string(), "fill_local");
    EXPECT_EQ(told.at("claim").at("status").as_string(), "granted");
    const auto history = got("/v1/history?company=556016-0680&limit=5");
    const auto& run = history.at("runs").as_array().front();
    EXPECT_EQ(run.at("outcome").as_string(), "completed");
    EXPECT_EQ(run.at("changes").as_array().front().at("name").as_string(), "L AB");
    const auto reverted = ask("POST", "/v1/history/" + std::string{run.at("run").as_string()} + "/revert");
    EXPECT_EQ(reverted.status, 200);
    EXPECT_EQ(json::parse(reverted.body).at("reverted"), 0);
    EXPECT_EQ(json::parse(reverted.body).at("skipped").as_array().size(), 1U) << "it was not chosen before";
    refused(ask("POST", "/v1/history/r-none/revert"), 404, "not_found");
    EXPECT_EQ(ask("POST", "/v1/companies/5560160680/release").status, 200);
    EXPECT_EQ(world.service.holder(lindqvist), "");
    EXPECT_EQ(ask("POST", "/v1/sync", R"({"companies":["5560160680"]})").status, 200);
    EXPECT_EQ(world.service.holder(lindqvist), "uuid-main") << "who names it takes it up again";
    refused(ask("GET", "/v1/companies/5562651892/explain"), 404, "not_found");
    for (const char* query : {"company=x", "limit=-1", "limit=99999", "limit=", "x=1", "%zz"})
        refused(ask("GET", std::string{"/v1/history?"} + query), 400, "bad_request");
}

TEST_F(RoutesTest, WhatMakesNoSenseIsRefusedAndTouchesNothing) {
    const std::string preferences = "/v1/companies/5560160680/preferences";
    const std::string deep = std::string(20, '[') + std::string(20, ']');
    for (const std::string& body :
         std::vector<std::string>{"{", "[]", "7", R"({"x":1})", R"({"send_all_invoices":"yes"})",
                                  R"({"send_all_invoices":null})", "{}", R"({"send_all_invoices":)" + deep + "}"})
        refused(ask("PATCH", preferences, body), 400, "bad_request");
    for (const std::string& body :
         std::vector<std::string>{"{", "null", R"({"companies":"5560160680"})", R"({"companies":[5560160680]})",
                                  R"({"companies":["5560602345"]})", R"({"dry_run":1})", R"({"extra":true})"})
        refused(ask("POST", "/v1/sync", body), 400, "bad_request");
    EXPECT_TRUE(world.service.applied.empty());
}

TEST_F(RoutesTest, ANameThatIsNotUtf8SpoilsNoAnswer) {
    world.main().add("F\xF6retag", OrgNumber::parse("556265-1892").value());
    machine.run(machine.agent().result(machine.agent().request_sync({})));
    const auto companies = got("/v1/companies").at("companies").as_array();
    ASSERT_EQ(companies.size(), 2U);
    EXPECT_EQ(companies[0].at("place").as_string(), "F\uFFFDretag");
    refused(ask("GET", "/v1/f\xF6retag"), 404, "not_found");
    refused(ask("POST", "/v1/held/\xC3/approve"), 404, "not_found");
}

TEST_F(RoutesTest, UnknownPathsAndMethods) {
    for (const char* path :
         {"/", "/v1", "v1/status", "xv1/status", "/v2/status", "/v1/status/", "/v1/companies/1/2/3", "", "//"})
        refused(ask("GET", path), 404, "not_found");
    const auto wrong = ask("DELETE", "/v1/status");
    refused(wrong, 405, "bad_request");
    EXPECT_EQ(wrong.allow, "GET");
}

TEST_F(RoutesTest, AnObserverMayLookButNotAct) {
    EXPECT_EQ(got("/v1/status").at("may_act"), true);
    may_act = false;
    EXPECT_EQ(got("/v1/status").at("may_act"), false);
    EXPECT_EQ(ask("GET", "/metrics").status, 200);
    refused(ask("POST", "/v1/sync"), 403, "not_permitted");
    refused(ask("PATCH", "/v1/companies/5560160680/preferences", R"({"send_all_invoices":true})"), 403,
            "not_permitted");
    refused(ask("POST", "/v1/reload"), 403, "not_permitted");
    refused(ask("POST", "/v1/companies/5560160680/release"), 403, "not_permitted");
    refused(ask("POST", "/v1/history/r-1/revert"), 403, "not_permitted");
    EXPECT_TRUE(world.service.applied.empty());
}

}  // namespace
}  // namespace samsynk::control
