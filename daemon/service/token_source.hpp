// Signs in: OpenID discovery, then `client_credentials`; keeps the access token until shortly before it expires.
#pragma once

#include <memory>
#include <string>

#include "service/https_client.hpp"
#include "service/online_side.hpp"

namespace samsynk::service {

class TokenSource {
public:
    TokenSource(boost::asio::any_io_executor executor, std::shared_ptr<Transport> transport, Endpoint endpoint);

    /// A token that is good for a while. Errors: sign_in_failed, and those of HttpsClient.
    agent::Async<std::string> token();
    void forget() { token_.clear(); }
    void cancel();
    std::uint64_t requests() const;
    /// How long the sign-in service asked us to wait, when it last refused; 0 where it did not.
    std::chrono::seconds retry_after() const { return retry_after_; }

private:
    agent::Async<> discover();
    agent::Async<> sign_in();
    Result<std::string> secret() const;

    boost::asio::any_io_executor executor_;
    std::shared_ptr<Transport> transport_;
    Endpoint endpoint_;
    std::unique_ptr<HttpsClient> issuer_;
    std::unique_ptr<HttpsClient> token_host_;
    std::string token_path_;
    std::string token_;
    std::chrono::steady_clock::time_point good_until_{};
    std::chrono::seconds retry_after_{0};
    bool cancelled_ = false;
};

}  // namespace samsynk::service
