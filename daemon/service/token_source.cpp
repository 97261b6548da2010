#include "service/token_source.hpp"

#include "service/json_reply.hpp"
#include "service/signin/certificate_end.hpp"
#include "service/signin/refusal.hpp"

namespace samsynk::service {
namespace {

using std::chrono::seconds;

constexpr seconds try_ahead_again{60};
constexpr seconds patience{5};  // with a refresh that is under way when everything stops

std::string joined(const std::vector<std::string>& tokens) {
    std::string all;
    for (const std::string& token : tokens) all += token + "\n";
    return all;
}

}  // namespace

Method method_of(const Endpoint& endpoint) {
    if (endpoint.auth_key_file) return Method::private_key;
    return endpoint.client_secret_file ? Method::client_secret : Method::device;
}

TokenSource::TokenSource(boost::asio::any_io_executor executor, std::shared_ptr<Transport> transport, Endpoint endpoint,
                         std::shared_ptr<Keeper> keeper, EventSink& events)
    : executor_{executor},
      endpoint_{endpoint},
      provider_{executor, std::move(transport), std::move(endpoint)},
      keeper_{std::move(keeper)},
      events_{events},
      patience_{executor},
      first_token_{executor, secret_patience},
      logins_{executor} {
    const auto& file = endpoint_.client_cert_file ? endpoint_.client_cert_file : endpoint_.auth_key_file;
    if (file) certificate_end_ = certificate_end(*file);
}

void TokenSource::cancel() {
    if (std::exchange(cancelled_, true)) return;  // once more would cut the patience short
    if (login_)
        login_->end(fail(Errc::cancelled, N_("The sign-in was stopped: samsynkd stops, or its configuration changed. "
                                             "Begin again with: samsynk login")));
    if (rotating_ == 0) return provider_.cancel();
    patience_.expires_after(patience);
    patience_.async_wait([self = shared_from_this()](const boost::system::error_code&) { self->provider_.cancel(); });
}

agent::Async<std::string> TokenSource::token() {
    if (is_alive() && (BootClock::now() < access_.renew_at || BootClock::now() < next_try_)) co_return access_.token;
    const auto lock = co_await AsyncMutex::lock(keeper_->mutex());
    if (is_alive() && BootClock::now() < access_.renew_at) co_return access_.token;  // someone else did it meanwhile
    auto renewed = co_await renew();
    if (renewed.has_error() && renewed.error().code == Errc::sign_in_failed) note(renewed.error());
    if (renewed.has_error() && !is_alive()) co_return renewed.error();
    if (renewed.has_error()) next_try_ = BootClock::now() + std::max(try_ahead_again, retry_after());
    co_return access_.token;
}

agent::Async<> TokenSource::renew() {
    if (method_of(endpoint_) == Method::device) co_return co_await refresh();
    co_return co_await sign_in_as_client();
}

std::string TokenSource::scope() const {
    if (method_of(endpoint_) != Method::device) return endpoint_.scope;
    return "openid offline_access" + (endpoint_.scope.empty() ? "" : " " + endpoint_.scope);
}

// Renewed in the last third of its life, at a moment of its own: not all agents at once.
TokenSource::Access TokenSource::access_of(const TokenReply& reply, BootClock::time_point asked_at) {
    const std::chrono::duration<double> life = reply.lifetime;
    const double part = std::uniform_real_distribution<double>{0.65, 0.75}(random_);
    spent_ = access_.hidden;
    const auto ahead = std::min<BootClock::duration>(seconds{10}, reply.lifetime / 10);
    return {.token = reply.access_token,
            .renew_at = asked_at + std::chrono::duration_cast<BootClock::duration>(life * part),
            .dead_at = asked_at + reply.lifetime - ahead,
            .hidden = PresentSecret{reply.access_token}};
}

agent::Async<> TokenSource::sign_in_as_client() {
    auto found = co_await provider_.discover();
    if (found.has_error()) co_return found.error();
    for (bool may_differ = method_of(endpoint_) == Method::private_key;; may_differ = false) {
        const auto asked_at = BootClock::now();
        Form form{{"grant_type", "client_credentials"}};
        if (!scope().empty()) form.emplace_back("scope", scope());
        auto reply = co_await provider_.post(found->token_endpoint, std::move(form));
        if (reply.has_error()) co_return reply.error();
        if (reply->status == 200) {
            const auto token = as_read(*reply, parse_token(reply->body));
            if (token.has_error()) co_return token.error();
            access_ = access_of(*token, asked_at);
            note_success({N_("The sign-in was renewed."), {}}, Level::debug);
            co_return Result<void>{};
        }
        const std::string code = parse_oauth_error(reply->body);
        if (is_page(*reply)) co_return page_instead(*reply);
        if (!may_differ || code != "invalid_client") co_return refusal_of(endpoint_, code, reply->status);
        provider_.use_other_audience();
    }
}

const Kept* TokenSource::ours() const {
    const auto& kept = keeper_->kept();
    return kept && kept->issuer == endpoint_.issuer && kept->client_id == endpoint_.client_id ? &*kept : nullptr;
}

boost::asio::awaitable<FirstToken> TokenSource::first_token() {
    if (!endpoint_.refresh_token_file) co_return std::optional<std::string>{};
    std::function<FirstToken()> question = [endpoint = endpoint_] { return first_refresh_token(endpoint); };
    auto first = co_await first_token_.answer_to(std::move(question));
    if (!first) co_return secret_hangs();
    co_return std::move(*first);
}

// What may be tried, in this order: the newest; the one before it, in case the newest never became good; and one that
// the administrator has laid anew.
Result<std::vector<std::string>> TokenSource::refresh_tokens(const FirstToken& first) const {
    std::vector<std::string> tokens;
    const Kept* kept = ours();
    if (kept && !kept->refresh_token.empty()) tokens.push_back(kept->refresh_token);
    if (kept && !kept->previous.empty()) tokens.push_back(kept->previous);
    if (first.has_error() && tokens.empty()) return first.error();
    if (first.has_value() && *first && (!kept || fingerprint(**first) != kept->seed)) tokens.push_back(**first);
    return tokens;
}

agent::Async<> TokenSource::refresh() {
    if (auto loaded = co_await keeper_->load(); loaded.has_error()) co_return loaded.error();
    if (auto settled = co_await keeper_->settle(); settled.has_error()) co_return settled.error();
    if (waiting_access_) {
        access_ = *std::exchange(waiting_access_, std::nullopt);
        if (is_alive()) co_return Result<void>{};
    }
    auto first = co_await first_token();
    auto tokens = refresh_tokens(first);
    if (tokens.has_error()) co_return tokens.error();
    if (tokens->empty()) co_return nobody_signed_in(endpoint_);
    if (refused_ && refused_->first == fingerprint(joined(*tokens))) co_return refused_->second;
    auto found = co_await provider_.discover();
    if (found.has_error()) co_return found.error();
    co_return co_await try_refresh_tokens(std::move(*tokens), found->token_endpoint, std::move(first));
}

agent::Async<HttpReply> TokenSource::send_refresh_token(std::string token, std::string endpoint) {
    Form form{{"grant_type", "refresh_token"}, {"refresh_token", std::move(token)}};
    co_return co_await provider_.post(std::move(endpoint), std::move(form));
}

agent::Async<> TokenSource::try_refresh_tokens(std::vector<std::string> tokens, std::string endpoint,
                                               FirstToken first) {
    for (const std::string& token : tokens) {
        const auto asked_at = BootClock::now();
        ++rotating_;
        auto reply = co_await send_refresh_token(token, endpoint);
        if (reply.has_value() && reply->status == 200) {
            auto parsed = as_read(*reply, parse_token(reply->body));
            if (parsed.has_error()) {
                --rotating_;
                co_return parsed.error();
            }
            Kept kept = kept_after(token, *parsed, first);
            auto taken = co_await take(std::move(*parsed), std::move(kept), asked_at);
            --rotating_;
            if (cancelled_) patience_.cancel();
            co_return taken;
        }
        --rotating_;
        if (cancelled_) patience_.cancel();
        if (reply.has_error()) co_return reply.error();
        const std::string code = parse_oauth_error(reply->body);
        if (is_page(*reply)) co_return page_instead(*reply);
        if (code != "invalid_grant") co_return refusal_of(endpoint_, code, reply->status);
    }
    const Error ended = refusal_of(endpoint_, "invalid_grant", 400);
    refused_ = {fingerprint(joined(tokens)), ended};
    co_return ended;
}

// What is to be kept once `used` was accepted. The one before stays until the new one has been used itself.
Kept TokenSource::kept_after(const std::string& used, const TokenReply& reply, const FirstToken& first) const {
    const Kept* now = ours();
    Kept kept = now ? *now : Kept{.issuer = endpoint_.issuer, .client_id = endpoint_.client_id};
    if (first.has_value() && *first && **first == used) kept.seed = fingerprint(used);
    const bool rotated = !reply.refresh_token.empty() && reply.refresh_token != used;
    kept.refresh_token = rotated ? reply.refresh_token : used;
    kept.previous = rotated ? used : "";
    if (reply.refresh_lifetime)
        kept.expires_at = wall_clock() + *reply.refresh_lifetime;
    else if (rotated)
        kept.expires_at.reset();
    return kept;
}

agent::Async<> TokenSource::take(TokenReply reply, Kept kept, BootClock::time_point asked_at) {
    Access access = access_of(reply, asked_at);
    if (keeper_->kept() != kept) {
        waiting_access_ = access;
        if (auto saved = co_await keeper_->keep(std::move(kept)); saved.has_error()) co_return saved.error();
        waiting_access_.reset();
    }
    access_ = std::move(access);
    refused_.reset();
    note_success({N_("The sign-in was renewed."), {}}, Level::debug);
    co_return Result<void>{};
}

agent::SignInStatus TokenSource::status() const {
    agent::SignInStatus status;
    const Method method = method_of(endpoint_);
    status.method = method == Method::device        ? "device"
                    : method == Method::private_key ? "private_key"
                                                    : "client_secret";
    status.state = trouble_ ? "required" : worked_ ? "ok" : "unknown";
    status.reason = trouble_;
    const auto until = [](Time end) { return std::max(seconds{0}, std::chrono::floor<seconds>(end - wall_clock())); };
    if (const Kept* kept = ours(); kept && method == Method::device && kept->expires_at)
        status.left = until(*kept->expires_at);
    if (certificate_end_) status.certificate_left = until(*certificate_end_);
    return status;
}

void TokenSource::refused(const Error& error) {
    refused_by_service_ = true;
    note(error);
}

void TokenSource::accepted() {
    if (!std::exchange(refused_by_service_, false)) return;
    note_success({N_("The online service takes the sign-in again."), {}}, Level::notice);
}

// Said when it begins and when it changes, not each time.
void TokenSource::note(const Error& error) {
    if (trouble_ && trouble_->message.id == error.message.id) return;
    trouble_ = error;
    publish("signin.required", Level::error, error.message);
}

void TokenSource::note_success(Message message, Level level) {
    worked_ = true;
    if (refused_by_service_) return;  // good here, but not where it is needed
    trouble_.reset();
    publish("signin.refreshed", level, std::move(message));
}

void TokenSource::publish(const std::string& name, Level level, Message message) {
    Event event{.name = name,
                .level = level,
                .message = std::move(message),
                .company = {},
                .run = {},
                .fields = {{"issuer", endpoint_.issuer}},
                .code = {}};
    if (level == Level::error) event.code = Errc::sign_in_failed;
    events_.publish(std::move(event));
}

}  // namespace samsynk::service
