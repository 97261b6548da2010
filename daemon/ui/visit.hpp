// One connection of a browser: its requests are read and answered one after the other, each within its time; what is
// for the daemon is passed on, and back as it comes.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <functional>
#include <memory>
#include <string>

#include "ui/daemon_line.hpp"
#include "ui/desk.hpp"
#include "ui/places.hpp"

namespace samsynk::ui {

class Visit : public std::enable_shared_from_this<Visit> {
public:
    /// What a visit needs, and what outlives it.
    struct House {
        Desk& desk;
        Places& places;
        const std::string& socket;  ///< the daemon's
        std::function<Moment()> now;
    };
    Visit(boost::asio::ip::tcp::socket socket, Places::Number number, const House& house)
        : stream_{std::move(socket)}, number_{number}, house_{house} {}

    boost::asio::awaitable<void> serve();
    void close() { stream_.close(); }

private:
    boost::asio::awaitable<std::optional<HttpRequest>> read();
    boost::asio::awaitable<bool> reply(HttpRequest message);
    boost::asio::awaitable<bool> pass_on(Asked asked, bool keep_alive);
    boost::asio::awaitable<bool> pass_back(DaemonLine& daemon, bool keep_alive);
    boost::asio::awaitable<bool> write(HttpResponse message);
    boost::asio::awaitable<boost::system::error_code> write_part(std::string part, bool chunked);
    boost::asio::awaitable<void> drain();
    boost::asio::awaitable<void> look_whether_it_goes(std::shared_ptr<DaemonLine> daemon, std::shared_ptr<bool> over);

    boost::beast::tcp_stream stream_;
    boost::beast::flat_buffer buffer_{http_header_limit + http_body_limit};
    Places::Number number_;
    const House& house_;
};

}  // namespace samsynk::ui
