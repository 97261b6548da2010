#include "service/tcp_connect.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <iterator>
#include <optional>

namespace samsynk::service {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// Kept alive by the attempts under way.
class Race : public std::enable_shared_from_this<Race> {
public:
    Race(asio::any_io_executor executor, Endpoints order, std::chrono::milliseconds deadline)
        : executor_{executor}, order_{std::move(order)}, finish_{executor, deadline}, stagger_{executor} {}

    asio::steady_timer& finish() { return finish_; }
    std::optional<tcp::socket>& winner() { return winner_; }
    const error_code& reason() const { return reason_; }
    bool all_failed() const { return under_way_ == 0 && next_ == order_.size(); }

    void begin_next() {
        if (over_ || next_ == order_.size()) return;
        const auto socket = std::make_shared<tcp::socket>(executor_);
        sockets_.push_back(socket);
        ++under_way_;
        const tcp::endpoint& endpoint = order_[next_++];
        socket->async_connect(
            endpoint, [self = shared_from_this(), socket](const error_code& code) { self->ended(*socket, code); });
        if (next_ == order_.size()) return;
        stagger_.expires_after(attempt_stagger);
        stagger_.async_wait([self = shared_from_this()](const error_code& code) {
            if (!code) self->begin_next();
        });
    }

    void end() {
        over_ = true;
        stagger_.cancel();
        finish_.cancel();
        error_code ignored;
        for (const auto& socket : sockets_) socket->close(ignored);
    }

private:
    void ended(tcp::socket& socket, const error_code& code) {
        --under_way_;
        if (over_) return;
        if (!code) {
            winner_.emplace(std::move(socket));
            end();
            return;
        }
        if (!reason_) reason_ = code;
        if (all_failed())
            end();
        else
            begin_next();  // at once; its own stagger replaces the one that runs
    }

    asio::any_io_executor executor_;
    Endpoints order_;
    asio::steady_timer finish_;
    asio::steady_timer stagger_;
    std::vector<std::shared_ptr<tcp::socket>> sockets_;
    std::optional<tcp::socket> winner_;
    error_code reason_;
    std::size_t next_ = 0;
    std::size_t under_way_ = 0;
    bool over_ = false;
};

class RaceGuard {
public:
    explicit RaceGuard(Race& race) : race_{race} {}
    ~RaceGuard() { race_.end(); }
    RaceGuard(const RaceGuard&) = delete;
    RaceGuard& operator=(const RaceGuard&) = delete;

private:
    Race& race_;
};

// A firewall or a NAT forgets what is silent, without a word: this keeps its memory, and tells of the dead in 25 s.
void keep_alive(int socket) {
    constexpr int on = 1, idle_seconds = 10, between_seconds = 5, most_unanswered = 3;
    ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &idle_seconds, sizeof idle_seconds);
    ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPINTVL, &between_seconds, sizeof between_seconds);
    ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPCNT, &most_unanswered, sizeof most_unanswered);
}

}  // namespace

Endpoints in_turn(const Endpoints& found) {
    if (found.empty()) return {};
    const auto first_family = found.front().protocol();
    Endpoints preferred, other, order;
    std::partition_copy(found.begin(), found.end(), std::back_inserter(preferred), std::back_inserter(other),
                        [&](const tcp::endpoint& one) { return one.protocol() == first_family; });
    for (std::size_t i = 0; i < std::max(preferred.size(), other.size()); ++i) {
        if (i < preferred.size()) order.push_back(preferred[i]);
        if (i < other.size()) order.push_back(other[i]);
    }
    if (order.size() > most_addresses) order.resize(most_addresses);
    return order;
}

agent::Async<tcp::socket> connect_to_first(asio::any_io_executor executor, Peer peer, Endpoints found,
                                           std::chrono::milliseconds deadline, CancellationSource& cancellation) {
    const auto race = std::make_shared<Race>(executor, in_turn(found), deadline);
    const RaceGuard guard{*race};
    const CancellationRegistration stoppable{cancellation, [&race] { race->end(); }};
    race->begin_next();
    error_code ended;
    co_await race->finish().async_wait(asio::redirect_error(asio::use_awaitable, ended));
    if (cancellation.cancelled()) co_return stopped_error();
    if (race->winner()) {
        tcp::socket socket = std::move(*race->winner());
        socket.set_option(tcp::no_delay{true}, ended);
        keep_alive(socket.native_handle());
        co_return socket;
    }
    if (race->all_failed()) co_return network_error(peer, race->reason(), "connect");
    co_return too_late(peer, "connect");
}

}  // namespace samsynk::service
