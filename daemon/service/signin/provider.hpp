// The identity provider over HTTPS: finds its addresses once, and sends forms to them.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "async/asked_aside.hpp"
#include "async/mutex.hpp"
#include "core/secrets.hpp"
#include "service/https_client.hpp"
#include "service/signin/boot_clock.hpp"
#include "service/signin/client_proof.hpp"

namespace samsynk::service {

class Provider {
public:
    Provider(boost::asio::any_io_executor executor, std::shared_ptr<Transport> transport, Endpoint endpoint);

    /// OpenID discovery; asked once. Errors: sign_in_failed (it is another issuer), service_error, bad_reply, and those
    /// of HttpsClient.
    agent::Async<Discovery> discover();
    /// Sends a form as this client. `url` is one of the discovery's. Errors: sign_in_failed (no proof of who we are),
    /// bad_settings (no https), and those of HttpsClient. Whatever the provider answers is a reply.
    agent::Async<HttpReply> post(std::string url, Form form);

    /// An assertion names the provider as its issuer first; after this, as its token endpoint, and back.
    void use_other_audience() { audience_is_token_endpoint_ = !audience_is_token_endpoint_; }

    void cancel();
    std::uint64_t requests() const;  ///< made since the start
    /// How long the provider asked us to wait, when it last answered; 0 where it did not.
    std::chrono::seconds retry_after() const { return retry_after_; }

private:
    agent::Async<Discovery> read_discovery();
    agent::Async<HttpReply> send(std::string url, HttpRequest request);
    agent::Async<Proof> proof(Discovery known);

    boost::asio::any_io_executor executor_;
    std::shared_ptr<Transport> transport_;
    Endpoint endpoint_;
    std::optional<Discovery> discovery_;
    BootClock::time_point read_at_{};    ///< when that was
    bool doubtful_ = false;              ///< its endpoint may have moved
    std::vector<PresentSecret> hidden_;  ///< of the last request: its answer may repeat them
    AskedAside<Result<Proof>> proof_;
    std::map<std::string, std::unique_ptr<HttpsClient>> hosts_;  ///< most often one
    std::uint64_t requests_ = 0;                                 ///< of those that are not kept any more
    std::shared_ptr<AsyncMutex> mutex_ = std::make_shared<AsyncMutex>();
    std::chrono::seconds retry_after_{0};
    std::chrono::seconds ahead_{0};  ///< how far this machine's clock is ahead of the provider's
    bool audience_is_token_endpoint_ = false;
    bool cancelled_ = false;
};

}  // namespace samsynk::service
