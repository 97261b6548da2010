// The steps before TLS: names, addresses in turn, and proxies.
#include <gtest/gtest.h>
#include <netdb.h>

#include <cstdlib>

#include "scripted_server.hpp"
#include "service/name_lookup.hpp"
#include "service/proxy_choice.hpp"
#include "service/tcp_connect.hpp"

namespace samsynk::service {
namespace {

namespace asio = boost::asio;

template <class T>
asio::awaitable<void> keep(agent::Async<T> what, std::optional<Result<T>>& answer) {
    answer.emplace(co_await std::move(what));
}

// Runs something that waits, and stops it after a while where asked to.
template <class T>
Result<T> run(asio::io_context& context, agent::Async<T> what, CancellationSource& cancellation,
              std::chrono::milliseconds stop_after = 0ms) {
    std::optional<Result<T>> answer;
    asio::steady_timer timer{context, stop_after};
    if (stop_after > 0ms)
        timer.async_wait([&](const auto& ended) {
            if (!ended) cancellation.cancel();
        });
    asio::co_spawn(context, keep(std::move(what), answer), [&](const std::exception_ptr& problem) {
        if (problem) std::rethrow_exception(problem);
        timer.cancel();
    });
    context.run();
    context.restart();
    return std::move(*answer);
}

int never(const std::string&, const std::string&, Endpoints&) {
    std::this_thread::sleep_for(1s);
    return EAI_AGAIN;
}
int slow(const std::string&, const std::string&, Endpoints& found) {
    std::this_thread::sleep_for(50ms);
    found.push_back({asio::ip::address_v4::loopback(), 7});
    return 0;
}
int unknown(const std::string&, const std::string&, Endpoints&) { return EAI_NONAME; }

TEST(NameLookup, FindsWaitsAndTellsWhatIsWrong) {
    asio::io_context context;
    CancellationSource cancellation;
    const Peer peer{"name.example", "443"};
    EXPECT_EQ(run(context, look_up(context.get_executor(), peer, 2s, cancellation, slow), cancellation).value().size(),
              1U);
    const auto not_known = run(context, look_up(context.get_executor(), peer, 2s, cancellation, unknown), cancellation);
    EXPECT_NE(says(not_known.error()).find("name.example is not known"), std::string::npos);
    const Peer here{"127.0.0.1", "443"};
    EXPECT_EQ(run(context, look_up(context.get_executor(), here, 2s, cancellation), cancellation).value().at(0).port(),
              443);
}

TEST(NameLookup, ANameServerThatHangsHoldsUpNeitherDeadlineNorStop) {
    const Peer peer{"name.example", "443"};
    const auto began = std::chrono::steady_clock::now();
    {
        asio::io_context context;
        CancellationSource cancellation;
        const auto late = run(context, look_up(context.get_executor(), peer, 100ms, cancellation, never), cancellation);
        EXPECT_NE(says(late.error()).find("(DNS) does not answer"), std::string::npos) << says(late.error());
        const auto stopped =
            run(context, look_up(context.get_executor(), peer, 20s, cancellation, never), cancellation, 100ms);
        EXPECT_EQ(stopped.error().code, Errc::cancelled);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - began, 600ms);
    std::this_thread::sleep_for(1100ms);  // the threads come back to nobody, and that is well
}

tcp::endpoint at(const char* address, unsigned short port = 1) { return {asio::ip::make_address(address), port}; }

TEST(TcpConnect, TriesTheFamiliesInTurn) {
    EXPECT_EQ(in_turn({at("::1"), at("::2"), at("::3"), at("10.0.0.1"), at("10.0.0.2")}),
              (Endpoints{at("::1"), at("10.0.0.1"), at("::2"), at("10.0.0.2"), at("::3")}));
    EXPECT_EQ(in_turn({at("10.0.0.1"), at("::1")}), (Endpoints{at("10.0.0.1"), at("::1")}));
    EXPECT_TRUE(in_turn({}).empty());
    EXPECT_EQ(in_turn(Endpoints(100, at("::1"))).size(), most_addresses);
}

struct Attempt {
    std::chrono::milliseconds took;
    Result<unsigned short> port;
};

Attempt connect(Endpoints found, std::chrono::milliseconds deadline = 3s, std::chrono::milliseconds stop_after = 0ms) {
    asio::io_context context;
    CancellationSource cancellation;
    const auto began = std::chrono::steady_clock::now();
    auto socket =
        run(context,
            connect_to_first(context.get_executor(), {"name.example", "1"}, std::move(found), deadline, cancellation),
            cancellation, stop_after);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    if (socket.has_error()) return {took, socket.error()};
    asio::socket_base::keep_alive kept;  // so that a firewall does not forget it in silence
    socket->get_option(kept);
    EXPECT_TRUE(kept.value());
    return {took, socket->remote_endpoint().port()};
}

TEST(TcpConnect, TheFirstThatConnectsWins) {
    const BlackHole hole;
    ScriptedServer server{[](Wire& wire) { wire.hang(); }, nullptr};
    const auto port = static_cast<unsigned short>(std::stoi(server.port()));
    const tcp::endpoint good = at("127.0.0.1", port), refused = at("127.0.0.1", 1);
    const auto straight = connect({good});
    EXPECT_EQ(straight.port.value(), port);
    EXPECT_LT(straight.took, 100ms);
    const auto past_a_hole = connect({hole.endpoint(), good});
    EXPECT_EQ(past_a_hole.port.value(), port);
    EXPECT_GE(past_a_hole.took, 240ms) << "the first has its chance";
    EXPECT_LT(past_a_hole.took, 450ms);
    const auto past_a_refusal = connect({refused, at("::1", 1), good});
    EXPECT_EQ(past_a_refusal.port.value(), port);
    EXPECT_LT(past_a_refusal.took, 150ms) << "a refusal is not waited out";
}

TEST(TcpConnect, WhereNoneDoesTheReasonIsToldInTime) {
    const BlackHole hole;
    const auto refused = connect({at("127.0.0.1", 1), at("::1", 1)});
    EXPECT_NE(says(refused.port.error()).find("Connection refused"), std::string::npos) << says(refused.port.error());
    EXPECT_LT(refused.took, 150ms);
    const auto late = connect({hole.endpoint(), hole.endpoint()}, 400ms);
    EXPECT_NE(says(late.port.error()).find("did not answer in time"), std::string::npos);
    EXPECT_LT(late.took, 600ms);
    const auto stopped = connect({hole.endpoint(), at("127.0.0.1", 1)}, 20s, 100ms);
    EXPECT_EQ(stopped.port.error().code, Errc::cancelled);
    EXPECT_LT(stopped.took, 250ms);
}

TEST(ProxyChoice, NoProxyIsReadAsEveryoneDoes) {
    const struct {
        const char* list;
        HttpsUrl host;
        bool named;
    } cases[] = {{"", {"a.example"}, false},
                 {"*", {"a.example"}, true},
                 {"example", {"a.example"}, true},
                 {"a.example", {"A.Example"}, true},
                 {"other, a.example", {"a.example"}, true},
                 {".example", {"a.example"}, true},
                 {".a.example", {"a.example"}, true},
                 {"*.example", {"a.example"}, true},
                 {"xample", {"a.example"}, false},
                 {"b.a.example", {"a.example"}, false},
                 {"a.example:443", {"a.example"}, true},
                 {"a.example:8443", {"a.example"}, false},
                 {"a.example:8443", {"a.example", "8443"}, true},
                 {"10.0.0.0/8", {"10.1.2.3"}, true},
                 {"10.0.0.7/8", {"10.1.2.3"}, true},
                 {"10.0.0.0/8", {"11.1.2.3"}, false},
                 {"10.0.0.0/8", {"a.example"}, false},
                 {"10.1.2.3", {"10.1.2.3"}, true},
                 {"2.3", {"10.1.2.3"}, false},
                 {"fd00::/8", {"fd12::1"}, true},
                 {"fd00::/8", {"10.1.2.3"}, false},
                 {"[::1]:8443", {"::1", "8443"}, true},
                 {"[::1]:8443", {"::1", "443"}, false},
                 {"0:0:0:0:0:0:0:1", {"::1"}, true},
                 {"a.example.", {"a.example"}, true},
                 {"a.example", {"A.example."}, true},
                 {"10.0.0.0/99,/,:,.,[,a.example", {"a.example"}, true}};
    for (const auto& c : cases) EXPECT_EQ(is_named_in(c.list, c.host), c.named) << c.list << " " << c.host.host;
}

class Environment {
public:
    Environment(std::map<std::string, std::string> values) {
        for (const char* name : {"https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"}) {
            ::unsetenv(name);
            if (const auto value = values.find(name); value != values.end()) ::setenv(name, value->second.c_str(), 1);
        }
    }
    ~Environment() {
        for (const char* name : {"https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"}) ::unsetenv(name);
    }
};

TEST(ProxyChoice, TheConfigurationComesBeforeTheEnvironment) {
    const Environment environment{
        {{"HTTPS_PROXY", "http://upper:1"}, {"https_proxy", "me:p%40ss@lower:2"}, {"NO_PROXY", "inside"}}};
    const auto by_environment = choose_proxy({}).value();
    ASSERT_TRUE(by_environment.before({"a.example"}));
    EXPECT_EQ(by_environment.before({"a.example"})->host, "lower");
    EXPECT_EQ(by_environment.before({"a.example"})->password, "p@ss");
    EXPECT_FALSE(by_environment.before({"host.inside"}));
    Endpoint endpoint;
    endpoint.proxy = "http://[::1]";
    const auto by_settings = choose_proxy(endpoint).value();
    ASSERT_TRUE(by_settings.before({"host.inside"}));
    EXPECT_EQ(by_settings.before({"host.inside"})->host, "::1");
    EXPECT_EQ(by_settings.before({"host.inside"})->port, "3128");
}

TEST(ProxyChoice, AWrongAddressIsNotRepeatedItMayHoldAPassword) {
    for (const std::string given :
         {"https://me:hemligt@a:1", "socks5://me:hemligt@a:1", "http://me:hemligt@", "http://me:hemligt@a:1/path"}) {
        const Environment environment{{{"https_proxy", given}}};
        Endpoint endpoint;
        const auto by_environment = choose_proxy(endpoint);
        ASSERT_TRUE(by_environment.has_error()) << given;
        EXPECT_EQ(says(by_environment.error()).find("hemligt"), std::string::npos);
        endpoint.proxy = given;
        EXPECT_EQ(says(choose_proxy(endpoint).error()).find("hemligt"), std::string::npos);
    }
    Endpoint endpoint;
    endpoint.proxy = "http://me@a";
    endpoint.proxy_password_file = scratch("no-such-password");
    EXPECT_EQ(choose_proxy(endpoint).error().code, Errc::bad_settings);
}

TEST(ProxyTunnel, WhatTheProxyDoesIsToldAsTheProxys) {
    const struct {
        std::string answer, proxy, words;
    } cases[] = {{"HTTP/1.1 407 No\r\nContent-Length: 3\r\n\r\nno!", "", "wants a user and a password (407)"},
                 {"HTTP/1.1 407 No\r\n\r\n", "me:hemligt@", "does not take the user or the password (407)"},
                 {"HTTP/1.1 401 No\r\n\r\n", "me:hemligt@", "does not take the user or the password (401)"},
                 {"HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n\r\n", "",
                  "lets in by Negotiate, NTLM only (407)"},
                 {"HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM\r\n\r\n", "me:hemligt@", "lets in by NTLM only (407)"},
                 {"HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM\r\nProxy-Authenticate: basic realm=\"x\"\r\n\r\n", "",
                  "wants a user and a password (407)"},
                 {"HTTP/1.1 429 Slow\r\nRetry-After: 9\r\n\r\n", "", "is asked too often (429)"},
                 {"HTTP/1.1 403 Filtered\r\n\r\n", "", "does not let us through to localhost:9 (403)"},
                 {"HTTP/1.0 502 Bad Gateway\r\n\r\n", "", "can't reach localhost:9 (502)"},
                 {"HTTP/1.1 302 Found\r\nLocation: http://portal/\r\n\r\n", "", "answered 302"},
                 {"HTTP/1.1 200 OK\r\n\r\nhello", "", "sent something of its own into the tunnel"},
                 {"HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'y') + "\r\n\r\n", "", "can't be used"},
                 {"SSH-2.0-OpenSSH\r\n\r\n", "", "does not answer as a proxy does"},
                 {"\x15\x03\x01\x00\x02\x02\x46", "", "does not answer as a proxy does"},
                 {"HTTP/1.1 200", "", "does not answer as a proxy does"},
                 {"", "", "does not answer as a proxy does"}};
    for (const auto& c : cases) {
        std::string heard;
        ScriptedServer proxy{[&](Wire& wire) {
                                 heard = wire.head();
                                 wire.say(c.answer);
                             },
                             nullptr};
        Endpoint endpoint;
        endpoint.proxy = "http://" + c.proxy + "127.0.0.1:" + proxy.port();
        const auto answer = Caller{"9", {2s, 3s, 2s}, "localhost", endpoint}.ask();
        ASSERT_TRUE(answer.has_error()) << c.words;
        EXPECT_EQ(answer.error().code, Errc::service_unreachable);
        const std::string told = says(answer.error());
        EXPECT_NE(told.find("127.0.0.1:" + proxy.port()), std::string::npos) << told;
        EXPECT_NE(told.find(c.words), std::string::npos) << told;
        EXPECT_EQ((told + answer.error().detail).find("hemligt"), std::string::npos);
        EXPECT_TRUE(heard.starts_with("CONNECT localhost:9 HTTP/1.1\r\nHost: localhost:9\r\n")) << heard;
        EXPECT_EQ(heard.find("Proxy-Authorization: Basic bWU6aGVtbGlndA=="),
                  c.proxy.empty() ? std::string::npos : heard.find("Proxy-Auth"));
        EXPECT_EQ(heard.find("Authorization: Bearer"), std::string::npos);
    }
    Endpoint endpoint;
    endpoint.proxy = "http://127.0.0.1:1";
    const auto refused = Caller{"9", {2s, 3s, 2s}, "localhost", endpoint}.ask();
    EXPECT_NE(says(refused.error()).find("The proxy 127.0.0.1:1 can't be used (Connection refused)"), std::string::npos)
        << says(refused.error());
}

}  // namespace
}  // namespace samsynk::service
