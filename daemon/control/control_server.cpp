#include "control/control_server.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <set>

#include "async/task_group.hpp"
#include "control/admission.hpp"
#include "control/connection.hpp"
#include "control/listening_socket.hpp"
#include "control/rights.hpp"

namespace samsynk::control {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using asio::local::stream_protocol;
using boost::system::error_code;
using LocalLine = Connection<stream_protocol>;

constexpr std::chrono::milliseconds pause_without_descriptors{200};

Response stranger() {
    return problem(403, fail(Errc::not_permitted,
                             N_("You are not a member of the group samsynk. Ask the administrator to add you.")));
}

Response no_room() {
    return problem(503, fail(Errc::too_many, N_("Too many are connected to samsynkd. Try again in a moment.")));
}

}  // namespace

class ControlServer::Impl : public std::enable_shared_from_this<Impl> {
public:
    Impl(asio::any_io_executor executor, Answerer& answerer, LiveAnswers* live, ControlOptions options)
        : executor_{executor},
          answerer_{answerer},
          live_{live},
          options_{std::move(options)},
          rights_{executor, options_.names, options_.observers},
          listening_{executor},
          pause_{executor},
          tasks_{executor} {}

    Result<void> open() { return listening_.open(options_.socket, options_.passed); }
    void start(bool anew = false);
    void stop();
    void let_look(std::vector<std::string> observers) { rights_.let_look(std::move(observers)); }

private:
    awaitable<void> accept(bool after_a_while);
    void receive(LocalLine::Socket socket);
    awaitable<void> welcome(std::shared_ptr<LocalLine> line, Caller caller, bool entered);
    awaitable<void> serve(LocalLine& line, const Caller& caller);
    void tell(const char* what, const std::exception_ptr& thrown) const;
    awaitable<bool> reply(LocalLine& line, HttpRequest message, const Caller& caller);
    awaitable<bool> follow(LocalLine& line, Response response, const Caller& caller);
    awaitable<bool> may_still(Caller caller);

    asio::any_io_executor executor_;
    Answerer& answerer_;
    LiveAnswers* live_;
    ControlOptions options_;
    Rights rights_;
    ListeningSocket listening_;
    asio::steady_timer pause_;
    TaskGroup tasks_;
    Admission admission_;
    std::set<std::shared_ptr<LocalLine>> lines_;
};

void ControlServer::Impl::tell(const char* what, const std::exception_ptr& thrown) const {
    if (thrown && options_.on_fault) options_.on_fault(fault(what, what_of(thrown)));
}

// Whatever ends it, it goes on.
void ControlServer::Impl::start(bool anew) {
    tasks_.spawn(accept(anew), [self = shared_from_this()](const std::exception_ptr& thrown) {
        self->tell("listening at the control socket", thrown);
        if (thrown && self->listening_.acceptor().is_open()) self->start(true);
    });
}

awaitable<void> ControlServer::Impl::accept(bool after_a_while) {
    const auto self = shared_from_this();
    if (after_a_while) {
        error_code cancelled;
        pause_.expires_after(pause_without_descriptors);
        co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    }
    Caller nobody;
    (void)co_await may_still(std::move(nobody));  // so that the groups are known before the first one comes
    while (listening_.acceptor().is_open()) {
        error_code code;
        auto socket = co_await listening_.acceptor().async_accept(asio::redirect_error(asio::use_awaitable, code));
        if (code == asio::error::operation_aborted) break;
        if (code) {  // of descriptors there are none left for the moment: those who wait go on waiting
            pause_.expires_after(pause_without_descriptors);
            co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, code));
            continue;
        }
        receive(std::move(socket));
    }
}

// However a connection ends, its place is free again.
void ControlServer::Impl::receive(LocalLine::Socket socket) {
    Caller caller = caller_of(socket.native_handle());
    const auto line = std::make_shared<LocalLine>(std::move(socket));
    const Peer seen{rights_.at_first_sight(caller), {}, caller.uid, caller.trusted};
    const bool entered = admission_.enter(seen);
    if (!entered && lines_.size() >= Admission::most) return line->shut_down();
    lines_.insert(line);
    tasks_.spawn(welcome(line, std::move(caller), entered),
                 [self = shared_from_this(), line, seen, entered](const std::exception_ptr& thrown) {
                     self->tell("answering at the control socket", thrown);
                     line->shut_down();
                     self->lines_.erase(line);
                     if (entered) self->admission_.leave(seen);
                 });
}

// Of strangers, and where there is no room, nothing is read: they are told so at once.
awaitable<void> ControlServer::Impl::welcome(std::shared_ptr<LocalLine> line, Caller caller, bool entered) {
    const auto self = shared_from_this();
    bool let_in = false;
    if (entered) let_in = co_await may_still(caller);
    if (let_in) co_return co_await serve(*line, caller);
    Response refusal = entered ? stranger() : no_room();  // named: GCC 12 destroys it twice else
    co_await line->say_goodbye(std::move(refusal));
}

awaitable<bool> ControlServer::Impl::may_still(Caller caller) {
    const Peer peer = co_await rights_.judge(std::move(caller));
    co_return peer.access != Access::none;
}

awaitable<void> ControlServer::Impl::serve(LocalLine& line, const Caller& caller) {
    for (bool keep = true; keep;) {
        auto message = co_await line.read();
        if (!message) break;
        keep = co_await reply(line, std::move(*message), caller);
    }
}

// Who may do what is asked anew for each request: a connection is kept for longer than a right may be.
awaitable<bool> ControlServer::Impl::reply(LocalLine& line, HttpRequest message, const Caller& caller) {
    const Peer peer = co_await rights_.judge(caller);
    if (peer.access == Access::none) {
        Response refusal = stranger();
        co_await line.say_goodbye(std::move(refusal));
        co_return false;
    }
    Request request = to_request(message, peer);
    Response response = co_await answerer_.answer(std::move(request));
    if (live_ && LiveAnswers::is_live(response)) co_return co_await follow(line, std::move(response), caller);
    const bool keep = message.keep_alive();
    co_return co_await line.answer(message, std::move(response)) && keep;
}

awaitable<bool> ControlServer::Impl::follow(LocalLine& line, Response response, const Caller& caller) {
    std::string content_type = response.content_type;
    if (!co_await line.begin_lines(std::move(content_type))) co_return false;
    LiveAnswers::Write write = [&line](std::string lines) { return line.write_lines(std::move(lines)); };
    LiveAnswers::MayGoOn may_go_on = [this, &caller] { return may_still(caller); };
    if (co_await live_->follow(std::move(response), std::move(write), std::move(may_go_on))) co_await line.end_lines();
    co_return false;
}

void ControlServer::Impl::stop() {
    listening_.close();
    pause_.cancel();
    for (const auto& line : lines_) line->close();
}

ControlServer::ControlServer(asio::any_io_executor executor, Answerer& answerer, LiveAnswers* live,
                             ControlOptions options)
    : impl_{std::make_shared<Impl>(executor, answerer, live, std::move(options))} {}
ControlServer::~ControlServer() = default;
Result<void> ControlServer::open() { return impl_->open(); }
void ControlServer::start() { impl_->start(); }
void ControlServer::stop() { impl_->stop(); }
void ControlServer::let_look(std::vector<std::string> observers) { impl_->let_look(std::move(observers)); }

}  // namespace samsynk::control
