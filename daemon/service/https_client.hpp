// One HTTPS host: a kept-alive, verified connection, and a request and its reply with deadlines and limits.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agent/ports.hpp"
#include "service/online_side.hpp"

namespace samsynk::service {

/// An https URL in its parts. `path` is without a slash at its end, empty for the root.
struct HttpsUrl {
    std::string host;
    std::string port = "443";
    std::string path;
};
/// Error bad_settings: not https, or no host.
Result<HttpsUrl> parse_https_url(const std::string& url);

struct HttpRequest {
    std::string method = "GET";
    std::string target;  ///< path and query
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::chrono::seconds extra_wait{0};  ///< how long the service may hold its answer
};

struct HttpReply {
    int status = 0;
    std::string content_type;  ///< in lower case, without parameters
    std::string retry_after;
    std::string trace;  ///< the trace id that the request bore: 32 hex digits
    std::string date;  ///< when the other side says that it answered, as it wrote it
    std::string body;
};

inline constexpr std::size_t reply_body_limit = 16 * 1024 * 1024;
inline constexpr std::size_t reply_header_limit = 16 * 1024;

class HttpsClient {
public:
    HttpsClient(boost::asio::any_io_executor executor, std::shared_ptr<boost::asio::ssl::context> tls, HttpsUrl host,
                Deadlines deadlines);
    ~HttpsClient();

    /// Each time it goes out it bears a `traceparent` of its own.
    /// Errors: service_unreachable, tls_failed, bad_reply, cancelled. Redirects are replies like any other.
    agent::Async<HttpReply> send(HttpRequest request);
    /// Ends what is under way, and all that comes, with `cancelled`.
    void cancel();
    std::uint64_t requests() const { return requests_; }

private:
    struct Connection;
    agent::Async<> connect();
    agent::Async<HttpReply> exchange(HttpRequest request);
    Error network_error(const boost::system::error_code& code, const std::string& doing) const;

    boost::asio::any_io_executor executor_;
    std::shared_ptr<boost::asio::ssl::context> tls_;
    HttpsUrl host_;
    Deadlines deadlines_;
    std::unique_ptr<Connection> connection_;
    std::uint64_t requests_ = 0;
    bool cancelled_ = false;
    bool reply_began_ = false;
};

/// TLS 1.2 at least, the system's store and `ca_file`, an own certificate where given. Error bad_settings.
Result<std::shared_ptr<boost::asio::ssl::context>> make_tls_context(const Endpoint& endpoint);

}  // namespace samsynk::service
