// How the daemon is judged, at each limit.
#include "client/check_command.hpp"

#include <gtest/gtest.h>

namespace samsynk::client {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

const Time now = parse_rfc3339("2026-11-02T12:00:00Z").value();

json::value status_with(const std::function<void(json::object&)>& change = {}) {
    json::object status = json::parse(R"({"started_at":"2026-11-01T00:00:00Z","last_success_at":"2026-11-02T11:57:00Z",
            "oldest_success_at":"2026-11-02T11:57:00Z","service":{"state":"ok","reason":null},
            "counts":{"companies":200,"synced":199,"waiting":1,"held":0,"failed":0,"ignored":0,"pending":0,"offline":0},
            "installations":[{"id":"main","reason":null}],
            "signin":{"state":"ok","seconds_left":null,"certificate":null,"reason":null}})")
                              .as_object();
    if (change) change(status);
    return status;
}
json::object reason(const std::string& text) { return {{"message_id", text}, {"args", json::object{}}}; }

Grade grade(const std::function<void(json::object&)>& change, const CheckLimits& limits = {}) {
    return evaluate(status_with(change), limits, now).grade;
}

TEST(CheckVerdict, AllIsWell) {
    const Verdict verdict = evaluate(status_with(), {}, now);
    EXPECT_EQ(verdict.grade, Grade::ok);
    EXPECT_TRUE(verdict.reasons.empty());
    EXPECT_EQ(to_text(verdict.well), "200 companies, last success 3 min ago");
    EXPECT_EQ(verdict.performance,
              "last_success_age=180s;2700;86400;0 oldest_company_age=180s;86400;;0 companies=200;;;0 synced=199;;;0 "
              "waiting=1;;;0 held=0;;;0 failed=0;;;0 pending=0;;;0 offline=0;;;0");
}

TEST(CheckVerdict, TheAgeOfTheLastSuccess) {
    const auto at = [](const char* time) { return [time](json::object& status) { status["last_success_at"] = time; }; };
    EXPECT_EQ(grade(at("2026-11-02T11:15:01Z")), Grade::ok);
    EXPECT_EQ(grade(at("2026-11-02T11:15:00Z")), Grade::warning);
    EXPECT_EQ(grade(at("2026-11-01T12:00:01Z")), Grade::warning);
    EXPECT_EQ(grade(at("2026-11-01T12:00:00Z")), Grade::critical);
    EXPECT_EQ(grade([](json::object& status) { status["last_success_at"] = nullptr; }), Grade::critical)
        << "since the start, a day and a half ago";
    EXPECT_EQ(grade(at("2026-11-02T12:00:30Z")), Grade::ok) << "a clock that was set back";
}

TEST(CheckVerdict, OneCompanyThatIsForgotten) {
    EXPECT_EQ(grade([](json::object& status) { status["oldest_success_at"] = "2026-11-01T11:00:00Z"; }),
              Grade::warning);
}

TEST(CheckVerdict, CompaniesInTrouble) {
    const auto with = [](int failed, int held) {
        return [failed, held](json::object& status) {
            status["counts"].as_object()["failed"] = failed;
            status["counts"].as_object()["held"] = held;
        };
    };
    EXPECT_EQ(grade(with(1, 0)), Grade::warning);
    EXPECT_EQ(grade(with(0, 1)), Grade::warning);
    CheckLimits limits;
    ASSERT_TRUE(read_failed_limit("3", limits));
    EXPECT_EQ(grade(with(1, 1), limits), Grade::ok);
    EXPECT_EQ(grade(with(2, 1), limits), Grade::warning);
    ASSERT_TRUE(read_failed_limit("5%", limits));
    EXPECT_EQ(grade(with(9, 0), limits), Grade::ok);
    EXPECT_EQ(grade(with(9, 1), limits), Grade::warning);
    ASSERT_TRUE(read_failed_limit("0", limits));
    EXPECT_EQ(grade(with(0, 0), limits), Grade::ok);
    for (const char* wrong : {"", "%", "-1", "x", "3x%", "12345678"})
        EXPECT_FALSE(read_failed_limit(wrong, limits)) << wrong;
}

TEST(CheckVerdict, TheSignInAndTheCertificate) {
    const auto left = [](std::int64_t seconds) {
        return [seconds](json::object& status) { status["signin"].as_object()["seconds_left"] = seconds; };
    };
    static constexpr std::int64_t day = 24 * 60 * 60;
    EXPECT_EQ(grade(left(14 * day)), Grade::ok);
    EXPECT_EQ(grade(left(14 * day - 1)), Grade::warning);
    EXPECT_EQ(grade(left(3 * day)), Grade::warning);
    EXPECT_EQ(grade(left(3 * day - 1)), Grade::critical);
    const Verdict verdict =
        evaluate(status_with([](json::object& status) {
                     status["signin"].as_object()["certificate"] = json::object{{"seconds_left", day}};
                 }),
                 {}, now);
    EXPECT_EQ(verdict.grade, Grade::critical);
    EXPECT_NE(verdict.performance.find(" certificate_left=86400s;1209600:;259200:"), std::string::npos);
}

TEST(CheckVerdict, AGraveReasonComesFirstAndIsNotToldTwice) {
    const Verdict verdict =
        evaluate(status_with([](json::object& status) {
                     status["counts"].as_object()["failed"] = 2;
                     status["signin"].as_object()["state"] = "required";
                     status["signin"].as_object()["reason"] = reason("Sign in.");
                     status["service"] = json::object{{"state", "failing"}, {"reason", reason("Sign in.")}};
                 }),
                 {}, now);
    EXPECT_EQ(verdict.grade, Grade::critical);
    ASSERT_EQ(verdict.reasons.size(), 2U);
    EXPECT_EQ(verdict.reasons[0].id, "Sign in.");
}

TEST(CheckVerdict, TheServiceAndTheInstallations) {
    EXPECT_EQ(grade([](json::object& status) {
                  status["service"] = json::object{{"state", "failing"}, {"reason", reason("Nobody answers.")}};
              }),
              Grade::warning);
    EXPECT_EQ(grade([](json::object& status) {
                  status["installations"].as_array()[0].as_object()["reason"] = reason("The share is gone.");
              }),
              Grade::warning);
}

}  // namespace
}  // namespace samsynk::client
