#include "service/signin/replies.hpp"

#include <gtest/gtest.h>

#include "service/signin/device_login.hpp"
#include "service/signin/refusal.hpp"

namespace samsynk::service {
namespace {

using std::chrono::seconds;

TEST(SignInReplies, ReadsATokenAndWhatItSaysOfItsEnd) {
    const auto token = parse_token(
        R"({"access_token":"a","token_type":"Bearer","expires_in":60,"refresh_token":"r","refresh_expires_in":900,"id_token":1})");
    ASSERT_TRUE(token.has_value());
    EXPECT_EQ(token->lifetime, seconds{60});
    EXPECT_EQ(token->refresh_token, "r");
    EXPECT_EQ(token->refresh_lifetime, seconds{900});
    const auto plain = parse_token(R"({"access_token":"a","refresh_expires_in":0})");
    EXPECT_EQ(plain->lifetime, seconds{300}) << "where it is not told";
    EXPECT_EQ(plain->refresh_lifetime, std::nullopt) << "0: it has no end";
    EXPECT_EQ(parse_token(R"({"access_token":"a","expires_in":-5})")->lifetime, seconds{0});
}

TEST(SignInReplies, WhatIsNoTokenIsABadReply) {
    for (const char* text : {"", "<html>", "{}", R"({"access_token":""})", R"({"access_token":1})",
                             R"({"access_token":"a\r\nX: y"})", R"({"access_token":"a","refresh_token":7})"})
        EXPECT_EQ(parse_token(text).error().code, Errc::bad_reply) << text;
}

TEST(SignInReplies, ACodeMustBeSafeToShow) {
    const std::string good =
        R"({"device_code":"d","user_code":"WDJB-MJHT","verification_uri":"https://a/b","expires_in":600,"interval":0})";
    const auto device = parse_device(good);
    ASSERT_TRUE(device.has_value());
    EXPECT_EQ(device->interval, seconds{1}) << "never faster than that";
    EXPECT_EQ(device->verification_uri_complete, "");
    for (const auto& [from, to] :
         {std::pair{"WDJB-MJHT", "\\u001b[2J"}, std::pair{"https://a/b", "javascript:x"},
          std::pair{"https://a/b", "https://a/\\nb"}, std::pair{"WDJB-MJHT", ""}, std::pair{"\"d\"", "\"\""}}) {
        std::string text = good;
        text.replace(text.find(from), std::string{from}.size(), to);
        EXPECT_EQ(parse_device(text).error().code, Errc::bad_reply) << text;
    }
}

TEST(SignInReplies, OnlyAPlainWordIsTakenFromARefusal) {
    EXPECT_EQ(parse_oauth_error(R"({"error":"invalid_grant","error_description":"token s3cret"})"), "invalid_grant");
    EXPECT_EQ(parse_oauth_error(R"({"error":"the token was s3cret-1"})"), "");
    EXPECT_EQ(parse_oauth_error("<html>"), "");
    EXPECT_EQ(parse_oauth_error(R"({"error":7})"), "");
}

TEST(SignInReplies, QuestionsAreAskedAsOftenAsAllowed) {
    EXPECT_TRUE(next_question("authorization_pending", seconds{5}).again);
    EXPECT_EQ(next_question("authorization_pending", seconds{5}).pause, seconds{5});
    EXPECT_EQ(next_question("slow_down", seconds{5}).pause, seconds{10});
    EXPECT_EQ(next_question("", seconds{5}).pause, seconds{10}) << "nobody answered: RFC 8628, 3.5";
    for (const char* end : {"access_denied", "expired_token", "invalid_client", "invalid_grant"})
        EXPECT_FALSE(next_question(end, seconds{5}).again) << end;
}

Endpoint endpoint_for(Method method) {
    Endpoint endpoint{.issuer = "https://id.example", .client_id = "byrå"};
    if (method == Method::client_secret) endpoint.client_secret_file = "/etc/samsynk/secret";
    if (method == Method::private_key) endpoint.auth_key_file = "/etc/samsynk/signin.key";
    return endpoint;
}

TEST(SignInRefusal, EachSaysWhoMustDoWhatAndNeverTheBareCode) {
    for (const Method method : {Method::client_secret, Method::private_key, Method::device})
        for (const char* code :
             {"invalid_grant", "invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope",
              "access_denied", "expired_token", "interaction_required", "invalid_request", "something_new", ""}) {
            const Error error = refusal_of(endpoint_for(method), code, 400);
            EXPECT_EQ(error.code, Errc::sign_in_failed);
            const std::string text = to_text(error.message);
            EXPECT_TRUE(text.find("administrator must") != std::string::npos ||
                        text.find("samsynk login") != std::string::npos)
                << text;
            EXPECT_EQ(text.find('{'), std::string::npos) << text;
            EXPECT_GT(text.size(), 60U);
        }
}

TEST(SignInRefusal, NamesTheFileThatIsUsed) {
    const auto text = [](Method method) {
        return to_text(refusal_of(endpoint_for(method), "invalid_client", 401).message);
    };
    EXPECT_NE(text(Method::client_secret).find("/etc/samsynk/secret"), std::string::npos);
    EXPECT_NE(text(Method::private_key).find("/etc/samsynk/signin.key"), std::string::npos);
    EXPECT_NE(text(Method::private_key).find("clock"), std::string::npos);
}

TEST(SignInReplies, LifetimesAreReadAsProvidersReallyWriteThem) {
    const auto lifetime = [](const std::string& value) {
        return parse_token(R"({"access_token":"a","expires_in":)" + value + "}").value().lifetime;
    };
    EXPECT_EQ(lifetime("3600"), seconds{3600});
    EXPECT_EQ(lifetime("\"3600\""), seconds{3600}) << "Azure";
    EXPECT_EQ(lifetime("3599.7"), seconds{3599});
    EXPECT_EQ(lifetime("1e9"), seconds{30 * 86400});
    for (const char* unread : {"\"en timme\"", "\"\"", "\"60s\"", "null", "true", "{}", "[60]", "\"nan\""})
        EXPECT_EQ(lifetime(unread), seconds{300}) << unread << ": as where nothing is said";
}

TEST(SignInReplies, AnOlderNameOfTheAddressIsTaken) {
    const auto reply = parse_device(R"({"device_code":"d","user_code":"ABC","expires_in":"900","interval":"7",
        "verification_url":"https://www.google.com/device"})");
    EXPECT_EQ(reply.value().verification_uri, "https://www.google.com/device");
    EXPECT_EQ(reply.value().lifetime, seconds{900});
    EXPECT_EQ(reply.value().interval, seconds{7});
}

TEST(SignInReplies, TheSecretGoesIntoTheFormOnlyWhereThatIsTheOnlyWay) {
    const auto in_form = [](const std::string& methods) {
        return parse_discovery(R"({"issuer":"https://i","token_endpoint":"https://i/t",
            "token_endpoint_auth_methods_supported":)" +
                               methods + "}")
            .value()
            .secret_in_form;
    };
    EXPECT_TRUE(in_form(R"(["client_secret_post","private_key_jwt"])"));
    EXPECT_FALSE(in_form(R"(["client_secret_post","client_secret_basic"])"));
    for (const char* other : {"null", "[]", "7", R"(["none",7])"}) EXPECT_FALSE(in_form(other)) << other;
}

TEST(SignInRefusal, TheProvidersOwnTroubleIsNotThePersons) {
    EXPECT_EQ(refusal_of(endpoint_for(Method::device), "slow_down", 429).code, Errc::service_error);
    EXPECT_EQ(refusal_of(endpoint_for(Method::device), "server_error", 400).code, Errc::service_error);
    EXPECT_EQ(refusal_of(endpoint_for(Method::device), "", 503).code, Errc::service_error);
    EXPECT_EQ(refusal_of(endpoint_for(Method::device), "", 429).code, Errc::service_error);
    EXPECT_EQ(refusal_of(endpoint_for(Method::client_secret), "", 401).code, Errc::sign_in_failed);
}

}  // namespace
}  // namespace samsynk::service
