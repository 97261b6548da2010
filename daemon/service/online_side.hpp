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

class Keeper;
/// Keeps what a person's sign-in left in `folder`, for the whole life of the daemon: an online side that follows
/// another one after a reload goes on with it. Its file work is done on `pool`.
std::shared_ptr<Keeper> make_keeper(std::filesystem::path folder, boost::asio::any_io_executor pool);

/// How to sign in, by what is configured: `auth_key_file`, else `client_secret_file`, else a person with a code.
enum class Method { client_secret, private_key, device };

/// Where the service is and how to sign in. Addresses are https URLs without a slash at the end.
struct Endpoint {
    std::string url;
    std::string issuer;
    std::string client_id;
    std::optional<std::filesystem::path> client_secret_file;
    std::optional<std::filesystem::path> auth_key_file;       ///< signs in with it (RFC 7523); not the one of mTLS
    std::string auth_key_id;                                  ///< `kid`; may be empty
    std::optional<std::filesystem::path> refresh_token_file;  ///< a person's first sign-in, made elsewhere
    std::string scope;                                        ///< beside what the method itself needs
    std::optional<std::filesystem::path> ca_file;
    std::optional<std::filesystem::path> client_cert_file;
    std::optional<std::filesystem::path> client_key_file;
    Deadlines deadlines;
};

Method method_of(const Endpoint& endpoint);

/// `events` hears of the sign-in and must outlive the online side.
/// Error bad_settings: a certificate file can't be used, or an address is not https.
Result<std::unique_ptr<agent::OnlineSide>> make_online_side(boost::asio::any_io_executor executor, Endpoint endpoint,
                                                            std::shared_ptr<Keeper> keeper, EventSink& events);

}  // namespace samsynk::service
