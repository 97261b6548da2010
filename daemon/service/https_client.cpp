#include "service/https_client.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/url.hpp>

#include "core/ids.hpp"

namespace samsynk::service {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

std::string lower_case(std::string text) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
}

bool is_tls_error(const error_code& code) {
    return code.category() == asio::error::get_ssl_category() ||
           code.category() == asio::ssl::error::get_stream_category();
}

constexpr int most_hints = 8;

// Closed by the other side before a byte of the reply: a connection that had gone stale.
bool is_stale(const error_code& code) {
    return code == http::error::end_of_stream || code == asio::error::connection_reset ||
           code == asio::error::broken_pipe || code == asio::error::eof || code == asio::ssl::error::stream_truncated;
}

HttpReply to_reply(http::response<http::string_body> message) {
    HttpReply reply;
    reply.status = static_cast<int>(message.result_int());
    std::string type{message[http::field::content_type]};
    reply.content_type = lower_case(type.substr(0, type.find(';')));
    while (!reply.content_type.empty() && reply.content_type.back() == ' ') reply.content_type.pop_back();
    reply.retry_after = std::string{message[http::field::retry_after]};
    reply.date = std::string{message[http::field::date]};
    reply.body = std::move(message.body());
    return reply;
}

}  // namespace

struct HttpsClient::Connection {
    Connection(const asio::any_io_executor& executor, asio::ssl::context& tls) : stream{executor, tls} {}
    beast::ssl_stream<beast::tcp_stream> stream;
    beast::flat_buffer buffer{reply_header_limit + 65536};
    bool used = false;
};

Result<HttpsUrl> parse_https_url(const std::string& text) {
    const auto url = boost::urls::parse_uri(text);
    if (!url || url->scheme() != "https" || url->host().empty())
        return fail(Errc::bad_settings,
                    N_("“{url}” must begin with https:// and name a host. Plain HTTP is never used."), {{"url", text}});
    HttpsUrl parts;
    parts.host = std::string{url->host_address()};
    if (url->has_port() && !url->port().empty()) parts.port = std::string{url->port()};
    parts.path = std::string{url->encoded_path()};
    while (!parts.path.empty() && parts.path.back() == '/') parts.path.pop_back();
    if (url->has_query()) parts.path += "?" + std::string{url->encoded_query()};
    return parts;
}

HttpsClient::HttpsClient(asio::any_io_executor executor, std::shared_ptr<asio::ssl::context> tls, HttpsUrl host,
                         Deadlines deadlines)
    : executor_{executor}, tls_{std::move(tls)}, host_{std::move(host)}, deadlines_{deadlines} {}

HttpsClient::~HttpsClient() = default;

void HttpsClient::cancel() {
    cancelled_ = true;
    if (connection_) beast::get_lowest_layer(connection_->stream).cancel();
}

Error HttpsClient::network_error(const error_code& code, const std::string& doing) const {
    const std::vector<std::pair<std::string, std::string>> where{{"host", host_.host}, {"port", host_.port}};
    if (cancelled_) return fail(Errc::cancelled, N_("The run was stopped. What is not done is done by the next one."));
    if (code == beast::error::timeout)
        return fail(Errc::service_unreachable, N_("{host}:{port} did not answer in time. It is tried again."), where,
                    doing + ": " + code.message());
    if (code == http::error::body_limit || code == http::error::header_limit || code == http::error::buffer_overflow)
        return fail(Errc::bad_reply, N_("{host}:{port} answered with more than is allowed. Nothing of it was used."),
                    where, code.message());
    if (code == http::error::partial_message || code == http::error::end_of_stream ||
        code == asio::ssl::error::stream_truncated)
        return fail(Errc::bad_reply,
                    N_("The answer of {host}:{port} ended half-way. Nothing of it was used. It is tried again."), where,
                    code.message());
    if (code.category() == make_error_code(http::error::bad_version).category())
        return fail(Errc::bad_reply,
                    N_("{host}:{port} did not answer as a web service does. Check the address, and any proxy between."),
                    where, code.message());
    if (code == asio::error::host_not_found || code == asio::error::host_not_found_try_again ||
        code == asio::error::no_data)
        return fail(Errc::service_unreachable,
                    N_("The name {host} is not known. Check the address and the name service (DNS)."), where,
                    code.message());
    return fail(Errc::service_unreachable, N_("{host}:{port} can't be reached ({why}). It is tried again."),
                {{"host", host_.host}, {"port", host_.port}, {"why", code.message()}}, doing);
}

agent::Async<> HttpsClient::connect() {
    connection_ = std::make_unique<Connection>(executor_, *tls_);
    auto& stream = connection_->stream;
    auto& socket = beast::get_lowest_layer(stream);
    error_code code;
    SSL* ssl = stream.native_handle();
    SSL_set_tlsext_host_name(ssl, host_.host.c_str());
    error_code not_address;
    asio::ip::make_address(host_.host, not_address);
    if (not_address)
        SSL_set1_host(ssl, host_.host.c_str());
    else
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host_.host.c_str());

    tcp::resolver resolver{executor_};
    asio::steady_timer deadline{executor_, deadlines_.connect};
    bool late = false;
    deadline.async_wait([&](const error_code& ended) {
        if (ended) return;
        late = true;
        resolver.cancel();
    });
    const auto found =
        co_await resolver.async_resolve(host_.host, host_.port, asio::redirect_error(asio::use_awaitable, code));
    deadline.cancel();
    if (late) code = beast::error::timeout;
    if (code) co_return network_error(code, "resolve");
    socket.expires_after(deadlines_.connect);
    co_await socket.async_connect(found, asio::redirect_error(asio::use_awaitable, code));
    if (code) co_return network_error(code, "connect");
    socket.socket().set_option(tcp::no_delay{true}, code);
    co_await stream.async_handshake(asio::ssl::stream_base::client, asio::redirect_error(asio::use_awaitable, code));
    if (code == asio::ssl::error::stream_truncated) co_return network_error(asio::error::connection_reset, "TLS");
    if (code && (is_tls_error(code) && !cancelled_)) {
        const long verified = SSL_get_verify_result(ssl);
        const std::string why = verified == X509_V_OK ? code.message() : X509_verify_cert_error_string(verified);
        co_return fail(Errc::tls_failed,
                       N_("{host}:{port} could not prove who it is ({why}). Nothing was sent. Check the clock, the "
                          "address and ca_file."),
                       {{"host", host_.host}, {"port", host_.port}, {"why", why}});
    }
    if (code) co_return network_error(code, "TLS");
    co_return Result<void>{};
}

agent::Async<HttpReply> HttpsClient::exchange(HttpRequest request) {
    auto& stream = connection_->stream;
    http::request<http::string_body> message{http::string_to_verb(request.method), request.target, 11};
    message.set(http::field::host, host_.port == "443" ? host_.host : host_.host + ":" + host_.port);
    const std::string trace = random_hex(16);
    message.set("traceparent", "00-" + trace + "-" + random_hex(8) + "-01");
    for (const auto& [name, value] : request.headers) message.set(name, value);
    message.body() = std::move(request.body);
    if (!message.body().empty() || request.method == "POST" || request.method == "PUT") message.prepare_payload();
    error_code code;
    reply_began_ = false;
    ++requests_;
    connection_->used = true;
    beast::get_lowest_layer(stream).expires_after(deadlines_.reply + request.extra_wait);
    co_await http::async_write(stream, message, asio::redirect_error(asio::use_awaitable, code));
    if (code) {
        const Error error = network_error(code, "write");
        if (!is_stale(code)) reply_began_ = true;
        connection_.reset();
        co_return error;
    }
    for (int hints = 0;; ++hints) {
        http::response_parser<http::string_body> parser;
        parser.body_limit(reply_body_limit);
        parser.header_limit(reply_header_limit);
        co_await http::async_read(stream, connection_->buffer, parser, asio::redirect_error(asio::use_awaitable, code));
        if (code) {
            reply_began_ = !is_stale(code) || hints > 0 || parser.got_some() || connection_->buffer.size() > 0;
            const Error error = network_error(code, "read");
            connection_.reset();
            co_return error;
        }
        // 1xx is a hint that comes before the reply.
        if (parser.get().result_int() / 100 == 1 && hints < most_hints) continue;
        const bool keep = parser.get().keep_alive() && connection_->buffer.size() == 0;
        HttpReply reply = to_reply(parser.release());
        reply.trace = trace;
        // What nobody asked for must never be taken for the answer to the next request.
        if (!keep) connection_.reset();
        co_return reply;
    }
}

agent::Async<HttpReply> HttpsClient::send(HttpRequest request) {
    for (int attempt = 0;; ++attempt) {
        if (cancelled_) co_return network_error(asio::error::operation_aborted, "send");
        const bool fresh = !connection_;
        if (fresh)
            if (auto connected = co_await connect(); connected.has_error()) {
                connection_.reset();
                co_return connected.error();
            }
        auto reply = co_await exchange(request);
        // A connection that was kept may have been closed meanwhile. Sending again is safe: writes bear an id.
        if (reply.has_error() && !fresh && !reply_began_ && attempt == 0) continue;
        co_return reply;
    }
}

Result<std::shared_ptr<asio::ssl::context>> make_tls_context(const Endpoint& endpoint) {
    auto tls = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
    error_code code;
    tls->set_default_verify_paths(code);
    code.clear();  // a machine without a system store may still have ca_file
    tls->set_verify_mode(asio::ssl::verify_peer);
    const auto wrong = [](const std::filesystem::path& file, const error_code& why) {
        return fail(Errc::bad_settings, N_("{file} can't be used as a certificate or key ({why})."),
                    {{"file", file.string()}, {"why", why.message()}});
    };
    if (endpoint.ca_file) tls->load_verify_file(endpoint.ca_file->string(), code);
    if (code && endpoint.ca_file) return wrong(*endpoint.ca_file, code);
    if (endpoint.client_cert_file) tls->use_certificate_chain_file(endpoint.client_cert_file->string(), code);
    if (code && endpoint.client_cert_file) return wrong(*endpoint.client_cert_file, code);
    if (endpoint.client_key_file)
        tls->use_private_key_file(endpoint.client_key_file->string(), asio::ssl::context::pem, code);
    if (code && endpoint.client_key_file) return wrong(*endpoint.client_key_file, code);
    return tls;
}

}  // namespace samsynk::service
