#include "service/http_exchange.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http.hpp>

#include "core/ids.hpp"
#include "core/text.hpp"
#include "service/gunzip.hpp"

namespace samsynk::service {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr int most_hints = 8;

bool is_stale(const error_code& code) {
    return code == http::error::end_of_stream || code == asio::error::connection_reset ||
           code == asio::error::broken_pipe || code == asio::error::eof || code == asio::ssl::error::stream_truncated;
}

http::request<http::string_body> to_message(HttpRequest request, const HttpsUrl& host) {
    http::request<http::string_body> message{http::string_to_verb(request.method), request.target, 11};
    message.set(http::field::host, host.host_field());
    message.set(http::field::accept_encoding, "gzip");
    message.set("traceparent", "00-" + random_hex(16) + "-" + random_hex(8) + "-01");
    for (const auto& [name, value] : request.headers) message.set(name, value);
    message.body() = std::move(request.body);
    if (!message.body().empty() || request.method == "POST" || request.method == "PUT") message.prepare_payload();
    return message;
}

// Moves the clock on for each piece, but never past the end of the whole.
class Pace {
public:
    Pace(beast::tcp_stream& socket, const Deadlines& deadlines, std::chrono::seconds extra_wait)
        : socket_{socket}, idle_{deadlines.idle}, end_{Clock::now() + deadlines.reply + extra_wait} {}
    void next(std::chrono::milliseconds more = {}) { socket_.expires_at(std::min(end_, Clock::now() + idle_ + more)); }
    bool over() const { return Clock::now() >= end_; }

private:
    beast::tcp_stream& socket_;
    std::chrono::milliseconds idle_;
    Clock::time_point end_;
};

Result<HttpReply> to_reply(http::response<http::string_body> message, const Peer& peer) {
    HttpReply reply;
    reply.status = static_cast<int>(message.result_int());
    std::string type{message[http::field::content_type]};
    reply.content_type = lower_case(type.substr(0, type.find(';')));
    while (!reply.content_type.empty() && reply.content_type.back() == ' ') reply.content_type.pop_back();
    reply.retry_after = std::string{message[http::field::retry_after]};
    reply.date = std::string{message[http::field::date]};
    reply.location = std::string{message[http::field::location]};
    const std::string encoding = lower_case(std::string{message[http::field::content_encoding]});
    reply.body = std::move(message.body());
    if (encoding.empty() || encoding == "identity" || reply.body.empty()) return reply;
    auto unpacked = encoding == "gzip" || encoding == "x-gzip" ? gunzip(reply.body, reply_body_limit)
                                                               : Unpacked{Unpacking::damaged, {}};
    if (unpacked.how == Unpacking::too_large) return network_error(peer, http::error::body_limit, "gzip");
    if (unpacked.how == Unpacking::damaged)
        return fail(Errc::bad_reply,
                    N_("The answer of {host}:{port} is packed as {encoding} and can't be unpacked. Nothing of it was "
                       "used. It is tried again."),
                    {{"host", peer.host}, {"port", peer.port}, {"encoding", encoding.substr(0, 40)}});
    reply.body = std::move(unpacked.text);
    return reply;
}

// Who does not take our certificate under TLS 1.3 says so and closes, perhaps before we have written: its word waits to
// be read all the same. Else `cut`, which is why we could not write.
asio::awaitable<error_code> why_it_was_cut(TlsStream& stream, error_code cut) {
    char byte = 0;
    error_code code;
    co_await stream.async_read_some(asio::buffer(&byte, 1), asio::redirect_error(asio::use_awaitable, code));
    co_return code.category() == asio::error::get_ssl_category() ? code : cut;
}

Error slow_reply(const Peer& peer) {
    return fail(Errc::service_unreachable,
                N_("The answer of {host}:{port} came so slowly that it was given up. Nothing of it was used. It is "
                   "tried again. If it lasts, check the network and any proxy between."),
                {{"host", peer.host}, {"port", peer.port}});
}

}  // namespace

asio::awaitable<Exchanged> exchange(TlsStream& stream, beast::flat_buffer& buffer, HttpRequest request, HttpsUrl host,
                                    Deadlines deadlines, CancellationSource& cancellation) {
    const Peer peer{host.host, host.port, false, SSL_get_certificate(stream.native_handle()) != nullptr};
    auto& socket = beast::get_lowest_layer(stream);
    const CancellationRegistration stoppable{cancellation, [&socket] { socket.cancel(); }};
    const auto extra_wait = request.extra_wait;
    Pace pace{socket, deadlines, extra_wait};
    auto message = to_message(std::move(request), host);
    const std::string trace{message["traceparent"].substr(3, 32)};
    http::request_serializer<http::string_body> serializer{message};
    error_code code;
    while (!serializer.is_done() && !code) {
        pace.next();
        co_await http::async_write_some(stream, serializer, asio::redirect_error(asio::use_awaitable, code));
        if (cancellation.cancelled()) co_return Exchanged{stopped_error()};
    }
    if (is_stale(code)) {
        const error_code cut = code;
        pace.next();
        code = co_await why_it_was_cut(stream, cut);
        if (cancellation.cancelled()) co_return Exchanged{stopped_error()};
    }
    if (code) co_return Exchanged{network_error(peer, code, "write"), false, is_stale(code)};
    for (int hints = 0;; ++hints) {
        http::response_parser<http::string_body> parser;
        parser.body_limit(reply_body_limit);
        parser.header_limit(reply_header_limit);
        parser.eager(true);
        pace.next(extra_wait);
        while (!parser.is_done() && !code) {
            co_await http::async_read_some(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, code));
            if (cancellation.cancelled()) co_return Exchanged{stopped_error()};
            pace.next();
        }
        if (code == beast::error::timeout && parser.got_some() && pace.over()) co_return Exchanged{slow_reply(peer)};
        if (code) {
            const bool nothing_came = is_stale(code) && hints == 0 && !parser.got_some() && buffer.size() == 0;
            co_return Exchanged{network_error(peer, code, "read"), false, nothing_came};
        }
        // 1xx is a hint that comes before the reply; 101 would be another protocol, which nobody asked for.
        const unsigned status = parser.get().result_int();
        if (status / 100 == 1 && status != 101 && hints < most_hints) continue;
        if (status / 100 == 1) co_return Exchanged{network_error(peer, http::error::bad_status, "read")};
        // What nobody asked for must never be taken for the answer to the next request.
        const bool keep = parser.get().keep_alive() && buffer.size() == 0;
        auto reply = to_reply(parser.release(), peer);
        if (reply.has_value()) {
            reply->trace = trace;
            reply->from = host.authority();
        }
        co_return Exchanged{std::move(reply), keep};
    }
}

}  // namespace samsynk::service
