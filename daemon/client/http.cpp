#include "client/http.hpp"

#include <poll.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cerrno>
#include <chrono>
#include <optional>

#include "client/language.hpp"

namespace samsynk::client {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace json = boost::json;
using boost::system::error_code;

constexpr std::size_t part_size = 64 * 1024;

// A socket that is waited for until a point in time, and not longer. (Asio waits on where the kernel's own limit for
// reads and writes ends them.)
class PatientSocket {
public:
    asio::local::stream_protocol::socket& socket() { return socket_; }
    void give_up_at(std::chrono::steady_clock::time_point time) { end_ = time; }

    template <class Buffers>
    std::size_t read_some(const Buffers& buffers, error_code& code) {
        return ready(POLLIN, code) ? socket_.read_some(buffers, code) : 0;
    }
    template <class Buffers>
    std::size_t write_some(const Buffers& buffers, error_code& code) {
        return ready(POLLOUT, code) ? socket_.write_some(buffers, code) : 0;
    }
    template <class Buffers>
    std::size_t read_some(const Buffers& buffers) {
        return or_throw([&](error_code& code) { return read_some(buffers, code); });
    }
    template <class Buffers>
    std::size_t write_some(const Buffers& buffers) {
        return or_throw([&](error_code& code) { return write_some(buffers, code); });
    }

private:
    template <class Work>
    static std::size_t or_throw(Work work) {
        error_code code;
        const std::size_t size = work(code);
        if (code) throw boost::system::system_error{code};
        return size;
    }
    bool ready(short what, error_code& code) {
        while (end_) {
            const auto left =
                std::chrono::ceil<std::chrono::milliseconds>(*end_ - std::chrono::steady_clock::now()).count();
            pollfd one{socket_.native_handle(), what, 0};
            const int found = left > 0 ? ::poll(&one, 1, static_cast<int>(left)) : 0;
            if (found > 0) break;
            if (found < 0 && errno == EINTR) continue;
            code = asio::error::timed_out;
            return false;
        }
        return true;
    }

    asio::io_context context_;
    asio::local::stream_protocol::socket socket_{context_};
    std::optional<std::chrono::steady_clock::time_point> end_;
};

struct Asked {
    std::string method, target, body;
    bool lines = false;
    std::chrono::seconds patience{0};  ///< 0: as long as it takes
};

class Connection {
public:
    Result<void> open(const std::string& path) {
        error_code code;
        if (path.size() > 107)
            return fail(Errc::daemon_unreachable, N_("The socket's path {path} is too long."), {{"path", path}});
        socket_.socket().connect(asio::local::stream_protocol::endpoint{path}, code);
        if (code == asio::error::access_denied)
            return fail(Errc::not_permitted, N_("You may not use {path}. Ask to become a member of the group samsynk."),
                        {{"path", path}});
        if (code)
            return fail(Errc::daemon_unreachable,
                        N_("samsynkd does not answer at {path}. Start it with: systemctl start samsynkd"),
                        {{"path", path}});
        return {};
    }

    void give_up_after(std::chrono::seconds time) {
        if (time.count() > 0) socket_.give_up_at(std::chrono::steady_clock::now() + time);
    }

    Result<void> send(const Asked& asked) {
        http::request<http::string_body> request{http::string_to_verb(asked.method), asked.target, 11};
        request.set(http::field::host, "localhost");
        request.set(http::field::user_agent, "samsynk/" SAMSYNK_VERSION);
        request.set(http::field::accept, asked.lines ? "application/x-ndjson" : "application/json");
        if (!asked.body.empty()) request.set(http::field::content_type, "application/json");
        request.body() = asked.body;
        if (!asked.body.empty() || asked.method != "GET") request.prepare_payload();
        error_code code;
        http::write(socket_, request, code);
        return code ? Result<void>{ended(code)} : Result<void>{};
    }

    static Error ended(const error_code& code) {
        if (code != asio::error::timed_out) return lost();
        return fail(Errc::busy, N_("samsynkd does not answer in time. See its log: journalctl -u samsynkd"));
    }
    static Error lost() {
        return fail(Errc::daemon_unreachable, N_("samsynkd ended the connection. See its log: journalctl -u samsynkd"));
    }

    PatientSocket socket_;
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
    return Error{code_named(text_at(value, "code")), message_of(value.get_object()), {}};
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

// Hands over what has come of the answer's body, each time that there is more, until it ends or `part` gives false.
// What `part` does not take out is there again the next time.
Result<void> exchange(const std::string& path, const Asked& asked, const std::function<bool(std::string&)>& part) {
    Connection connection;
    if (auto opened = connection.open(path); opened.has_error()) return opened.error();
    connection.give_up_after(asked.patience);
    if (auto sent = connection.send(asked); sent.has_error()) return sent.error();
    http::response_parser<http::string_body> parser;
    parser.body_limit(boost::none);
    parser.eager(true);
    connection.buffer_.reserve(part_size);  // Beast reads what there is room for: 512 bytes, else
    error_code code;
    http::read_header(connection.socket_, connection.buffer_, parser, code);
    if (code) return Connection::ended(code);
    const bool good = parser.get().result_int() < 300;
    while (true) {
        if (good && !part(parser.get().body())) return {};
        if (parser.is_done()) break;
        http::read_some(connection.socket_, connection.buffer_, parser, code);
        if (code) return Connection::ended(code);
    }
    return good ? Result<void>{} : Result<void>{from_problem(parser.get().body())};
}

}  // namespace

Result<json::value> ControlSocket::call(const std::string& method, const std::string& target, const std::string& body) {
    std::string whole;
    const auto gather = [&](std::string& part) {
        whole += part;
        part.clear();
        return true;
    };
    if (auto told = exchange(path_, {method, target, body, false, patience_}, gather); told.has_error())
        return told.error();
    if (whole.empty()) return json::value(nullptr);
    error_code code;
    json::value value = json::parse(whole, code);
    if (code) return Connection::lost();
    return value;
}

Result<void> ControlSocket::fetch(const std::string& method, const std::string& target,
                                  const std::function<bool(std::string_view)>& part) {
    return exchange(path_, {method, target, "", false, patience_}, [&](std::string& come) {
        const bool on = part(come);
        come.clear();
        return on;
    });
}

Result<void> ControlSocket::stream(const std::string& method, const std::string& target, const std::string& body,
                                   const std::function<bool(const json::object&)>& line) {
    return exchange(path_, {method, target, body, true, {}}, [&](std::string& come) { return take_lines(come, line); });
}

}  // namespace samsynk::client
