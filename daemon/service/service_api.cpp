// The contract's calls: each is a request, its sign-in, and its reply or what went wrong.
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "service/json_reply.hpp"
#include "service/online_side.hpp"
#include "service/retry_after.hpp"
#include "service/service_refusal.hpp"
#include "service/token_source.hpp"
#include "service/wire.hpp"

namespace samsynk::service {
namespace {

std::string encoded(const std::string& text) { return boost::urls::encode(text, boost::urls::unreserved_chars); }

// From before this one was made: by another configuration of the same program.
std::chrono::seconds still_asked(const Transport& transport) {
    return transport.courtesy->asked_wait(transport.service, std::chrono::steady_clock::now());
}

constexpr int gateway_timeout = 504;
constexpr std::chrono::minutes as_good_as_equal{1};  ///< two clocks

class ServiceApi : public agent::OnlineSide {
public:
    ServiceApi(boost::asio::any_io_executor executor, std::shared_ptr<Transport> transport, Endpoint endpoint,
               HttpsUrl url, std::shared_ptr<Keeper> keeper, EventSink& events)
        : prefix_{url.path},
          client_{executor, transport, url, endpoint.deadlines},
          executor_{executor},
          transport_{transport},
          url_{url},
          deadlines_{endpoint.deadlines},
          tokens_{std::make_shared<TokenSource>(executor, transport, endpoint, std::move(keeper), events)},
          retry_after_{still_asked(*transport)} {}
    ~ServiceApi() override { tokens_->cancel(); }

    agent::Async<agent::RecordPage> list(std::string after) override {
        HttpRequest request{.target = prefix_ + "/v1/companies?limit=500" +
                                      (after.empty() ? "" : "&after=" + encoded(after))};
        auto reply = co_await call(std::move(request));
        if (reply.has_error()) co_return reply.error();
        co_return as_read(*reply, parse_record_page(reply->body));
    }

    agent::Async<agent::ChangePage> changes(std::string cursor) override {
        HttpRequest request{.target = prefix_ + "/v1/changes?limit=500&cursor=" + encoded(cursor)};
        auto reply = co_await call(std::move(request));
        if (reply.has_error()) co_return reply.error();
        co_return as_read(*reply, parse_change_page(reply->body));
    }

    agent::Async<agent::ChangePage> held_changes(std::string cursor, std::chrono::seconds wait) override {
        // After it was hung up on, a client is of no more use.
        if (!held_) held_ = std::make_shared<HttpsClient>(executor_, transport_, url_, deadlines_);
        const std::shared_ptr<HttpsClient> client = held_;
        std::chrono::seconds ignored{0};
        HttpRequest request{.target = prefix_ + "/v1/changes?limit=500&cursor=" + encoded(cursor)};
        if (wait.count() > 0) request.target += "&wait=" + std::to_string(wait.count());
        request.extra_wait = wait;
        auto reply = co_await exchange(std::move(request), *client, ignored);
        if (reply.has_error()) co_return reply.error();
        // Something between us waited in vain for what is held: that is a cut, and no trouble of the service.
        if (reply->status == gateway_timeout && wait.count() > 0) co_return cut_by(*reply);
        if (auto good = agreed(*reply, ignored); good.has_error()) co_return good.error();
        co_return as_read(*reply, parse_change_page(reply->body));
    }
    void hang_up() override {
        if (held_) held_->cancel();
        held_.reset();
    }

    agent::Async<std::vector<sync::Claim>> register_installation(agent::Registration registration) override {
        HttpRequest request{.method = "PUT", .target = prefix_ + "/v1/installations/" + registration.installation};
        request.body = registration_body(registration);
        auto reply = co_await call(std::move(request));
        if (reply.has_error()) co_return reply.error();
        co_return as_read(*reply, parse_claims(reply->body));
    }

    agent::Async<std::vector<agent::OperationResult>> push(std::string epoch,
                                                           std::vector<sync::Operation> operations) override {
        HttpRequest request{.method = "POST", .target = prefix_ + "/v1/preferences"};
        request.body = push_body(epoch, operations);
        auto reply = co_await call(std::move(request));
        if (reply.has_error()) co_return reply.error();
        auto results = as_read(*reply, parse_push_results(reply->body, operations));
        // What was refused bears the service's own name for it; what was done is found by the trace.
        if (results.has_value())
            for (agent::OperationResult& result : *results)
                if (result.request_id.empty()) result.request_id = reply->trace;
        co_return results;
    }

    agent::Async<> release(std::string installation, OrgNumber company) override {
        HttpRequest request{
            .method = "DELETE",
            .target = prefix_ + "/v1/installations/" + encoded(installation) + "/companies/" + company.digits()};
        auto reply = co_await exchange(std::move(request), client_, retry_after_);
        if (reply.has_error()) co_return reply.error();
        // What nobody holds needs no giving up; a body is not agreed upon.
        if (reply->status / 100 != 2 && reply->status != 404) co_return refusal(*reply, retry_after_);
        co_return Result<void>{};
    }

    void cancel() override {
        client_.cancel();
        hang_up();
        tokens_->cancel();
    }
    std::chrono::seconds retry_after() const override { return retry_after_; }
    std::chrono::seconds still_to_wait() const override { return still_asked(*transport_); }
    std::optional<std::chrono::seconds> clock_ahead() const override { return clock_ahead_; }
    std::uint64_t requests() const override { return client_.requests() + tokens_->requests(); }
    agent::RequestCounts request_counts() const override { return transport_->courtesy->counts(); }
    std::shared_ptr<agent::SignIn> sign_in() override { return tokens_; }

private:
    agent::Async<HttpReply> call(HttpRequest request) {
        co_return co_await call(std::move(request), client_, retry_after_);
    }

    // A 200 with JSON, or the error.
    agent::Async<HttpReply> call(HttpRequest request, HttpsClient& client, std::chrono::seconds& retry_after) {
        auto reply = co_await exchange(std::move(request), client, retry_after);
        if (reply.has_error()) co_return reply.error();
        if (auto good = agreed(*reply, retry_after); good.has_error()) co_return good.error();
        co_return std::move(*reply);
    }

    Result<void> agreed(const HttpReply& reply, std::chrono::seconds& retry_after) const {
        if (reply.status != 200) return refusal(reply, retry_after);
        if (!is_json(reply)) return not_json(reply);
        return {};
    }

    // Whatever the service answers. A token that it no longer takes is replaced, once.
    agent::Async<HttpReply> exchange(HttpRequest request, HttpsClient& client, std::chrono::seconds& retry_after) {
        retry_after = std::chrono::seconds{0};
        for (int attempt = 0;; ++attempt) {
            auto token = co_await tokens_->token();
            if (token.has_error()) {
                retry_after = tokens_->retry_after();
                co_return token.error();
            }
            token_size_ = token->size();
            HttpRequest signed_request = request;
            signed_request.headers = {{"Authorization", "Bearer " + *token},
                                      {"User-Agent", "samsynk/" SAMSYNK_VERSION},
                                      {"Accept", "application/json"}};
            if (!request.body.empty()) signed_request.headers.emplace_back("Content-Type", "application/json");
            auto reply = co_await client.send(std::move(signed_request));
            if (reply.has_error()) co_return reply.error();
            if (const auto ahead = ahead_of(*reply, wall_clock()))
                clock_ahead_ = std::chrono::abs(*ahead) > as_good_as_equal ? *ahead : std::chrono::seconds{0};
            if (reply->status == 401 && attempt == 0) {
                tokens_->forget(*token);
                continue;
            }
            if (reply->status != 401)
                tokens_->accepted();
            else
                tokens_->refused(refusal(*reply, retry_after));
            co_return std::move(*reply);
        }
    }

    Error refusal(const HttpReply& reply, std::chrono::seconds& retry_after) const {
        retry_after = asked_wait_of(reply, wall_clock());
        return refusal_of(reply, retry_after, token_size_);
    }

    std::string prefix_;
    HttpsClient client_;
    boost::asio::any_io_executor executor_;
    std::shared_ptr<Transport> transport_;
    HttpsUrl url_;
    Deadlines deadlines_;
    std::shared_ptr<HttpsClient> held_;
    std::shared_ptr<TokenSource> tokens_;
    std::chrono::seconds retry_after_;
    std::optional<std::chrono::seconds> clock_ahead_;
    std::size_t token_size_ = 0;  ///< of the last one that was used
};

}  // namespace

std::shared_ptr<Courtesy> make_courtesy() { return std::make_shared<Courtesy>(); }

Result<std::unique_ptr<agent::OnlineSide>> make_online_side(boost::asio::any_io_executor executor, Endpoint endpoint,
                                                            std::shared_ptr<Keeper> keeper,
                                                            std::shared_ptr<Courtesy> courtesy, EventSink& events) {
    auto url = parse_https_url(endpoint.url);
    if (url.has_error()) return url.error();
    if (auto issuer = parse_https_url(endpoint.issuer); issuer.has_error()) return issuer.error();
    auto transport = make_transport(endpoint, std::move(courtesy));
    if (transport.has_error()) return transport.error();
    return std::unique_ptr<agent::OnlineSide>{std::make_unique<ServiceApi>(executor, *transport, std::move(endpoint),
                                                                           std::move(*url), std::move(keeper), events)};
}

}  // namespace samsynk::service
