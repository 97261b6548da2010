#include "control/metrics_port.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/field.hpp>
#include <map>

#include "async/task_group.hpp"
#include "control/connection.hpp"
#include "control/metrics.hpp"
#include "core/host_name.hpp"

namespace samsynk::control {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using asio::ip::tcp;
using boost::system::error_code;
using TcpLine = Connection<tcp>;

constexpr std::size_t most = 16;
constexpr std::chrono::milliseconds pause{200};

// A page in someone's browser must not read it by a name that it made lead here.
bool is_for_this_machine(const HttpRequest& request) {
    if (request.count(boost::beast::http::field::host) != 1) return false;
    const auto host = host_in_field(std::string{request[boost::beast::http::field::host]});
    return host && (*host == "localhost" || *host == "127.0.0.1" || *host == "::1");
}

}  // namespace

class MetricsPort::Impl : public std::enable_shared_from_this<Impl> {
public:
    Impl(asio::any_io_executor executor, const agent::Commands& agent, std::function<void(Event)> on_fault)
        : executor_{executor},
          agent_{agent},
          on_fault_{std::move(on_fault)},
          acceptor_{executor},
          pause_{executor},
          tasks_{executor} {}

    Result<void> listen(const std::string& address, std::uint16_t port, bool companies);
    void close();

private:
    void start(bool anew = false);
    void tell(const std::exception_ptr& thrown) const;
    awaitable<void> accept(bool after_a_while);
    awaitable<void> wait();
    awaitable<void> serve(std::shared_ptr<TcpLine> line);
    Response answer(const HttpRequest& request) const;

    asio::any_io_executor executor_;
    const agent::Commands& agent_;
    std::function<void(Event)> on_fault_;
    tcp::acceptor acceptor_;
    asio::steady_timer pause_;
    TaskGroup tasks_;
    using Instant = std::chrono::steady_clock::time_point;

    void make_room();

    std::map<std::shared_ptr<TcpLine>, Instant> waiting_since_;  ///< for a request
    tcp::endpoint at_;
    bool companies_ = false;
};

Result<void> MetricsPort::Impl::listen(const std::string& address, std::uint16_t port, bool companies) {
    companies_ = companies;
    const tcp::endpoint endpoint{asio::ip::make_address(address), port};
    if (acceptor_.is_open() && endpoint == at_) return {};
    tcp::acceptor acceptor{executor_};
    error_code code;
    acceptor.open(endpoint.protocol(), code);
    if (!code) acceptor.set_option(asio::socket_base::reuse_address{true}, code);
    if (!code) acceptor.bind(endpoint, code);
    if (!code) acceptor.listen(asio::socket_base::max_listen_connections, code);
    if (code)
        return fail(Errc::state_failed,
                    N_("The metrics can't be served at port {port} ({why}). Choose another one: metrics.listen."),
                    {{"port", std::to_string(port)}, {"why", code.message()}});
    close();
    acceptor_ = std::move(acceptor);
    at_ = endpoint;
    start();
    return {};
}

void MetricsPort::Impl::tell(const std::exception_ptr& thrown) const {
    if (thrown && on_fault_) on_fault_(fault("serving the metrics", what_of(thrown)));
}

// Whatever ends it, it goes on.
void MetricsPort::Impl::start(bool anew) {
    tasks_.spawn(accept(anew), [self = shared_from_this()](const std::exception_ptr& thrown) {
        self->tell(thrown);
        if (thrown && self->acceptor_.is_open()) self->start(true);
    });
}

awaitable<void> MetricsPort::Impl::wait() {
    error_code cancelled;
    pause_.expires_after(pause);
    co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

awaitable<void> MetricsPort::Impl::accept(bool after_a_while) {
    const auto self = shared_from_this();
    if (after_a_while) co_await wait();
    while (acceptor_.is_open()) {
        error_code code;
        auto socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, code));
        if (code == asio::error::operation_aborted) break;
        if (code) {
            co_await wait();
            continue;
        }
        make_room();
        const auto line = std::make_shared<TcpLine>(std::move(socket));
        waiting_since_.emplace(line, Instant::clock::now());
        // However it ends, also by an exception: its place is free again, and who asked sees the connection end.
        tasks_.spawn(serve(line), [this, self, line](const std::exception_ptr& thrown) {
            tell(thrown);
            line->close();
            waiting_since_.erase(line);
        });
    }
}

// Half requests of anyone keep nobody out: whoever has been waited for longest goes.
void MetricsPort::Impl::make_room() {
    if (waiting_since_.size() < most) return;
    const auto longest = std::min_element(waiting_since_.begin(), waiting_since_.end(),
                                          [](const auto& a, const auto& b) { return a.second < b.second; });
    longest->first->close();
    waiting_since_.erase(longest);
}

awaitable<void> MetricsPort::Impl::serve(std::shared_ptr<TcpLine> line) {
    const auto self = shared_from_this();
    for (bool keep = true; keep;) {
        auto message = co_await line->read();
        if (!message) break;
        Response response = answer(*message);
        keep = co_await line->answer(*message, std::move(response)) && message->keep_alive();
        if (const auto waits = waiting_since_.find(line); waits != waiting_since_.end())
            waits->second = Instant::clock::now();
    }
    line->shut_down();
}

Response MetricsPort::Impl::answer(const HttpRequest& request) const {
    if (!is_for_this_machine(request))
        return problem(403,
                       fail(Errc::not_permitted, N_("The metrics are for this machine only, under its own names.")));
    if (request.target() != "/metrics")
        return problem(
            404, fail(Errc::not_found, N_("There is nothing at {path}."), {{"path", std::string{request.target()}}}));
    if (request.method() == boost::beast::http::verb::get)
        return metrics_response(agent_, std::string{request[boost::beast::http::field::accept]}, companies_,
                                wall_clock());
    Response response = problem(405, fail(Errc::bad_request, N_("{path} can't be asked with {method}."),
                                          {{"path", "/metrics"}, {"method", std::string{request.method_string()}}}));
    response.allow = "GET";
    return response;
}

void MetricsPort::Impl::close() {
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    for (const auto& [line, since] : waiting_since_) line->close();
}

MetricsPort::MetricsPort(asio::any_io_executor executor, const agent::Commands& agent,
                         std::function<void(Event)> on_fault)
    : impl_{std::make_shared<Impl>(executor, agent, std::move(on_fault))} {}
MetricsPort::~MetricsPort() = default;
Result<void> MetricsPort::listen(const MetricsOptions& options) {
    if (options.address) return impl_->listen(*options.address, options.port, options.companies);
    close();
    return {};
}
void MetricsPort::close() { impl_->close(); }

}  // namespace samsynk::control
