// One HTTPS host: a kept-alive, verified connection, and a request and its reply with deadlines and limits.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <vector>

#include "agent/ports.hpp"
#include "async/cancellation.hpp"
#include "service/https_url.hpp"
#include "service/online_side.hpp"
#include "service/transport.hpp"

namespace samsynk::service {

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
    std::string from;   ///< who answered: host:port
    std::string trace;  ///< the trace id that the request bore: 32 hex digits
    std::string date;   ///< when the other side says that it answered, as it wrote it
    std::string location;
    std::string body;  ///< unpacked
};

inline constexpr std::size_t reply_body_limit = 16 * 1024 * 1024;  ///< packed and unpacked
inline constexpr std::size_t reply_header_limit = 16 * 1024;

class HttpsClient {
public:
    HttpsClient(boost::asio::any_io_executor executor, std::shared_ptr<Transport> transport, HttpsUrl host,
                Deadlines deadlines);
    ~HttpsClient();

    /// Each time it goes out it bears a `traceparent` of its own. Waits where too much was asked of the host lately.
    /// Errors: service_unreachable, tls_failed, bad_reply, service_error (it wants to lead elsewhere, which is not
    /// followed), cancelled.
    agent::Async<HttpReply> send(HttpRequest request);
    /// Ends what is under way, at any step, and all that comes, with `cancelled`.
    void cancel() { cancellation_.cancel(); }
    std::uint64_t requests() const { return requests_; }

private:
    struct Connection;
    agent::Async<HttpReply> send_until_clear(HttpRequest request);
    agent::Async<> wait_for_turn(std::string endpoint);
    agent::Async<> connect();
    void remember_wait(const HttpReply& reply);

    boost::asio::any_io_executor executor_;
    std::shared_ptr<Transport> transport_;
    HttpsUrl host_;
    Deadlines deadlines_;
    CancellationSource cancellation_;
    std::unique_ptr<Connection> connection_;
    std::uint64_t requests_ = 0;
};

}  // namespace samsynk::service
