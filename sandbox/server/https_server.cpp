#include "sandbox/server/https_server.hpp"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/url.hpp>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iostream>
#include <list>

#include "core/http_reading.hpp"
#include "sandbox/api/contract.hpp"
#include "sandbox/mail/postman.hpp"
#include "sandbox/pages/site.hpp"
#include "sandbox/server/first_start.hpp"
#include "sandbox/signin/tokens.hpp"
#include "sandbox/store/bell.hpp"
#include "sandbox/tls/certificates.hpp"
#include "sandbox/web/private_folder.hpp"

namespace samsynk::sandbox {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::awaitable;
using asio::ip::tcp;
using boost::system::error_code;
using Stream = beast::ssl_stream<beast::tcp_stream>;
using Message = http::request<http::string_body>;

constexpr std::chrono::seconds look_again{5};

// As every server says what time it is.
std::string http_date() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    std::array<char, 40> text{};
    ::gmtime_r(&now, &parts);
    return {text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

constexpr const char* store_file = "sandbox.db";
// The addresses that are for programs; at all others there are pages for people.
bool is_for_programs(const std::string& path) {
    return path.starts_with("/v1/") || path == "/v1" || path.starts_with("/.well-known/") || path == "/token" ||
           path == "/device_authorization" || path == "/revoke" || path == "/jwks";
}

class Server {
public:
    Server(asio::io_context& context, const ServeOptions& options)
        : context_{context},
          options_{options},
          store_{options.data / store_file},
          contract_{store_},
          tokens_{options.data / "signin.db", "samsynk", client_secret(options.data), options.sign_in},
          accounts_{options.data / "accounts.db"},
          device_codes_{options.data / "signin.db"},
          site_{store_, accounts_, device_codes_},
          acceptor_{context} {
        tls_.use_certificate_chain_file((options.data / "server.pem").string());
        tls_.use_private_key_file((options.data / "server.key").string(), asio::ssl::context::pem);
        SSL_CTX_set_min_proto_version(tls_.native_handle(), TLS1_2_VERSION);
        const tcp::endpoint endpoint{asio::ip::make_address(options.address), options.port};
        acceptor_.open(endpoint.protocol());
        acceptor_.set_option(tcp::acceptor::reuse_address{true});
        acceptor_.bind(endpoint);
        acceptor_.listen();
        make_office_sign_in(options_.data, store_, accounts_);
        issuer_ = options_.url.empty() ? "https://localhost:" + std::to_string(acceptor_.local_endpoint().port())
                                       : options_.url;
    }

    void run() {
        asio::signal_set signals{context_, SIGTERM, SIGINT};
        signals.async_wait([this](const error_code&, int) { context_.stop(); });
        asio::co_spawn(context_, accept(), asio::detached);
        asio::co_spawn(context_, listen_to_bell(), asio::detached);
        announce();
        const Postman postman{{.store = options_.data / store_file, .site = issuer_, .from = options_.mail.from},
                              way_of(options_.mail)};
        context_.run();
    }

private:
    void announce() {
        std::ofstream{options_.data / "port.new"} << acceptor_.local_endpoint().port() << "\n";
        std::filesystem::rename(options_.data / "port.new", options_.data / "port");
        std::cout << "samsynk-sandbox: " << issuer_ << " (for trying out only; data in " << options_.data.string()
                  << ")" << std::endl;
    }

    awaitable<void> accept() {
        while (true) {
            error_code code;
            auto socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, code));
            if (code == asio::error::operation_aborted) co_return;
            if (!code)
                asio::co_spawn(context_, session(std::make_unique<Stream>(std::move(socket), tls_)), asio::detached);
        }
    }

    awaitable<void> session(std::unique_ptr<Stream> stream) {
        error_code code;
        auto& socket = beast::get_lowest_layer(*stream);
        socket.expires_after(std::chrono::seconds{10});
        socket.socket().set_option(tcp::no_delay{true}, code);
        co_await stream->async_handshake(asio::ssl::stream_base::server,
                                         asio::redirect_error(asio::use_awaitable, code));
        beast::flat_buffer buffer;
        const std::string from = address_of(socket.socket());
        for (bool keep = !code; keep;) {
            http::request_parser<http::string_body> parser;
            parser.body_limit(4 * 1024 * 1024);
            socket.expires_after(std::chrono::seconds{120});
            co_await http::async_read(*stream, buffer, parser, asio::redirect_error(asio::use_awaitable, code));
            if (code) break;
            const Message message = parser.release();
            socket.expires_never();
            const auto unclear = refusal_of_coding(message);  // where it ends can't be told
            ApiReply reply;
            if (unclear)
                reply = problem(unclear->status, "bad_request", "Send it as it is, or chunked.");
            else
                reply = co_await answer(message, from);
            http::response<http::string_body> response{static_cast<http::status>(reply.status), message.version()};
            response.set(http::field::content_type, reply.content_type);
            response.set(http::field::date, http_date());
            if (!reply.etag.empty()) response.set(http::field::etag, reply.etag);
            if (!reply.allow.empty()) response.set(http::field::allow, reply.allow);
            for (const auto& [name, value] : reply.headers) response.insert(name, value);
            response.keep_alive(message.keep_alive() && !unclear);
            response.body() = reply.body;
            response.prepare_payload();
            socket.expires_after(std::chrono::seconds{30});
            co_await http::async_write(*stream, response, asio::redirect_error(asio::use_awaitable, code));
            keep = !code && message.keep_alive() && !unclear;
        }
        socket.expires_after(std::chrono::seconds{2});
        co_await stream->async_shutdown(asio::redirect_error(asio::use_awaitable, code));
    }

    static std::string address_of(const tcp::socket& socket) {
        error_code code;
        const auto peer = socket.remote_endpoint(code);
        return code ? std::string{} : peer.address().to_string();
    }

    awaitable<ApiReply> answer(const Message& message, const std::string& from) {
        const auto url = boost::urls::parse_origin_form(message.target());
        if (!url) co_return problem(400, "bad_request", "This address can't be read.");
        ApiRequest request{.method = std::string{message.method_string()},
                           .path = url->path(),
                           .query = {},
                           .body = message.body(),
                           .headers = {},
                           .from = from};
        for (const auto& parameter : url->params()) request.query.emplace(parameter.key, parameter.value);
        if (!is_for_programs(request.path)) co_return page(std::move(request), message);
        if (request.path == "/.well-known/openid-configuration") co_return ApiReply{.body = Tokens::discovery(issuer_)};
        if (auto reply = sign_in_answer(request, std::string{message[http::field::authorization]}))
            co_return std::move(*reply);
        if (!tokens_.accepts(std::string{message[http::field::authorization]}))
            co_return problem(401, "token_expired", "Sign in again.");
        if ((request.method == "POST" || request.method == "PUT") &&
            !std::string{message[http::field::content_type]}.starts_with("application/json"))
            co_return problem(415, "unsupported_media_type", "Send application/json.");
        co_return co_await waiting_answer(std::move(request));
    }

    // Nothing where the address is not the sign-in's.
    std::optional<ApiReply> sign_in_answer(const ApiRequest& request, const std::string& authorization) {
        TokenReply reply;
        if (request.path == "/token")
            reply = tokens_.token(authorization, request.body);
        else if (request.path == "/device_authorization")
            reply = tokens_.device_authorization(issuer_, request.body);
        else if (request.path == "/revoke")
            reply = tokens_.revoke(request.body);
        else
            return std::nullopt;
        return ApiReply{.status = reply.status, .body = reply.body};
    }

    // A feed without news is held until the bell rings; the command line may write to the store meanwhile. Now and then
    // it looks by itself, as days end without a bell.
    awaitable<ApiReply> waiting_answer(ApiRequest request) {
        const auto wait = request.query.find("wait");
        const long seconds = wait == request.query.end() ? 0 : std::clamp(std::atol(wait->second.c_str()), 0L, 60L);
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{seconds};
        ApiReply reply = safe_answer(request);
        const auto timer = held_.emplace(held_.end(), context_);
        while (reply.nothing_new && std::chrono::steady_clock::now() < until) {
            error_code woken;
            timer->expires_at(std::min(until, std::chrono::steady_clock::now() + look_again));
            co_await timer->async_wait(asio::redirect_error(asio::use_awaitable, woken));
            reply = safe_answer(request);
        }
        held_.erase(timer);
        co_return reply;
    }

    awaitable<void> listen_to_bell() {
        const int listening = listen_to(bell_of(options_.data / store_file));
        if (listening < 0) co_return;
        asio::posix::stream_descriptor bell{context_, listening};
        for (error_code code; !code;) {
            co_await bell.async_wait(asio::posix::descriptor_base::wait_read,
                                     asio::redirect_error(asio::use_awaitable, code));
            hush(listening);
            for (asio::steady_timer& held : held_) held.cancel();
        }
    }

    ApiReply page(ApiRequest request, const Message& message) try {
        for (const auto& field : message) {
            std::string name{field.name_string()};
            for (char& c : name)
                if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
            request.headers.emplace(std::move(name), std::string{field.value()});
        }
        return site_.answer(request);
    } catch (const std::exception& problem_found) {
        std::cerr << "samsynk-sandbox: " << problem_found.what() << std::endl;
        return Site::sorry();
    }

    ApiReply safe_answer(const ApiRequest& request) try {
        return contract_.answer(request);
    } catch (const std::exception& problem_found) {
        std::cerr << "samsynk-sandbox: " << problem_found.what() << std::endl;
        return problem(503, "unavailable", "The sandbox could not do that just now.");
    }

    asio::io_context& context_;
    ServeOptions options_;
    OfficeStore store_;
    Contract contract_;
    Tokens tokens_;
    Accounts accounts_;
    TokenStore device_codes_;
    Site site_;
    std::list<asio::steady_timer> held_;  // calls that wait for news
    asio::ssl::context tls_{asio::ssl::context::tls_server};
    tcp::acceptor acceptor_;
    std::string issuer_;
};

}  // namespace

int serve(ServeOptions options) {
    if (options.mail.folder.empty()) options.mail.folder = options.data / "mail";
    if (const auto good = check(options.mail); good.has_error())
        throw std::runtime_error(to_text(good.error().message));
    make_private_folder(options.data);
    make_certificates(options.data);
    asio::io_context context{1};
    Server server{context, options};
    server.run();
    return 0;
}

}  // namespace samsynk::sandbox
