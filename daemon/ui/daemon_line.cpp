#include "ui/daemon_line.hpp"

#include <sys/un.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace samsynk::ui {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::awaitable;
using asio::local::stream_protocol;
using boost::system::error_code;

constexpr std::size_t part_size = 64 * 1024;

Error lost() {
    return fail(Errc::daemon_unreachable, N_("samsynkd ended the connection. See its log: journalctl -u samsynkd"));
}

Error not_reached(const error_code& code, const std::string& path) {
    if (code == asio::error::access_denied)
        return fail(Errc::not_permitted, N_("You may not use {path}. Ask to become a member of the group samsynk."),
                    {{"path", path}});
    return fail(Errc::daemon_unreachable,
                N_("samsynkd does not answer at {path}. Start it with: systemctl start samsynkd"), {{"path", path}});
}

}  // namespace

awaitable<Result<void>> DaemonLine::ask(HttpRequest request) {
    if (path_.size() >= sizeof(sockaddr_un::sun_path))
        co_return fail(Errc::daemon_unreachable, N_("The socket's path {path} is too long."), {{"path", path_}});
    error_code code;
    const stream_protocol::endpoint there{path_};
    co_await socket_.async_connect(there, asio::redirect_error(asio::use_awaitable, code));
    if (code) co_return not_reached(code, path_);
    // A stranger is told so before anything was read: what it says is looked at, whatever became of the request.
    error_code ignored;
    co_await http::async_write(socket_, request, asio::redirect_error(asio::use_awaitable, ignored));
    parser_.emplace();
    buffer_.reserve(part_size);  // a part is never longer than there is room for it
    parser_->body_limit(boost::none);
    parser_->eager(true);
    co_await http::async_read_header(socket_, buffer_, *parser_, asio::redirect_error(asio::use_awaitable, code));
    if (code) co_return lost();
    co_return Result<void>{};
}

std::optional<std::uint64_t> DaemonLine::length() const {
    if (const auto length = parser_->content_length()) return *length;
    return std::nullopt;
}

awaitable<std::optional<std::string>> DaemonLine::part() {
    std::string part;
    for (error_code code; !code;) {
        std::swap(part, parser_->get().body());
        if (!part.empty() || parser_->is_done()) co_return part;
        co_await http::async_read_some(socket_, buffer_, *parser_, asio::redirect_error(asio::use_awaitable, code));
    }
    co_return std::nullopt;
}

void DaemonLine::close() {
    error_code ignored;
    socket_.close(ignored);
}

}  // namespace samsynk::ui
