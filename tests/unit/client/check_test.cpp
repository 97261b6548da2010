#include "client/check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace samsynk::client {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using testing::HasSubstr;

const Time now = *parse_rfc3339("2026-11-02T12:00:00Z");

std::string ago(std::chrono::seconds age) { return to_rfc3339(now - age); }

json::value status(std::chrono::seconds age) {
    json::value value = json::parse(R"({"version":"0.1.0","service":{"url":"https://x","state":"ok","reason":null},
        "counts":{"companies":12,"synced":11,"waiting":1,"held":0,"failed":0,"ignored":0,"pending":0},
        "signin":{"method":"client_secret","state":"ok","expires_at":null,"seconds_left":null,"certificate":null,
                  "reason":null}})");
    value.as_object()["started_at"] = ago(48h);
    value.as_object()["last_success_at"] = ago(age);
    return value;
}

json::value no_companies() { return json::parse(R"({"companies":[]})"); }

json::value company(const std::string& state, std::chrono::seconds age, const std::string& name = "A") {
    json::object one{{"company", "8001011231"}, {"name", name}, {"place", "A"}, {"state", state}, {"reason", nullptr}};
    one["last_success_at"] = ago(age);
    return one;
}

Verdict of(const json::value& value, const Limits& limits = {}, const json::value& companies = no_companies()) {
    return judge(value, companies, limits, now);
}

std::string said(const Verdict& verdict) {
    std::string text;
    for (const auto* all : {&verdict.told, &verdict.companies})
        for (const Message& one : *all) text += to_text(one) + "\n";
    return text;
}

TEST(Check, AllIsWell) {
    const Verdict verdict = of(status(180s), {}, json::object{{"companies", {company("synced", 200s)}}});
    EXPECT_EQ(verdict.gravity, Gravity::ok);
    EXPECT_EQ(said(verdict), "11 companies in sync, last success 3 min ago\n");
    EXPECT_EQ(performance_data(verdict.figures),
              "last_success_age=180s;2700;86400;0 oldest_company_age=200s companies=12 failed=0 held=0 waiting=1");
}

TEST(Check, TheAgeOfTheLastSuccessAtEachLimit) {
    EXPECT_EQ(of(status(45min)).gravity, Gravity::ok);
    EXPECT_EQ(of(status(45min + 1s)).gravity, Gravity::warning);
    EXPECT_EQ(of(status(24h)).gravity, Gravity::warning);
    EXPECT_EQ(of(status(24h + 1s)).gravity, Gravity::critical);
    EXPECT_EQ(of(status(61s), {.warning_age = 60s}).gravity, Gravity::warning);
    EXPECT_EQ(of(status(-1h)).gravity, Gravity::ok) << "a clock that was set back";
}

TEST(Check, BeforeTheFirstSuccessItsAgeIsTheDaemons) {
    json::value value = status(0s);
    value.as_object()["last_success_at"] = nullptr;
    EXPECT_EQ(of(value).gravity, Gravity::critical);
    value.as_object()["started_at"] = ago(60s);
    EXPECT_EQ(of(value).gravity, Gravity::ok);
    EXPECT_THAT(said(of(value)), HasSubstr("no success yet"));
}

TEST(Check, WhereTheServiceFailsItsReasonIsTold) {
    json::value value = status(25h);
    value.as_object()["service"] = json::parse(
        R"({"url":"https://x","state":"failing","reason":{"code":"tls_failed","message_id":"{host} | is not it.","args":{"host":"x"}}})");
    EXPECT_EQ(of(value).gravity, Gravity::critical);
    EXPECT_THAT(said(of(value)), HasSubstr("x | is not it."));
}

TEST(Check, FailedCompaniesAtEachLimit) {
    json::value value = status(1s);
    auto& failed = value.at("counts").as_object()["failed"];
    EXPECT_EQ(of(value, {.warning_failed = {0, false}}).gravity, Gravity::ok) << "none have";
    failed = 1;
    EXPECT_EQ(of(value).gravity, Gravity::warning);
    EXPECT_EQ(of(value, {.warning_failed = {2, false}}).gravity, Gravity::ok);
    EXPECT_EQ(of(value, {.warning_failed = {9, true}}).gravity, Gravity::ok) << "8.3 of a hundred";
    EXPECT_EQ(of(value, {.warning_failed = {8, true}}).gravity, Gravity::warning);
}

TEST(Check, OneThatIsHeldIsWarnedOf) {
    json::value value = status(1s);
    value.at("counts").as_object()["held"] = 1;
    EXPECT_EQ(of(value).gravity, Gravity::warning);
}

TEST(Check, TheSignInAndTheCertificateAtEachLimit) {
    json::value value = status(1s);
    auto& sign_in = value.at("signin").as_object();
    const auto with = [&](const char* what, std::int64_t left) {
        sign_in["seconds_left"] = nullptr;
        sign_in["certificate"] = nullptr;
        if (what == std::string{"signin"})
            sign_in["seconds_left"] = left;
        else
            sign_in["certificate"] = json::object{{"expires_at", nullptr}, {"seconds_left", left}};
        return of(value);
    };
    for (const char* what : {"signin", "certificate"}) {
        EXPECT_EQ(with(what, 14 * 86400).gravity, Gravity::ok) << what;
        EXPECT_EQ(with(what, 14 * 86400 - 1).gravity, Gravity::warning) << what;
        EXPECT_EQ(with(what, 3 * 86400).gravity, Gravity::warning) << what;
        EXPECT_EQ(with(what, 3 * 86400 - 1).gravity, Gravity::critical) << what;
        EXPECT_THAT(said(with(what, -5)), HasSubstr("has ended")) << what;
        EXPECT_THAT(performance_data(with(what, 100).figures),
                    HasSubstr(std::string{what} + "_left=100s;1209600:;259200:;0"));
    }
    sign_in["state"] = "required";
    EXPECT_EQ(with("signin", 99999999).gravity, Gravity::critical);
}

TEST(Check, TheGravestComesFirst) {
    json::value value = status(1s);
    value.at("counts").as_object()["held"] = 2;
    value.at("signin").as_object()["state"] = "required";
    EXPECT_EQ(to_text(of(value).told.front()), "someone must sign in: samsynk login");
}

TEST(Check, TenCompaniesAreNamedWithTheirNumbersMasked) {
    json::array companies;
    for (int n = 0; n < 13; ++n) companies.push_back(company(n % 2 ? "failed" : "held", 300s + n * 1s, "Kund"));
    companies.push_back(company("ignored", 9000s, "Borta"));
    const Verdict verdict = of(status(1s), {}, json::object{{"companies", companies}});
    EXPECT_EQ(verdict.companies.size(), 11U);
    EXPECT_EQ(to_text(verdict.companies.front()), "Kund (800101-****)");
    EXPECT_EQ(to_text(verdict.companies.back()), "… and 3 more: samsynk companies");
    EXPECT_THAT(performance_data(verdict.figures), HasSubstr("oldest_company_age=312s"));
}

TEST(Check, WhereTheDaemonCanNotBeAsked) {
    EXPECT_EQ(judge(fail(Errc::daemon_unreachable, "x")).gravity, Gravity::critical);
    EXPECT_EQ(judge(fail(Errc::not_permitted, "x")).gravity, Gravity::unknown);
    EXPECT_EQ(judge(fail(Errc::not_configured, "x")).gravity, Gravity::unknown);
}

TEST(Check, ReadsTimesAndShares) {
    EXPECT_EQ(*read_duration("45m"), 45min);
    EXPECT_EQ(*read_duration("1d"), 24h);
    EXPECT_EQ(*read_duration("90"), 90s);
    for (const char* wrong : {"", "m", "-5m", "1w", "5 m", "99999999999d"})
        EXPECT_TRUE(read_duration(wrong).has_error()) << wrong;
    EXPECT_TRUE(read_share("10%")->percent);
    EXPECT_EQ(read_share("3")->number, 3U);
    for (const char* wrong : {"", "%", "101%", "3x", "-1"}) EXPECT_TRUE(read_share(wrong).has_error()) << wrong;
}

}  // namespace
}  // namespace samsynk::client
