// What systemd is told of the daemon (sd_notify(3)). libsystemd's own call waits where the supervisor does not read,
// and with it the whole loop; this one never does.
#pragma once

#include <boost/asio/local/datagram_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <optional>
#include <string>

namespace samsynk::app {

/// Does nothing where no NOTIFY_SOCKET was given. What finds no room is said again until it does, but for the status.
class Supervisor {
public:
    explicit Supervisor(boost::asio::any_io_executor executor);

    void ready();
    void reloading();  ///< to be followed by `ready`
    void stopping();
    void alive();                          ///< to the watchdog
    void status(const std::string& line);  ///< shown by `systemctl status`
    /// Gives up what could not be said yet, so that the loop may end.
    void close();

private:
    void say(std::string words);
    /// Whether it arrived, or never will.
    bool send(const std::string& words);
    void send_waiting();

    boost::asio::local::datagram_protocol::socket socket_;
    std::optional<boost::asio::local::datagram_protocol::endpoint> at_;
    boost::asio::steady_timer again_;
    std::deque<std::string> waiting_;
};

}  // namespace samsynk::app
