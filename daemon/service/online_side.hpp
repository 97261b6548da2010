// The online service over HTTPS, as the agent sees it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/ports.hpp"

namespace samsynk::service {

struct Deadlines {
    std::chrono::milliseconds connect{10'000};  ///< each for the name, the connection, the proxy, and TLS
    std::chrono::milliseconds reply{60'000};    ///< request and reply as a whole, beside what a call waits for
    std::chrono::milliseconds idle{30'000};     ///< from one piece of them to the next
    /// A connection that has rested for longer is not trusted: a router on the way may have forgotten it.
    std::chrono::milliseconds rest{30'000};
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
    bool ca_only = false;  ///< no others: not the system's
    std::optional<std::filesystem::path> client_cert_file;
    std::optional<std::filesystem::path> client_key_file;
    std::vector<std::string> pins;     ///< `sha256/…`: one of them must be in the chain; none: any key will do
    std::optional<std::string> proxy;  ///< `http://user:password@host:port`; else by the environment
    std::optional<std::filesystem::path> proxy_password_file;
    Deadlines deadlines;
};

Method method_of(const Endpoint& endpoint);

/// What hosts have asked of us; shared by all that the program makes, so that a new configuration does not forget it.
class Courtesy;
std::shared_ptr<Courtesy> make_courtesy();

/// `events` hears of the sign-in and must outlive the online side. Without `courtesy` it has one of its own.
/// Error bad_settings: a certificate, key or password file can't be used, an address is not https, or a proxy's is
/// none.
Result<std::unique_ptr<agent::OnlineSide>> make_online_side(boost::asio::any_io_executor executor, Endpoint endpoint,
                                                            std::shared_ptr<Keeper> keeper,
                                                            std::shared_ptr<Courtesy> courtesy, EventSink& events);

}  // namespace samsynk::service
