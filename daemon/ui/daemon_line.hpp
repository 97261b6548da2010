// One request at the daemon's control socket, as the person who started the gateway: the answer comes part by part.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <optional>
#include <string>

#include "ui/http_messages.hpp"

namespace samsynk::ui {

class DaemonLine {
public:
    using Head = boost::beast::http::response_header<>;

    DaemonLine(boost::asio::any_io_executor executor, std::string path) : socket_{executor}, path_{std::move(path)} {}

    /// Asks, and waits for the beginning of the answer. Errors: daemon_unreachable, not_permitted.
    boost::asio::awaitable<Result<void>> ask(HttpRequest request);
    const Head& head() const { return parser_->get(); }
    /// How long the body is, where the daemon said so.
    std::optional<std::uint64_t> length() const;
    /// What has come of the body since; empty at its end. Nothing: the daemon is gone before that.
    boost::asio::awaitable<std::optional<std::string>> part();

    /// What waits for the daemon ends as if it was gone.
    void close();

private:
    boost::asio::local::stream_protocol::socket socket_;
    std::string path_;
    boost::beast::flat_buffer buffer_;
    std::optional<boost::beast::http::response_parser<boost::beast::http::string_body>> parser_;
};

}  // namespace samsynk::ui
