#include "service/signin/provider.hpp"

#include "service/json_reply.hpp"
#include "service/retry_after.hpp"
#include "service/signin/refusal.hpp"

namespace samsynk::service {
namespace {

constexpr std::chrono::hours longest_kept{1};

// What proves who we are, in a header or a form.
std::vector<PresentSecret> secrets_in(const Form& form, const std::string& authorization) {
    std::vector<PresentSecret> secrets{PresentSecret{authorization.substr(authorization.find(' ') + 1)}};
    for (const auto& [name, value] : form)
        if (name == "refresh_token" || name == "device_code" || name == "client_assertion" || name == "client_secret" ||
            name == "token")
            secrets.emplace_back(value);
    return secrets;
}

}  // namespace

Provider::Provider(boost::asio::any_io_executor executor, std::shared_ptr<Transport> transport, Endpoint endpoint)
    : executor_{executor},
      transport_{std::move(transport)},
      endpoint_{std::move(endpoint)},
      proof_{executor, secret_patience} {}

void Provider::cancel() {
    cancelled_ = true;
    for (const auto& [name, host] : hosts_)
        if (host) host->cancel();
}

std::uint64_t Provider::requests() const {
    std::uint64_t requests = requests_;
    for (const auto& [name, host] : hosts_)
        if (host) requests += host->requests();
    return requests;
}

agent::Async<HttpReply> Provider::send(std::string url, HttpRequest request) {
    const auto parts = parse_https_url(url);
    if (parts.has_error()) co_return parts.error();
    const auto lock = co_await AsyncMutex::lock(mutex_);
    auto& host = hosts_[parts->host + ":" + parts->port];
    if (!host) host = std::make_unique<HttpsClient>(executor_, transport_, *parts, endpoint_.deadlines);
    if (cancelled_) host->cancel();
    request.target = parts->path.empty() ? "/" : parts->path;
    request.headers.emplace_back("Accept", "application/json");
    request.headers.emplace_back("User-Agent", "samsynk/" SAMSYNK_VERSION);
    auto reply = co_await host->send(std::move(request));
    // A kept connection may turn out closed, and the request would go out twice: a refresh token that is used twice can
    // end the whole sign-in. So people's sign-ins get a connection each time.
    if (method_of(endpoint_) == Method::device) {
        requests_ += host->requests();
        host.reset();
    }
    if (reply.has_error()) co_return reply.error();
    retry_after_ = asked_wait_of(*reply, wall_clock());
    if (const auto theirs = parse_http_date(reply->date))
        ahead_ = std::chrono::floor<std::chrono::seconds>(wall_clock()).time_since_epoch() - *theirs;
    co_return reply;
}

// An endpoint may move: read again after a while, and where it answers what no endpoint of OAuth does (`post`). Until
// that can be read, the old one is the best that is known.
agent::Async<Discovery> Provider::discover() {
    if (discovery_ && !doubtful_ && BootClock::now() - read_at_ < longest_kept) co_return *discovery_;
    auto found = co_await read_discovery();
    if (found.has_value()) {
        discovery_ = *found;
        doubtful_ = false;
        read_at_ = BootClock::now();
    } else if (discovery_ && found.error().code != Errc::sign_in_failed && found.error().code != Errc::cancelled) {
        co_return *discovery_;
    }
    co_return found;
}

agent::Async<Discovery> Provider::read_discovery() {
    HttpRequest request;
    std::string url = endpoint_.issuer + "/.well-known/openid-configuration";
    auto reply = co_await send(std::move(url), std::move(request));
    if (reply.has_error()) co_return reply.error();
    if (reply->status != 200) co_return strange_reply("openid-configuration", reply->status);
    auto discovery = as_read(*reply, parse_discovery(reply->body));
    if (discovery.has_error()) co_return discovery.error();
    if (discovery->issuer != endpoint_.issuer && discovery->issuer != endpoint_.issuer + "/")
        co_return fail(Errc::sign_in_failed,
                       N_("The sign-in service calls itself {issuer}, not {expected}. Correct service.auth.issuer."),
                       {{"issuer", discovery->issuer}, {"expected", endpoint_.issuer}});
    co_return *discovery;
}

agent::Async<Proof> Provider::proof(Discovery known) {
    const std::string audience = audience_is_token_endpoint_ ? known.token_endpoint : known.issuer;
    const Time now = wall_clock() - ahead_;
    if (method_of(endpoint_) == Method::device) co_return prove(endpoint_, audience, now, known);
    std::function<Result<Proof>()> question = [endpoint = endpoint_, audience, now, known] {
        return prove(endpoint, audience, now, known);
    };
    auto proven = co_await proof_.answer_to(std::move(question));
    if (!proven) co_return secret_hangs();
    co_return std::move(*proven);
}

agent::Async<HttpReply> Provider::post(std::string url, Form form) {
    auto known = co_await discover();
    if (known.has_error()) co_return known.error();
    const auto proof = co_await this->proof(std::move(*known));
    if (proof.has_error()) co_return proof.error();
    form.insert(form.end(), proof->fields.begin(), proof->fields.end());
    hidden_ = secrets_in(form, proof->authorization);
    HttpRequest request{.method = "POST"};
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    if (!proof->authorization.empty()) request.headers.emplace_back("Authorization", proof->authorization);
    request.body = to_body(form);
    auto reply = co_await send(std::move(url), std::move(request));
    // Also a redirect, or that nobody is there.
    doubtful_ = reply.has_error() || (reply->status != 200 && parse_oauth_error(reply->body).empty());
    co_return reply;
}

}  // namespace samsynk::service
