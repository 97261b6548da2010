#include "service/wire.hpp"

#include "service/signin/replies.hpp"

#include <gtest/gtest.h>

#include "service/retry_after.hpp"

namespace samsynk::service {
namespace {

const std::string record =
    R"({"company":"5560160680","name":"Lindqvist Bygg AB","version":7,"updated_at":"2026-11-02T08:00:00Z","function":"active",
 "collaboration":{"id":"c-1","state":"invited","awaiting":"approval","office":{"company":"5562651892","name":"N"},"assignment":{"id":"u","name":"L"},
 "invoice_recipient":"office","payee":null,"invited_at":"2026-11-01T09:30:00Z","approved_at":null,"ends_on":null,"ended_at":null},
 "preferences":{"send_all_invoices":null,"receive_invoices":true},"registration":{"receive":"none","operator":null},"news":1})";

std::string page_of(const std::string& item) {
    return R"({"items":[)" + item + R"(],"next":null,"cursor":"c","epoch":"e"})";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(Wire, ReadsARecordAndIgnoresUnknownFields) {
    const auto page = parse_record_page(page_of(record)).value();
    ASSERT_EQ(page.items.size(), 1U);
    EXPECT_EQ(page.items[0].collaboration.state, sync::CollaborationState::invited);
    EXPECT_EQ(page.items[0].collaboration.payee, sync::Party::not_stated);
    EXPECT_EQ(page.items[0].preferences, (sync::Preferences{std::nullopt, true}));
    EXPECT_FALSE(page.items[0].problem);
    EXPECT_FALSE(page.next);
}

TEST(Wire, ReadsACompanyThatLeft) {
    EXPECT_TRUE(
        parse_record_page(page_of(R"({"company":"5560160680","version":9,"gone":true})")).value().items[0].gone);
    const auto page = parse_record_page(
        page_of(R"({"company":"5555555555","version":1},{"company":"5560160680","version":9,"gone":true})"));
    EXPECT_EQ(page.value().items.size(), 1U) << "a placeholder stands for no company, and stops none";
}

TEST(Wire, AnUnknownEnumerationValueIsThatCompanysProblemAlone) {
    for (const auto& [from, to] : {std::pair{"\"invited\"", "\"paused\""}, std::pair{"\"approval\"", "\"fax\""},
                                   std::pair{"\"function\":\"active\"", "\"function\":\"trial\""},
                                   std::pair{"\"receive\":\"none\"", "\"receive\":\"lost\""}}) {
        const auto page = parse_record_page(page_of(replaced(record, from, to)));
        ASSERT_TRUE(page.has_value()) << to;
        EXPECT_EQ(page->items[0].problem->code, Errc::bad_record) << to;
    }
}

TEST(Wire, ATextThatIsTooLongIsThatCompanysProblemAlone) {
    for (const auto& [from, to] :
         {std::pair{"\"Lindqvist Bygg AB\"", "name"}, std::pair{"\"N\"", "name"}, std::pair{"\"L\"", "name"},
          std::pair{"\"c-1\"", "id"}, std::pair{"\"operator\":null", "operator"}}) {
        const auto text = [&, from = std::string{from}](std::size_t size) {
            const std::string key = from.starts_with("\"operator") ? "\"operator\":" : "";
            const auto page =
                parse_record_page(page_of(replaced(record, from, key + '"' + std::string(size, 'x') + '"')));
            return page.value().items[0];
        };
        EXPECT_FALSE(text(1000).problem) << from;
        ASSERT_TRUE(text(1001).problem) << from;
        EXPECT_EQ(text(1001).problem->code, Errc::bad_record);
        EXPECT_EQ(to_text(text(1001).problem->message).find("xxx"), std::string::npos);
        EXPECT_LT(text(100'000).name.size(), 200U);
    }
}

TEST(Wire, ARecordThatCanNotBeReadIsThatCompanysProblemAlone) {
    const std::string other = replaced(record, "5560160680", "5562651892");
    const struct {
        const char *from, *to, *field;
    } cases[] = {
        {"\"version\":7", "\"version\":\"7\"", "version"},
        {"\"version\":7,", "", "version"},
        {"\"version\":7", "\"version\":7.5", "version"},
        {"\"version\":7", "\"version\":1e300", "version"},
        {"\"receive_invoices\":true", "\"receive_invoices\":\"true\"", "receive_invoices"},
        {"\"preferences\":{\"send_all_invoices\":null,\"receive_invoices\":true}", "\"preferences\":[]", "preferences"},
        {"\"preferences\":{\"send_all_invoices\":null,\"receive_invoices\":true},", "", "preferences"},
        {"\"Lindqvist Bygg AB\"", "1", "name"},
        {"Lindqvist", "a\\ud800b", "name"},
        {"Lindqvist", "a\\udc00", "name"},
        {"Lindqvist", "\xE5\xE4\xF6", "name"},
        {"Lindqvist", "\xFF\xFE", "name"},
        {"\"state\":\"invited\"", "\"state\":7", "state"},
        {"\"function\":\"active\"", "\"function\":null", "function"},
        {"\"5560160680\"", "5560160680", "company"},
        {"\"news\":1", "\"gone\":\"no\"", "gone"}};
    for (const auto& [from, to, field] : cases) {
        const auto page = parse_record_page(page_of(replaced(record, from, to) + "," + other));
        ASSERT_TRUE(page.has_value()) << to;
        ASSERT_EQ(page->items.size(), 2U) << to;
        ASSERT_TRUE(page->items[0].problem) << to;
        EXPECT_EQ(page->items[0].problem->code, Errc::bad_record) << to;
        EXPECT_NE(to_text(page->items[0].problem->message).find(field), std::string::npos) << to;
        EXPECT_FALSE(page->items[1].problem) << to;
    }
}

TEST(Wire, WithoutANameARecordIsWhole) {
    for (const char* name : {"\"name\":null,", ""}) {
        const auto page = parse_record_page(page_of(replaced(record, "\"name\":\"Lindqvist Bygg AB\",", name)));
        ASSERT_TRUE(page.has_value()) << name;
        EXPECT_FALSE(page->items[0].problem) << name;
        EXPECT_EQ(page->items[0].name, "");
    }
}

TEST(Wire, WhatNamesNoCompanyStopsNoOther) {
    for (const char* item :
         {"null", "7", "[]", "{}", R"({"company":null})", R"({"company":{}})", R"({"company":"\ud800"})"})
        EXPECT_EQ(parse_record_page(page_of(std::string{item} + "," + record)).value().items.size(), 1U) << item;
    const auto claims = parse_claims(
        R"({"claims":[null,{"company":1},{"company":"5562651892","status":7},{"company":"5560160680","status":"granted"}]})");
    ASSERT_EQ(claims.value().size(), 2U);
    EXPECT_EQ(claims->at(0).status, sync::ClaimStatus::unknown);
    EXPECT_EQ(claims->at(1).status, sync::ClaimStatus::granted);
}

TEST(Wire, WhatAPageItselfIsMustBeAsAgreed) {
    for (const char* page :
         {R"({"items":[],"next":null,"cursor":7,"epoch":"e"})", R"({"items":{},"next":null,"cursor":"c","epoch":"e"})",
          R"({"items":[],"next":7,"cursor":"c","epoch":"e"})", R"({"items":[],"next":null,"cursor":"c"})",
          R"({"items":[],"next":null,"cursor":"\ud800","epoch":"e"})"})
        EXPECT_EQ(parse_record_page(page).error().code, Errc::bad_reply) << page;
    EXPECT_EQ(parse_record_page("<html>").error().code, Errc::bad_reply);
    EXPECT_EQ(parse_record_page("[]").error().code, Errc::bad_reply);
    EXPECT_EQ(parse_record_page(page_of(record).substr(0, 200)).error().code, Errc::bad_reply);
    EXPECT_EQ(parse_record_page(page_of(std::string(100, '[') + std::string(100, ']'))).error().code, Errc::bad_reply);
}

TEST(Wire, EveryOperationMustBeAnswered) {
    const std::vector<sync::Operation> sent{{.id = "a",
                                             .installation = "i",
                                             .company = OrgNumber::parse("5560160680").value(),
                                             .if_version = 7,
                                             .set = {true, std::nullopt}}};
    EXPECT_EQ(parse_push_results(R"({"epoch":"e","results":[]})", sent).error().code, Errc::bad_reply);
    const auto refused =
        parse_push_results(
            R"({"epoch":"e","results":[{"operation_id":"x","status":200},{"operation_id":"a","status":409,"problem":{"code":"claim_held"}}]})",
            sent)
            .value();
    ASSERT_EQ(refused.size(), 1U);
    EXPECT_EQ(refused[0].problem_code, "claim_held");
    EXPECT_EQ(
        push_body("e", sent),
        R"({"epoch":"e","operations":[{"operation_id":"a","installation":"i","company":"5560160680","if_version":7,"set":{"send_all_invoices":true}}]})");
}

TEST(Wire, AnOperationIsAnsweredOnceAndWithAStatus) {
    const std::vector<sync::Operation> sent{
        {.id = "a", .installation = "i", .company = OrgNumber::parse("5560160680").value(), .set = {true, {}}}};
    const auto read = [&](const std::string& results) {
        return parse_push_results(R"({"epoch":"e","results":[)" + results + "]}", sent);
    };
    const std::string done = R"({"operation_id":"a","status":200})", refused = R"({"operation_id":"a","status":412})";
    EXPECT_TRUE(read(done).has_value());
    EXPECT_EQ(read(done + "," + refused).error().code, Errc::bad_reply) << "which of the two is it?";
    EXPECT_EQ(read(done + "," + done).error().code, Errc::bad_reply);
    for (const char* status : {"0", "-200", "600", "4294967496", "200.0", "null"})
        EXPECT_EQ(read(replaced(done, "200", status)).error().code, Errc::bad_reply) << status;
}

TEST(Wire, AnUnknownValueIsNamedInWholeCharacters) {
    const auto page = parse_record_page(page_of(replaced(record, "invited", std::string(59, 'x') + "åäö"))).value();
    EXPECT_EQ(page.items[0].problem->message.args[0].second, std::string(59, 'x'));
}

TEST(Wire, ATokenThatCannotStandInAHeaderIsNone) {
    EXPECT_EQ(parse_token(R"({"access_token":"eyJ.a-b_c~d+e/f=="})").value().access_token, "eyJ.a-b_c~d+e/f==");
    for (const char* token : {"", "a b", "a\r\nX-Other: 1", "a\\u0000", "å"})
        EXPECT_EQ(parse_token(R"({"access_token":")" + std::string{token} + R"("})").error().code, Errc::bad_reply)
            << token;
}

TEST(RetryAfter, ReadsSecondsAndDates) {
    const Time now = parse_rfc3339("2026-11-24T10:00:00Z").value();
    EXPECT_EQ(parse_retry_after("120", now).count(), 120);
    EXPECT_EQ(parse_retry_after("Tue, 24 Nov 2026 10:00:30 GMT", now).count(), 30);
    EXPECT_EQ(parse_retry_after("Tue, 24 Nov 2026 09:00:30 GMT", now).count(), 0);
    EXPECT_EQ(parse_retry_after("99999999999", now).count(), 86400);
    EXPECT_EQ(parse_retry_after("soon", now).count(), 0);
}

TEST(Wire, OfAProblemOnlyShortWordsAreTaken) {
    const Problem problem = parse_problem(R"({"code":"service_error","request_id":"q-1:a_B.c","detail":"you sent x"})");
    EXPECT_EQ(problem.code, "service_error");
    EXPECT_EQ(problem.request_id, "q-1:a_B.c");
    for (const std::string& words : {std::string{"you sent Bearer x"}, std::string{"a\\nb"}, std::string(81, 'x')}) {
        const Problem said = parse_problem(R"({"code":")" + words + R"(","request_id":")" + words + "\"}");
        EXPECT_EQ(said.code + said.request_id, "");
    }
}

}  // namespace
}  // namespace samsynk::service
