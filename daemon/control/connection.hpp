// One connection on the control socket: requests are read and answers written, each within its time.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "control/http_messages.hpp"

namespace samsynk::control {

/// Someone who takes or sends nothing for so long is dropped.
inline constexpr std::chrono::seconds patience{30};

/// The stream is a Unix socket's or, for the metrics, a loopback port's.
template <class Protocol>
class Connection {
public:
    using Socket = typename Protocol::socket;
    explicit Connection(Socket socket) : stream_{std::move(socket)} {}

    /// Nothing: there is none, and the answer to that (if any) was given. Keep nothing that it points to.
    boost::asio::awaitable<std::optional<HttpRequest>> read();
    /// False: the other side is gone.
    boost::asio::awaitable<bool> answer(const HttpRequest& request, Response response);
    /// The last answer: afterwards what the other side still sends is thrown away, up to a point.
    boost::asio::awaitable<void> say_goodbye(Response response);
    boost::asio::awaitable<bool> begin_lines(std::string content_type);
    boost::asio::awaitable<bool> write_lines(std::string text);
    boost::asio::awaitable<void> end_lines();
    void close() { stream_.close(); }
    void shut_down();

private:
    boost::asio::awaitable<bool> write(HttpResponse message);
    boost::asio::awaitable<bool> write_download(const HttpRequest& request, Response response);
    boost::asio::awaitable<bool> write_shared(const HttpRequest& request, Response response);
    boost::asio::awaitable<void> drain();

    boost::beast::basic_stream<Protocol> stream_;
    boost::beast::flat_buffer buffer_{http_header_limit + http_body_limit};
};

extern template class Connection<boost::asio::local::stream_protocol>;
extern template class Connection<boost::asio::ip::tcp>;

}  // namespace samsynk::control
