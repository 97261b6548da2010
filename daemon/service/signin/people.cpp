// The part of the sign-in that people take: signing in with a code, and signing out.
#include "service/json_reply.hpp"
#include "service/signin/refusal.hpp"
#include "service/token_source.hpp"

namespace samsynk::service {
namespace {

using std::chrono::seconds;

constexpr seconds too_little_left{60};  // of a code, to show it to someone

}  // namespace

Error TokenSource::only_for_people() const {
    const auto& file = endpoint_.auth_key_file ? endpoint_.auth_key_file : endpoint_.client_secret_file;
    return fail(Errc::bad_request,
                N_("This samsynkd signs in by itself, with {file}: nobody needs to sign in or out. To let a person do "
                   "it, remove that line from service.auth."),
                {{"file", file ? file->string() : ""}});
}

agent::Async<std::shared_ptr<agent::Login>> TokenSource::login() {
    if (method_of(endpoint_) != Method::device) co_return only_for_people();
    const auto lock = co_await AsyncMutex::lock(login_mutex_);
    if (login_ && !login_->ended() && login_->left() > too_little_left) co_return std::shared_ptr<agent::Login>{login_};
    auto found = co_await provider_.discover();
    if (found.has_error()) co_return found.error();
    if (found->device_authorization_endpoint.empty())
        co_return fail(Errc::sign_in_failed,
                       N_("{issuer} does not let people sign in with a code. The administrator must configure "
                          "client_secret_file or client_key_file."),
                       {{"issuer", endpoint_.issuer}});
    Form form{{"scope", scope()}};
    auto reply = co_await provider_.post(found->device_authorization_endpoint, std::move(form));
    if (reply.has_error()) co_return reply.error();
    if (is_page(*reply)) co_return page_instead(*reply);
    if (reply->status != 200) co_return refusal_of(endpoint_, parse_oauth_error(reply->body), reply->status);
    auto device = as_read(*reply, parse_device(reply->body));
    if (device.has_error()) co_return device.error();
    login_ = std::make_shared<DeviceLogin>(executor_, std::move(*device));
    logins_.spawn(follow(shared_from_this(), login_), [login = login_](const std::exception_ptr& thrown) {
        if (thrown)
            login->end(fail(Errc::sign_in_failed, N_("The sign-in failed. Begin it anew."), {}, what_of(thrown)));
    });
    co_return std::shared_ptr<agent::Login>{login_};
}

boost::asio::awaitable<void> TokenSource::follow(std::shared_ptr<TokenSource> self,
                                                 std::shared_ptr<DeviceLogin> login) {
    auto reply = co_await self->ask_until_done(login);
    if (self->login_ != login) co_return;  // someone has signed out meanwhile
    if (reply.has_error()) {
        login->end(reply.error());
        co_return;
    }
    auto kept = co_await self->keep_new(std::move(*reply));
    login->end(kept);
    if (kept.has_value() && self->signed_in_) self->signed_in_();
}

agent::Async<TokenReply> TokenSource::ask_until_done(std::shared_ptr<DeviceLogin> login) {
    auto found = co_await provider_.discover();
    if (found.has_error()) co_return found.error();
    while (login->left() > seconds{0}) {
        co_await login->wait(std::min(login->pause(), login->left() + seconds{1}));
        if (login->ended()) co_return login->outcome().error();
        Form form{{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"},
                  {"device_code", login->device_code()}};
        auto reply = co_await provider_.post(found->token_endpoint, std::move(form));
        if (reply.has_error() && reply.error().code == Errc::cancelled) co_return reply.error();
        if (reply.has_value() && reply->status == 200) co_return as_read(*reply, parse_token(reply->body));
        std::string code = reply.has_value() ? parse_oauth_error(reply->body) : "";
        if (code == "server_error" || code == "temporarily_unavailable") code.clear();
        const NextQuestion next = next_question(code, login->pause());
        if (!next.again) co_return refusal_of(endpoint_, code, reply->status);
        login->pause(next.pause);
    }
    co_return refusal_of(endpoint_, "expired_token", 400);
}

// The fingerprint of what the administrator has laid, so that it is not taken for something newer.
boost::asio::awaitable<std::string> TokenSource::seed() {
    const auto first = co_await first_token();
    co_return first.has_value() && *first ? fingerprint(**first) : "";
}

agent::Async<> TokenSource::keep_new(TokenReply reply) {
    if (reply.refresh_token.empty())
        co_return fail(Errc::sign_in_failed,
                       N_("{issuer} gave no lasting sign-in. The administrator must allow offline_access for {client} "
                          "there."),
                       {{"issuer", endpoint_.issuer}, {"client", endpoint_.client_id}});
    const auto lock = co_await AsyncMutex::lock(keeper_->mutex());
    (void)co_await keeper_->load();  // what can't be read is replaced
    auto laid = co_await seed();
    Kept kept{.issuer = endpoint_.issuer,
              .client_id = endpoint_.client_id,
              .refresh_token = reply.refresh_token,
              .seed = std::move(laid)};
    if (reply.refresh_lifetime) kept.expires_at = wall_clock() + *reply.refresh_lifetime;
    auto taken = co_await take(std::move(reply), std::move(kept), BootClock::now());
    if (taken.has_value())
        note_success({N_("Someone has signed in at {issuer}."), {{"issuer", endpoint_.issuer}}}, Level::notice);
    co_return taken;
}

agent::Async<bool> TokenSource::revoke(std::string token) {
    auto found = co_await provider_.discover();
    if (found.has_error()) co_return found.error();
    if (found->revocation_endpoint.empty()) co_return false;
    Form form{{"token", std::move(token)}, {"token_type_hint", "refresh_token"}};
    auto reply = co_await provider_.post(found->revocation_endpoint, std::move(form));
    if (reply.has_error()) co_return reply.error();
    co_return reply->status == 200;
}

agent::Async<agent::Logout> TokenSource::logout() {
    if (method_of(endpoint_) != Method::device) co_return only_for_people();
    if (login_) login_->end(fail(Errc::cancelled, N_("The sign-in was stopped: someone signed out meanwhile.")));
    login_.reset();
    const auto lock = co_await AsyncMutex::lock(keeper_->mutex());
    (void)co_await keeper_->load();  // what can't be read is forgotten all the same
    const Kept* kept = ours();
    const std::string token = kept ? kept->refresh_token : "";
    bool revoked = false;
    if (!token.empty()) {
        const auto told = co_await revoke(token);
        revoked = told.has_value() && *told;
    }
    access_ = {};
    waiting_access_.reset();
    auto laid = co_await seed();
    Kept nothing{.issuer = endpoint_.issuer, .client_id = endpoint_.client_id, .seed = std::move(laid)};
    if (auto forgotten = co_await keeper_->keep(std::move(nothing)); forgotten.has_error()) co_return forgotten.error();
    note(nobody_signed_in(endpoint_));
    if (token.empty()) co_return agent::Logout::nobody;
    co_return revoked ? agent::Logout::revoked : agent::Logout::forgotten;
}

}  // namespace samsynk::service
