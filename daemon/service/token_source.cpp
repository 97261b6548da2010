#include "service/token_source.hpp"

#include <openssl/evp.h>

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <fstream>
#include <iterator>

#include "service/retry_after.hpp"
#include "service/wire.hpp"

namespace samsynk::service {
namespace {

std::string base64(const std::string& text) {
    std::string encoded(4 * ((text.size() + 2) / 3) + 1, '\0');
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    encoded.resize(static_cast<std::size_t>(length));
    return encoded;
}

// RFC 6749, 2.3.1: both parts are form-encoded before they are joined.
std::string form_encoded(const std::string& text) { return boost::urls::encode(text, boost::urls::unreserved_chars); }

Error strange_reply(const std::string& what, int status) {
    return fail(Errc::service_error, N_("The sign-in service answered {status} to {what}. It is tried again."),
                {{"status", std::to_string(status)}, {"what", what}});
}

}  // namespace

TokenSource::TokenSource(boost::asio::any_io_executor executor, std::shared_ptr<Transport> transport, Endpoint endpoint)
    : executor_{executor}, transport_{std::move(transport)}, endpoint_{std::move(endpoint)} {}

void TokenSource::cancel() {
    cancelled_ = true;
    if (issuer_) issuer_->cancel();
    if (token_host_) token_host_->cancel();
}

std::uint64_t TokenSource::requests() const {
    return (issuer_ ? issuer_->requests() : 0) + (token_host_ ? token_host_->requests() : 0);
}

Result<std::string> TokenSource::secret() const {
    if (!endpoint_.client_secret_file)
        return fail(
            Errc::sign_in_failed,
            N_("No client_secret_file is configured, and no one has signed in. Set service.auth.client_secret_file."));
    std::ifstream file{*endpoint_.client_secret_file};
    std::string secret{std::istreambuf_iterator<char>{file}, {}};
    while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r')) secret.pop_back();
    if (secret.empty())
        return fail(Errc::sign_in_failed,
                    N_("The secret in {file} can't be read, or is empty. Check the file and its permissions."),
                    {{"file", endpoint_.client_secret_file->string()}});
    return secret;
}

agent::Async<std::string> TokenSource::token() {
    if (token_.empty() || std::chrono::steady_clock::now() >= good_until_) {
        if (token_path_.empty())
            if (auto found = co_await discover(); found.has_error()) co_return found.error();
        if (auto signed_in = co_await sign_in(); signed_in.has_error()) co_return signed_in.error();
    }
    co_return token_;
}

agent::Async<> TokenSource::discover() {
    const auto issuer = parse_https_url(endpoint_.issuer);
    if (issuer.has_error()) co_return issuer.error();
    if (!issuer_) issuer_ = std::make_unique<HttpsClient>(executor_, transport_, *issuer, endpoint_.deadlines);
    HttpRequest request{.target = issuer->path + "/.well-known/openid-configuration"};
    request.headers = {{"Accept", "application/json"}, {"User-Agent", "samsynk/" SAMSYNK_VERSION}};
    auto reply = co_await issuer_->send(std::move(request));
    if (reply.has_error()) co_return reply.error();
    retry_after_ = parse_retry_after(reply->retry_after,
                                     std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
    if (reply->status != 200) co_return strange_reply("openid-configuration", reply->status);
    const auto discovery = parse_discovery(reply->body);
    if (discovery.has_error()) co_return discovery.error();
    if (discovery->issuer != endpoint_.issuer && discovery->issuer != endpoint_.issuer + "/")
        co_return fail(Errc::sign_in_failed,
                       N_("The sign-in service calls itself {issuer}, not {expected}. Correct service.auth.issuer."),
                       {{"issuer", discovery->issuer}, {"expected", endpoint_.issuer}});
    auto url = parse_https_url(discovery->token_endpoint);
    if (url.has_error()) co_return url.error();
    token_path_ = url->path.empty() ? "/" : url->path;
    // Most often the same host: then its connection is used further.
    if (url->host == issuer->host && url->port == issuer->port)
        token_host_ = std::move(issuer_);
    else
        token_host_ = std::make_unique<HttpsClient>(executor_, transport_, *url, endpoint_.deadlines);
    if (cancelled_) token_host_->cancel();
    co_return Result<void>{};
}

agent::Async<> TokenSource::sign_in() {
    const auto known = secret();
    if (known.has_error()) co_return known.error();
    HttpRequest request{.method = "POST", .target = token_path_};
    request.headers = {
        {"Accept", "application/json"},
        {"User-Agent", "samsynk/" SAMSYNK_VERSION},
        {"Content-Type", "application/x-www-form-urlencoded"},
        {"Authorization", "Basic " + base64(form_encoded(endpoint_.client_id) + ":" + form_encoded(*known))}};
    request.body = "grant_type=client_credentials";
    auto reply = co_await token_host_->send(std::move(request));
    if (reply.has_error()) co_return reply.error();
    if (reply->status == 400 || reply->status == 401 || reply->status == 403)
        co_return fail(Errc::sign_in_failed,
                       N_("The sign-in as {client} was refused. Check client_id and the secret in {file}."),
                       {{"client", endpoint_.client_id}, {"file", endpoint_.client_secret_file->string()}});
    retry_after_ = parse_retry_after(reply->retry_after,
                                     std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
    if (reply->status != 200) co_return strange_reply("token", reply->status);
    auto token = parse_token(reply->body);
    if (token.has_error()) co_return token.error();
    token_ = std::move(token->access_token);
    const auto ahead = std::min(std::chrono::seconds{60}, token->lifetime / 4);
    good_until_ = std::chrono::steady_clock::now() + token->lifetime - ahead;
    co_return Result<void>{};
}

}  // namespace samsynk::service
