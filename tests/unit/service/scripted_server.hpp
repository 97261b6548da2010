// A server on this machine that plays a script to each connection, over TLS or plainly; and a client to ask it.
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

#include "certificates.hpp"
#include "service/https_client.hpp"

namespace samsynk::service {

inline std::string says(const Error& error) { return to_text(error.message); }

using boost::asio::ip::tcp;
using namespace std::chrono_literals;

/// One connection, from the server's side. What fails throws, and ends the script.
class Wire {
public:
    Wire(tcp::socket socket, boost::asio::ssl::context* tls) : socket_{std::move(socket)} {
        if (tls) tls_ = std::make_unique<Tls>(socket_, *tls);
    }
    void shake_hands() { tls_->handshake(boost::asio::ssl::stream_base::server); }
    SSL* ssl() { return tls_->native_handle(); }
    int handle() { return socket_.native_handle(); }

    /// The head of a request; its body is not waited for.
    std::string head() {
        boost::asio::streambuf buffer;
        const std::size_t size = tls_ ? boost::asio::read_until(*tls_, buffer, "\r\n\r\n")
                                      : boost::asio::read_until(socket_, buffer, "\r\n\r\n");
        return {static_cast<const char*>(buffer.data().data()), size};
    }
    void say(std::string_view text) {
        if (tls_)
            boost::asio::write(*tls_, boost::asio::buffer(text));
        else
            boost::asio::write(socket_, boost::asio::buffer(text));
    }
    /// As TLS asks for it.
    void goodbye() {
        boost::system::error_code ignored;
        if (tls_) tls_->shutdown(ignored);
    }
    void reset() {
        socket_.set_option(boost::asio::socket_base::linger{true, 0});
        socket_.close();
    }
    /// Until the client or the test ends it.
    void hang() {
        char byte = 0;
        while (::recv(handle(), &byte, 1, 0) > 0) {
        }
    }

private:
    using Tls = boost::asio::ssl::stream<tcp::socket&>;
    tcp::socket socket_;
    std::unique_ptr<Tls> tls_;
};

using Play = std::function<void(Wire&)>;

/// Plays each connection on a thread of its own.
class ScriptedServer {
public:
    ScriptedServer(Play play, std::shared_ptr<boost::asio::ssl::context> tls, const char* address = "127.0.0.1")
        : play_{std::move(play)},
          tls_{std::move(tls)},
          acceptor_{context_, tcp::endpoint{boost::asio::ip::make_address(address), 0}},
          port_{std::to_string(acceptor_.local_endpoint().port())},
          thread_{[this] { accept(); }} {}
    ~ScriptedServer() {
        ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
        thread_.join();
        {
            const std::lock_guard lock{mutex_};
            for (const int handle : open_) ::shutdown(handle, SHUT_RDWR);
        }
        for (std::thread& one : connections_) one.join();
    }
    const std::string& port() const { return port_; }
    int accepted() const { return accepted_; }

private:
    void accept() {
        while (true) {
            boost::system::error_code code;
            tcp::socket socket{context_};
            acceptor_.accept(socket, code);
            if (code) return;
            ++accepted_;
            connections_.emplace_back([this, taken = std::move(socket)]() mutable { serve(std::move(taken)); });
        }
    }
    void serve(tcp::socket socket) {
        const int handle = socket.native_handle();
        keep(handle, true);
        {
            Wire wire{std::move(socket), tls_.get()};
            try {
                if (tls_) wire.shake_hands();
                play_(wire);
            } catch (const boost::system::system_error&) {  // the client went
            }
            keep(handle, false);
        }
    }
    void keep(int handle, bool open) {
        const std::lock_guard lock{mutex_};
        if (open)
            open_.push_back(handle);
        else
            open_.remove(handle);
    }

    Play play_;
    std::shared_ptr<boost::asio::ssl::context> tls_;
    boost::asio::io_context context_;
    tcp::acceptor acceptor_;
    std::string port_;
    std::mutex mutex_;
    std::list<int> open_;
    std::list<std::thread> connections_;
    std::atomic<int> accepted_ = 0;
    std::thread thread_;
};

inline std::shared_ptr<boost::asio::ssl::context> server_tls(const Identity& identity, int least = TLS1_2_VERSION,
                                                             int most = TLS1_3_VERSION) {
    auto tls = std::make_shared<boost::asio::ssl::context>(boost::asio::ssl::context::tls_server);
    if (least < TLS1_2_VERSION) SSL_CTX_set_security_level(tls->native_handle(), 0);
    SSL_CTX_set_min_proto_version(tls->native_handle(), least);
    SSL_CTX_set_max_proto_version(tls->native_handle(), most);
    SSL_CTX_use_certificate(tls->native_handle(), identity.certificate.get());
    SSL_CTX_use_PrivateKey(tls->native_handle(), identity.key.get());
    SSL_CTX_set_session_id_context(tls->native_handle(), reinterpret_cast<const unsigned char*>("t"), 1);
    return tls;
}

inline std::shared_ptr<boost::asio::ssl::context> good_tls() { return server_tls(authority().sign()); }

inline std::string reply(const std::string& body, const std::string& more = {}) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + more +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// Answers every request of a connection with the same.
inline Play always(const std::string& text) {
    return [text](Wire& wire) {
        while (true) {
            wire.head();
            wire.say(text);
        }
    };
}

/// A client with the test's authority, and a loop of its own.
struct Caller {
    boost::asio::io_context context;
    Endpoint endpoint;
    std::shared_ptr<Transport> transport;
    std::unique_ptr<HttpsClient> client;

    explicit Caller(const std::string& port, Deadlines deadlines = {2s, 3s, 2s}, const std::string& host = "localhost",
                    Endpoint with = {}) {
        endpoint = std::move(with);
        endpoint.url = "https://" + host + ":" + port;
        endpoint.ca_file = authority().file;
        transport = make_transport(endpoint).value();
        client = std::make_unique<HttpsClient>(context.get_executor(), transport, HttpsUrl{host, port, ""}, deadlines);
    }

    Result<HttpReply> ask(HttpRequest request = {.target = "/v1/companies"}) {
        std::optional<Result<HttpReply>> answer;
        boost::asio::co_spawn(context, client->send(std::move(request)),
                              [&](const std::exception_ptr& problem, Result<HttpReply> got) {
                                  if (problem) std::rethrow_exception(problem);
                                  answer = std::move(got);
                              });
        context.restart();
        context.run();
        return *answer;
    }

    /// Cancels while `ask` is under way. How long it took from there, and what came of it.
    std::pair<std::chrono::milliseconds, Errc> ask_and_cancel(std::chrono::milliseconds after) {
        boost::asio::steady_timer timer{context, after};
        std::chrono::steady_clock::time_point cancelled;
        timer.async_wait([&](const auto&) {
            cancelled = std::chrono::steady_clock::now();
            client->cancel();
        });
        const auto answer = ask();
        const auto took = std::chrono::steady_clock::now() - cancelled;
        return {std::chrono::duration_cast<std::chrono::milliseconds>(took),
                answer.has_error() ? answer.error().code : Errc::not_found};
    }
};

/// A port of this machine that lets nobody in and says so to nobody: its queue is full.
class BlackHole {
public:
    BlackHole() : acceptor_{context_} {
        acceptor_.open(tcp::v4());
        acceptor_.bind({boost::asio::ip::address_v4::loopback(), 0});
        acceptor_.listen(0);
        for (int i = 0; i < 3; ++i) {
            fillers_.emplace_back(context_);
            fillers_.back().async_connect(acceptor_.local_endpoint(), [](const auto&) {});
        }
        context_.run_for(50ms);
    }
    tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }

private:
    boost::asio::io_context context_;
    tcp::acceptor acceptor_;
    std::list<tcp::socket> fillers_;
};

}  // namespace samsynk::service
