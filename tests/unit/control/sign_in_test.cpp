// What the control socket says of the sign-in, and how it lets people in and out.
#include "control/sign_in_json.hpp"

#include <gtest/gtest.h>

#include "control/routes.hpp"
#include "support/machine.hpp"

namespace samsynk::control {
namespace {

namespace json = boost::json;
using std::chrono::seconds;

class FakeLogin : public agent::Login {
public:
    std::string user_code() const override { return "WDJB-MJHT"; }
    std::string address() const override { return "https://id.example/device"; }
    std::string complete_address() const override { return complete; }
    seconds left() const override { return seconds{600}; }
    bool ended() const override { return result.has_value(); }
    boost::asio::awaitable<void> wait(std::chrono::milliseconds) override { co_return; }
    Result<void> outcome() const override { return *result; }

    std::string complete;
    std::optional<Result<void>> result;
};

class FakeSignIn : public agent::SignIn {
public:
    agent::SignInStatus status() const override { return now; }
    agent::Async<std::shared_ptr<agent::Login>> login() override {
        if (refusal) co_return *refusal;
        co_return std::make_shared<FakeLogin>();
    }
    agent::Async<agent::Logout> logout() override {
        if (refusal) co_return *refusal;
        co_return agent::Logout::forgotten;
    }
    void on_signed_in(std::function<void()>) override {}

    agent::SignInStatus now{.method = "device", .state = "ok"};
    std::optional<Error> refusal;
};

class SignInRoutesTest : public testing::Test {
protected:
    SignInRoutesTest() {
        world.service.sign_in = sign_in;
        machine.serve();
    }
    Response ask(const std::string& method, const std::string& path, const std::string& body = {}) {
        Request request{.method = method, .path = path, .body = body, .may_act = may_act};
        return machine.run(routes.answer(std::move(request))).value();
    }
    json::object status() { return json::parse(ask("GET", "/v1/status").body).at("signin").as_object(); }

    std::shared_ptr<FakeSignIn> sign_in = std::make_shared<FakeSignIn>();
    support::World world;
    support::Machine machine{world};
    Routes routes{machine.agent(), "https://online.example", [] { return NewestEvent{"now", 7}; }};
    bool may_act = true;
};

TEST_F(SignInRoutesTest, StatusAndMetricsTellWhatIsKnown) {
    EXPECT_EQ(status().at("method").as_string(), "device");
    EXPECT_TRUE(status().at("seconds_left").is_null() && status().at("expires_at").is_null());
    EXPECT_TRUE(status().at("certificate").is_null() && status().at("reason").is_null());
    EXPECT_EQ(ask("GET", "/metrics").body.find("samsynk_signin_remaining_seconds"), std::string::npos);
    sign_in->now.left = seconds{3600};
    sign_in->now.certificate_left = seconds{86400};
    sign_in->now.state = "required";
    sign_in->now.reason = fail(Errc::sign_in_failed, "Sign in.");
    EXPECT_EQ(status().at("seconds_left"), 3600);
    EXPECT_EQ(status().at("certificate").at("seconds_left"), 86400);
    EXPECT_EQ(status().at("reason").at("code").as_string(), "sign_in_failed");
    const std::string metrics = ask("GET", "/metrics").body;
    for (const char* line : {"\nsamsynk_signin_required 1\n", "\nsamsynk_signin_remaining_seconds 3600",
                             "\nsamsynk_client_certificate_remaining_seconds 86400"})
        EXPECT_NE(metrics.find(line), std::string::npos) << line << metrics;
}

TEST_F(SignInRoutesTest, OnlyThoseWhoMayActSignInAndOut) {
    EXPECT_NE(ask("POST", "/v1/login").login, nullptr);
    const auto out = ask("POST", "/v1/logout");
    EXPECT_EQ(json::parse(out.body), json::value({{"signed_out", true}, {"revoked", false}}));
    EXPECT_EQ(ask("POST", "/v1/login", R"({"as":"root"})").status, 400);
    EXPECT_EQ(ask("GET", "/v1/login").status, 405);
    may_act = false;
    EXPECT_EQ(ask("POST", "/v1/login").status, 403);
    EXPECT_EQ(ask("POST", "/v1/logout").status, 403);
}

TEST_F(SignInRoutesTest, WhyNotIsAnAnswer) {
    sign_in->refusal = fail(Errc::bad_request, "Nobody needs to.");
    EXPECT_EQ(ask("POST", "/v1/login").status, 400);
    EXPECT_EQ(ask("POST", "/v1/logout").status, 400);
    world.service.sign_in = nullptr;
    EXPECT_EQ(ask("POST", "/v1/login").status, 400);
    EXPECT_TRUE(json::parse(ask("GET", "/v1/status").body).at("signin").is_null());
}

TEST(SignInLines, TellWhatAPersonNeeds) {
    FakeLogin login;
    const json::value code = json::parse(code_line(login));
    EXPECT_EQ(code.at("user_code").as_string(), "WDJB-MJHT");
    EXPECT_TRUE(code.at("verification_uri_complete").is_null());
    EXPECT_EQ(code.at("seconds_left"), 600);
    login.complete = "https://id.example/device?c=1";
    EXPECT_EQ(json::parse(code_line(login)).at("verification_uri_complete").as_string(), login.complete);
    login.result = Result<void>{};
    EXPECT_TRUE(json::parse(outcome_line(login)).at("result").at("error").is_null());
    login.result = Result<void>{fail(Errc::sign_in_failed, "No.")};
    EXPECT_EQ(json::parse(outcome_line(login)).at("result").at("signed_in"), false);
    EXPECT_TRUE(outcome_line(login).ends_with("}\n"));
}

}  // namespace
}  // namespace samsynk::control
