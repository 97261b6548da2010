#include "ui/gateway.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <ctime>
#include <map>

#include "async/task_group.hpp"
#include "ui/visit.hpp"

namespace samsynk::ui {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds pause_before_listening_again{200};

Moment now() {
    timespec time{};
    ::clock_gettime(CLOCK_BOOTTIME, &time);
    return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

Error not_listening(const error_code& code, std::uint16_t port) {
    const std::string text = std::to_string(port);
    if (code == asio::error::access_denied)
        return fail(Errc::not_permitted,
                    N_("Port {port} is for root only. Choose one from 1024 on, or leave out --port."), {{"port", text}},
                    code.message());
    return fail(Errc::busy, N_("Port {port} is used by another program. Choose another one, or leave out --port."),
                {{"port", text}}, code.message());
}

}  // namespace

class Gateway::Impl : public std::enable_shared_from_this<Impl> {
public:
    Impl(asio::any_io_executor executor, GatewayOptions options)
        : executor_{executor}, options_{std::move(options)}, acceptor_{executor}, pause_{executor}, tasks_{executor} {}

    Result<void> start();
    void stop();
    Desk& desk() { return desk_; }
    std::uint16_t port() const { return port_; }

private:
    void listen(bool anew = false);
    awaitable<void> accept(bool after_a_while);
    awaitable<void> wait();
    void receive(tcp::socket socket);

    asio::any_io_executor executor_;
    GatewayOptions options_;
    tcp::acceptor acceptor_;
    asio::steady_timer pause_;
    TaskGroup tasks_;
    std::uint16_t port_ = 0;
    Desk desk_{options_.catalogs};
    Places places_;
    std::map<Places::Number, std::shared_ptr<Visit>> visits_;
    const Visit::House house_{desk_, places_, options_.socket, now};
};

Result<void> Gateway::Impl::start() {
    error_code code;
    const tcp::endpoint here{asio::ip::address_v4::loopback(), options_.port};
    acceptor_.open(here.protocol(), code);
    if (!code) acceptor_.set_option(asio::socket_base::reuse_address{true}, code);
    if (!code) acceptor_.bind(here, code);
    if (!code) acceptor_.listen(asio::socket_base::max_listen_connections, code);
    if (!code) port_ = acceptor_.local_endpoint(code).port();
    if (code) return not_listening(code, options_.port);
    desk_.be_at(port_);
    listen();
    return {};
}

// Whatever ends it, it goes on.
void Gateway::Impl::listen(bool anew) {
    const auto self = shared_from_this();
    tasks_.spawn(accept(anew), [self](const std::exception_ptr& thrown) {
        if (thrown && self->acceptor_.is_open()) self->listen(true);
    });
}

awaitable<void> Gateway::Impl::wait() {
    error_code cancelled;
    pause_.expires_after(pause_before_listening_again);
    co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

awaitable<void> Gateway::Impl::accept(bool after_a_while) {
    const auto self = shared_from_this();
    if (after_a_while) co_await wait();
    while (acceptor_.is_open()) {
        error_code code;
        auto socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, code));
        if (code == asio::error::operation_aborted) break;
        if (code) {  // of descriptors there are none left for the moment: those who wait go on waiting
            co_await wait();
            continue;
        }
        receive(std::move(socket));
    }
}

// However a visit ends, its place is free again.
void Gateway::Impl::receive(tcp::socket socket) {
    const auto place = places_.enter(now());
    if (!place) return;
    if (place->instead_of)
        if (const auto old = visits_.find(*place->instead_of); old != visits_.end()) old->second->close();
    const auto visit = std::make_shared<Visit>(std::move(socket), place->number, house_);
    visits_.emplace(place->number, visit);
    tasks_.spawn(visit->serve(), [self = shared_from_this(), visit, number = place->number](const std::exception_ptr&) {
        visit->close();
        self->visits_.erase(number);
        self->places_.leave(number);
    });
}

void Gateway::Impl::stop() {
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    for (const auto& [number, visit] : visits_) visit->close();
}

Gateway::Gateway(asio::any_io_executor executor, GatewayOptions options)
    : impl_{std::make_shared<Impl>(executor, std::move(options))} {}
Gateway::~Gateway() = default;
Result<void> Gateway::start() { return impl_->start(); }
void Gateway::stop() { impl_->stop(); }
std::uint16_t Gateway::port() const { return impl_->port(); }
std::string Gateway::new_address() { return impl_->desk().new_address(); }
void Gateway::on_opened(std::function<void()> opened) { impl_->desk().on_opened(std::move(opened)); }

}  // namespace samsynk::ui
