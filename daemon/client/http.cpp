#include "client/http.hpp"

#include <sys/socket.h>
#include <sys/time.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace samsynk::client {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace json = boost::json;
using boost::system::error_code;

class Connection {
public:
    Result<void> open(const std::string& path) {
        error_code code;
        if (path.size() > 107)
            return fail(Errc::daemon_unreachable, N_("The socket's path {path} is too long."), {{"path", path}});
        socket_.connect(asio::local::stream_protocol::endpoint{path}, code);
        if (code == asio::error::access_denied)
            return fail(Errc::not_permitted, N_("You may not use {path}. Ask to become a member of the group samsynk."),
                        {{"path", path}});
        if (code)
            return fail(Errc::daemon_unreachable,
                        N_("samsynkd does not answer at {path}. Start it with: systemctl start samsynkd"),
                        {{"path", path}});
        return {};
    }

    // The kernel ends each read and write.
    void give_up_after(std::chrono::seconds time) {
        if (time.count() == 0) return;
        const timeval limit{time.count(), 0};
        for (const int option : {SO_RCVTIMEO, SO_SNDTIMEO})
            ::setsockopt(socket_.native_handle(), SOL_SOCKET, option, &limit, sizeof limit);
    }

    Result<void> send(const std::string& method, const std::string& target, const std::string& body, bool lines) {
        http::request<http::string_body> request{http::string_to_verb(method), target, 11};
        request.set(http::field::host, "localhost");
        request.set(http::field::user_agent, "samsynk/" SAMSYNK_VERSION);
        request.set(http::field::accept, lines ? "application/x-ndjson" : "application/json");
        if (!body.empty()) request.set(http::field::content_type, "application/json");
        request.body() = body;
        if (!body.empty() || method != "GET") request.prepare_payload();
        error_code code;
        http::write(socket_, request, code);
        return code ? Result<void>{lost()} : Result<void>{};
    }

    static Error lost() {
        return fail(Errc::daemon_unreachable, N_("samsynkd ended the connection. See its log: journalctl -u samsynkd"));
    }

    asio::io_context context_;
    asio::local::stream_protocol::socket socket_{context_};
    beast::flat_buffer buffer_;
};

Errc code_named(std::string_view name) {
    for (int i = 0; i <= static_cast<int>(Errc::daemon_unreachable); ++i)
        if (name_of(static_cast<Errc>(i)) == name) return static_cast<Errc>(i);
    return Errc::service_error;
}

Error from_problem(const std::string& body) {
    error_code code;
    const json::value value = json::parse(body, code);
    if (code || !value.is_object()) return Connection::lost();
    const json::object& problem = value.get_object();
    const auto text = [&](const char* key) {
        const auto* found = problem.if_contains(key);
        return found && found->is_string() ? std::string{found->get_string()} : std::string{};
    };
    Error error{code_named(text("code")), {text("message_id"), {}}, {}};
    if (const auto* args = problem.if_contains("args"); args && args->is_object())
        for (const auto& [name, arg] : args->get_object())
            if (arg.is_string()) error.message.args.emplace_back(name, arg.get_string());
    return error;
}

// Hands over each whole line of `text` and takes it out.
bool take_lines(std::string& text, const std::function<bool(const json::object&)>& line) {
    for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
        error_code code;
        const json::value value = json::parse(text.substr(0, end), code);
        text.erase(0, end + 1);
        if (!code && value.is_object() && !line(value.get_object())) return false;
    }
    return true;
}

}  // namespace

Result<json::value> ControlSocket::call(const std::string& method, const std::string& target, const std::string& body) {
    Connection connection;
    if (auto opened = connection.open(path_); opened.has_error()) return opened.error();
    connection.give_up_after(patience_);
    if (auto sent = connection.send(method, target, body, false); sent.has_error()) return sent.error();
    http::response_parser<http::string_body> parser;
    parser.body_limit(boost::none);
    error_code code;
    http::read(connection.socket_, connection.buffer_, parser, code);
    if (code) return Connection::lost();
    const auto& response = parser.get();
    if (response.result_int() >= 300) return from_problem(response.body());
    if (response.body().empty()) return json::value(nullptr);
    json::value value = json::parse(response.body(), code);
    if (code) return Connection::lost();
    return value;
}

Result<void> ControlSocket::fetch(const std::string& method, const std::string& target,
                                  const std::function<bool(std::string_view)>& part) {
    Connection connection;
    if (auto opened = connection.open(path_); opened.has_error()) return opened.error();
    connection.give_up_after(patience_);
    if (auto sent = connection.send(method, target, "", false); sent.has_error()) return sent.error();
    http::response_parser<http::string_body> parser;
    parser.body_limit(boost::none);
    parser.eager(true);
    error_code code;
    http::read_header(connection.socket_, connection.buffer_, parser, code);
    if (code) return Connection::lost();
    const bool good = parser.get().result_int() < 300;
    while (true) {
        if (good) {
            if (!part(parser.get().body())) return {};
            parser.get().body().clear();
        }
        if (parser.is_done()) break;
        http::read_some(connection.socket_, connection.buffer_, parser, code);
        if (code) return Connection::lost();
    }
    return good ? Result<void>{} : Result<void>{from_problem(parser.get().body())};
}

Result<void> ControlSocket::stream(const std::string& method, const std::string& target, const std::string& body,
                                   const std::function<bool(const json::object&)>& line) {
    Connection connection;
    if (auto opened = connection.open(path_); opened.has_error()) return opened.error();
    if (auto sent = connection.send(method, target, body, true); sent.has_error()) return sent.error();
    http::response_parser<http::string_body> parser;
    parser.body_limit(boost::none);
    parser.eager(true);
    error_code code;
    http::read_header(connection.socket_, connection.buffer_, parser, code);
    if (code) return Connection::lost();
    const bool good = parser.get().result_int() < 300;
    std::string text;
    while (true) {
        text += parser.get().body();
        parser.get().body().clear();
        if (good && !take_lines(text, line)) return {};
        if (parser.is_done()) break;
        http::read_some(connection.socket_, connection.buffer_, parser, code);
        if (code) return Connection::lost();
    }
    return good ? Result<void>{} : Result<void>{from_problem(text)};
}

}  // namespace samsynk::client
