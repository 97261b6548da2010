// The online service over HTTPS, as the agent sees it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "agent/ports.hpp"

namespace samsynk::service {

struct Deadlines {
    std::chrono::milliseconds connect{10'000};  ///< name, connection and TLS
    std::chrono::milliseconds reply{60'000};    ///< request and reply, beside what a call waits for
};

/// Where the service is and how to sign in. Addresses are https URLs without a slash at the end.
struct Endpoint {
    std::string url;
    std::string issuer;
    std::string client_id;
    std::optional<std::filesystem::path> client_secret_file;
    std::optional<std::filesystem::path> ca_file;
    std::optional<std::filesystem::path> client_cert_file;
    std::optional<std::filesystem::path> client_key_file;
    Deadlines deadlines;
};

/// Error bad_settings: a certificate file can't be used, or an address is not https.
Result<std::unique_ptr<agent::OnlineSide>> make_online_side(boost::asio::any_io_executor executor, Endpoint endpoint);

}  // namespace samsynk::service
