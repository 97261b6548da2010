#include "control/control_server.hpp"

#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <set>

#include "control/access.hpp"
#include "control/http_messages.hpp"
#include "control/routes.hpp"
#include "control/sign_in_json.hpp"
#include "control/to_json.hpp"

namespace samsynk::control {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::awaitable;
using asio::local::stream_protocol;
using boost::system::error_code;
using Stream = beast::basic_stream<stream_protocol>;

constexpr std::size_t drain_limit = 4 * 1024 * 1024;
constexpr std::size_t most_connections = 256;
constexpr std::chrono::seconds patience{30};
constexpr std::chrono::seconds login_line_every{5};

std::string result_line(const agent::RunResult& result) {
    boost::json::object line;
    line["event"] = "result";
    line["result"] = to_json(result);
    return to_text(line) + "\n";
}

}  // namespace

class ControlServer::Impl : public std::enable_shared_from_this<Impl> {
public:
    Impl(asio::any_io_executor executor, agent::Commands& agent, EventStream& events, ControlOptions options)
        : executor_{executor},
          agent_{agent},
          events_{events},
          options_{std::move(options)},
          routes_{agent, options_.service_url, [&events] { return events.last(); }},
          acceptor_{executor} {}

    Result<void> open();
    void start() { asio::co_spawn(executor_, accept(), asio::detached); }
    void stop();

private:
    awaitable<void> accept();
    awaitable<void> serve(std::shared_ptr<Stream> stream);
    awaitable<bool> reply(Stream& stream, http::request<http::string_body> message, const Peer& peer);
    awaitable<void> stream_events(Stream& stream, Response response);
    awaitable<void> follow_login(Stream& stream, Response response);
    awaitable<bool> write_head(Stream& stream, const Response& response);
    awaitable<bool> write_chunk(Stream& stream, const std::string& text);
    awaitable<void> refuse(Stream& stream, const error_code& why);
    awaitable<void> drain(Stream& stream);

    asio::any_io_executor executor_;
    agent::Commands& agent_;
    EventStream& events_;
    ControlOptions options_;
    Routes routes_;
    stream_protocol::acceptor acceptor_;
    std::set<std::shared_ptr<Stream>> streams_;
    bool open_ = false;
};

Result<void> ControlServer::Impl::open() {
    const std::string path = options_.socket.string();
    const auto refused = [&](const std::string& why) {
        return fail(Errc::state_failed,
                    N_("The control socket {path} could not be made ({why}). Check the folder's permissions."),
                    {{"path", path}, {"why", why}});
    };
    std::error_code ignored;
    std::filesystem::create_directories(options_.socket.parent_path(), ignored);
    const stream_protocol::endpoint endpoint{path};
    error_code code;
    stream_protocol::socket probe{executor_};
    probe.connect(endpoint, code);
    if (!code)
        return fail(Errc::state_failed, N_("Another samsynkd listens at {path}. Stop it first."), {{"path", path}});
    code.clear();
    ::unlink(path.c_str());  // nobody listens there: left over from a crash
    acceptor_.open(endpoint.protocol(), code);
    const auto mask = ::umask(0117);  // before it exists, so that it is never open to all
    if (!code) acceptor_.bind(endpoint, code);
    ::umask(mask);
    if (!code) acceptor_.listen(asio::socket_base::max_listen_connections, code);
    if (code) return refused(code.message());
    open_ = true;
    if (const struct group* own = ::getgrnam("samsynk"))
        if (::chown(path.c_str(), static_cast<uid_t>(-1), own->gr_gid) != 0) errno = 0;  // as far as we may
    return {};
}

awaitable<void> ControlServer::Impl::accept() {
    const auto self = shared_from_this();
    while (acceptor_.is_open()) {
        error_code code;
        auto socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, code));
        if (code == asio::error::operation_aborted) break;
        if (code || streams_.size() >= most_connections) continue;
        asio::co_spawn(executor_, serve(std::make_shared<Stream>(std::move(socket))), asio::detached);
    }
}

awaitable<void> ControlServer::Impl::serve(std::shared_ptr<Stream> stream) {
    const auto self = shared_from_this();
    streams_.insert(stream);
    const Peer peer = peer_of(stream->socket().native_handle(), options_.observers);
    beast::flat_buffer buffer{header_limit + body_limit};
    for (bool keep = true; keep;) {
        http::request_parser<http::string_body> parser;
        set_limits(parser);
        error_code code;
        stream->expires_after(patience);
        co_await http::async_read(*stream, buffer, parser, asio::redirect_error(asio::use_awaitable, code));
        stream->expires_never();
        if (code) {
            co_await refuse(*stream, code);
            break;
        }
        if (peer.access == Access::none) {
            const auto error = fail(Errc::not_permitted,
                                    N_("You are not a member of the group samsynk. Ask the administrator to add you."));
            co_await http::async_write(*stream, to_message(problem(403, error), 11, false),
                                       asio::redirect_error(asio::use_awaitable, code));
            break;
        }
        keep = co_await reply(*stream, parser.release(), peer);
    }
    error_code ignored;
    stream->socket().shutdown(stream_protocol::socket::shutdown_both, ignored);
    streams_.erase(stream);
}

// What could not be read as a request is answered all the same, where someone is still there to hear it.
awaitable<void> ControlServer::Impl::refuse(Stream& stream, const error_code& why) {
    auto answer = answer_to_unreadable(why);
    if (!answer) co_return;
    error_code ignored;
    stream.expires_after(patience);
    co_await http::async_write(stream, to_message(std::move(*answer), 11, false),
                               asio::redirect_error(asio::use_awaitable, ignored));
    co_await drain(stream);
}

// Closing with something unread would reset the connection, and the answer with it. So the rest is read, up to a point.
awaitable<void> ControlServer::Impl::drain(Stream& stream) {
    error_code code;
    stream.socket().shutdown(stream_protocol::socket::shutdown_send, code);
    stream.expires_after(std::chrono::seconds{2});
    std::array<char, 16384> rest;
    for (std::size_t read = 0; !code && read < drain_limit;)
        read += co_await stream.async_read_some(asio::buffer(rest), asio::redirect_error(asio::use_awaitable, code));
}

awaitable<bool> ControlServer::Impl::reply(Stream& stream, http::request<http::string_body> message, const Peer& peer) {
    Response response = co_await routes_.answer(to_request(message, peer));
    if (response.login) {
        co_await follow_login(stream, std::move(response));
        co_return false;
    }
    if (response.stream) {
        co_await stream_events(stream, std::move(response));
        co_return false;
    }
    const bool keep = message.keep_alive();
    error_code code;
    stream.expires_after(patience);
    co_await http::async_write(stream, answer_to(message, std::move(response)),
                               asio::redirect_error(asio::use_awaitable, code));
    co_return keep && !code;
}

awaitable<bool> ControlServer::Impl::write_chunk(Stream& stream, const std::string& text) {
    error_code code;
    stream.expires_after(patience);  // a reader that takes nothing for so long is dropped
    co_await asio::async_write(stream, http::make_chunk(asio::buffer(text)),
                               asio::redirect_error(asio::use_awaitable, code));
    co_return !code;
}

awaitable<bool> ControlServer::Impl::write_head(Stream& stream, const Response& response) {
    http::response<http::empty_body> head{http::status::ok, 11};
    head.set(http::field::content_type, response.content_type);
    head.chunked(true);
    head.keep_alive(false);
    http::response_serializer<http::empty_body> serializer{head};
    error_code code;
    co_await http::async_write_header(stream, serializer, asio::redirect_error(asio::use_awaitable, code));
    co_return !code;
}

// A line now and then, so that nobody thinks that it hangs, and so that we notice when nobody listens any more.
awaitable<void> ControlServer::Impl::follow_login(Stream& stream, Response response) {
    const auto login = response.login;
    if (!co_await write_head(stream, response)) co_return;
    if (!co_await write_chunk(stream, code_line(*login))) co_return;
    while (!login->ended()) {
        co_await login->wait(login_line_every);
        if (!login->ended() && !co_await write_chunk(stream, waiting_line(*login))) co_return;
    }
    if (!co_await write_chunk(stream, outcome_line(*login))) co_return;
    error_code ignored;
    co_await asio::async_write(stream, http::make_chunk_last(), asio::redirect_error(asio::use_awaitable, ignored));
}

awaitable<void> ControlServer::Impl::stream_events(Stream& stream, Response response) {
    if (!co_await write_head(stream, response)) co_return;
    error_code code;
    const std::string run = response.stream->run;
    std::uint64_t after = response.stream->after;
    for (bool ended = false; !ended;) {
        const auto events = co_await events_.next(after);
        if (events.empty()) break;
        std::string lines;
        for (const Event& event : events) {
            after = event.sequence;
            if (!run.empty() && event.run != run) continue;
            lines += to_text(to_json(event)) + "\n";
            ended = ended || (!run.empty() && (event.name == "run.completed" || event.name == "run.failed" ||
                                               event.name == "run.cancelled"));
        }
        if (!lines.empty() && !co_await write_chunk(stream, lines)) co_return;
    }
    if (!run.empty()) {
        const auto result = co_await agent_.result(run);
        if (result.has_value()) co_await write_chunk(stream, result_line(**result));
    }
    co_await asio::async_write(stream, http::make_chunk_last(), asio::redirect_error(asio::use_awaitable, code));
}

void ControlServer::Impl::stop() {
    error_code ignored;
    acceptor_.close(ignored);
    for (const auto& stream : streams_) stream->close();
    if (open_) ::unlink(options_.socket.c_str());
    open_ = false;
}

ControlServer::ControlServer(asio::any_io_executor executor, agent::Commands& agent, EventStream& events,
                             ControlOptions options)
    : impl_{std::make_shared<Impl>(executor, agent, events, std::move(options))} {}
ControlServer::~ControlServer() = default;
Result<void> ControlServer::open() { return impl_->open(); }
void ControlServer::start() { impl_->start(); }
void ControlServer::stop() { impl_->stop(); }

}  // namespace samsynk::control
