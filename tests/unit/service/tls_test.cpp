// Who is talked to, and as whom: certificates, pins, sessions that are taken up again.
#include <gtest/gtest.h>

#include <cstdio>
#include <map>

#include "scripted_server.hpp"
#include "service/tls_context.hpp"

namespace samsynk::service {
namespace {

Result<HttpReply> ask_one_with(std::shared_ptr<boost::asio::ssl::context> tls, Endpoint with = {},
                               const std::string& host = "localhost", std::string* heard = nullptr) {
    ScriptedServer server{[&](Wire& wire) {
                              const auto head = wire.head();
                              if (heard) *heard = head;
                              wire.say(reply("{}"));
                          },
                          std::move(tls)};
    return Caller{server.port(), {2s, 3s, 2s}, host, std::move(with)}.ask();
}

TEST(Tls, AGoodCertificateIsTakenByNameAndByAddress) {
    for (const std::string host : {"localhost", "127.0.0.1"})
        EXPECT_TRUE(ask_one_with(good_tls(), {}, host).has_value()) << host;
}

TEST(Tls, OneWhoCantProveWhoItIsHearsNothing) {
    const Identity stranger = issue("localhost");
    const Identity other_authority = issue("Other CA");
    const struct {
        const char* what;
        Identity identity;
        std::vector<std::string> words;
    } cases[] = {
        {"self-signed", stranger, {"self-signed"}},
        {"signed by a stranger", issue("localhost", {}, &other_authority), {"unable to get local issuer"}},
        {"expired", authority().sign({.to = -3600}), {"has expired: it ended at 2", "the clock here shows 2"}},
        {"not yet valid", authority().sign({.from = 3600}), {"not yet valid: it begins at 2", "Set the clock"}},
        {"other name", authority().sign({.names = "DNS:elsewhere.example"}), {"ostname mismatch"}},
        {"part of a name", authority().sign({.names = "DNS:local*"}), {"ostname mismatch"}},
        {"other address", authority().sign({.names = "IP:127.0.0.2"}), {"ostname mismatch"}}};
    for (const auto& c : cases) {
        std::string heard;
        const auto answer = ask_one_with(server_tls(c.identity), {}, "localhost", &heard);
        ASSERT_TRUE(answer.has_error()) << c.what;
        EXPECT_EQ(answer.error().code, Errc::tls_failed) << c.what;
        for (const auto& words : c.words)
            EXPECT_NE(says(answer.error()).find(words), std::string::npos) << c.what << says(answer.error());
        EXPECT_NE(says(answer.error()).find("Nothing was sent"), std::string::npos);
        EXPECT_EQ(heard, "") << c.what;
    }
}

TEST(Tls, OldProtocolsAndNoTlsAreNoSafeWay) {
    const auto old = ask_one_with(server_tls(authority().sign(), TLS1_VERSION, TLS1_1_VERSION));
    EXPECT_EQ(old.error().code, Errc::tls_failed);
    EXPECT_NE(says(old.error()).find("TLS 1.2"), std::string::npos) << says(old.error());
    ScriptedServer plain{[](Wire& wire) {
                             wire.say("HTTP/1.1 400 Bad Request\r\n\r\n");
                             wire.hang();
                         },
                         nullptr};
    EXPECT_EQ(Caller{plain.port()}.ask().error().code, Errc::tls_failed);
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION})
        EXPECT_TRUE(ask_one_with(server_tls(authority().sign(), version, version)).has_value());
}

TEST(Tls, AHandshakeThatIsCutOffIsANetworkError) {
    ScriptedServer server{[](Wire& wire) { ::shutdown(wire.handle(), SHUT_RDWR); }, nullptr};
    EXPECT_EQ(Caller{server.port()}.ask().error().code, Errc::service_unreachable);
}

TEST(Tls, APinMustBeInTheChain) {
    const Identity leaf = authority().sign();
    const std::string other = pin_of(issue("other").certificate.get());
    const std::string of_leaf = pin_of(leaf.certificate.get()),
                      of_authority = pin_of(authority().self.certificate.get());
    ASSERT_EQ(of_leaf.size(), 7U + 44U);
    Endpoint endpoint;
    for (const auto& pins : {std::vector{of_leaf}, std::vector{other, of_authority}}) {
        endpoint.pins = pins;
        EXPECT_TRUE(ask_one_with(server_tls(leaf), endpoint).has_value());
    }
    endpoint.pins = {other};
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        std::string heard;
        const auto answer = ask_one_with(server_tls(leaf, version, version), endpoint, "localhost", &heard);
        ASSERT_TRUE(answer.has_error());
        EXPECT_EQ(answer.error().code, Errc::tls_failed);
        EXPECT_NE(says(answer.error()).find(of_leaf), std::string::npos) << says(answer.error());
        EXPECT_EQ(heard, "");
    }
    // A pinned key does not make up for a certificate that is no good.
    endpoint.pins = {of_leaf};
    const Identity expired = authority().sign({.to = -60});
    endpoint.pins = {pin_of(expired.certificate.get())};
    EXPECT_TRUE(ask_one_with(server_tls(expired), endpoint).has_error());
}

std::shared_ptr<boost::asio::ssl::context> tls_that_asks_who_we_are(int version) {
    auto tls = server_tls(authority().sign(), version, version);
    tls->set_verify_mode(boost::asio::ssl::verify_peer | boost::asio::ssl::verify_fail_if_no_peer_cert);
    tls->load_verify_file(authority().file.string());
    return tls;
}

TEST(Tls, OurOwnCertificateIsShown) {
    const Identity own = authority().sign({.names = "DNS:agent"});
    const Identity stranger = issue("agent");
    Endpoint good, bad;
    good.client_cert_file = to_file("own.pem", own.certificate);
    good.client_key_file = to_file("own.key", own.key);
    bad.client_cert_file = to_file("stranger.pem", stranger.certificate);
    bad.client_key_file = to_file("stranger.key", stranger.key);
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        EXPECT_TRUE(ask_one_with(tls_that_asks_who_we_are(version), good).has_value());
        const auto refused = ask_one_with(tls_that_asks_who_we_are(version), bad);
        EXPECT_EQ(refused.error().code, Errc::tls_failed) << says(refused.error());
        EXPECT_NE(says(refused.error()).find("does not take our certificate"), std::string::npos)
            << says(refused.error());
        const auto without = ask_one_with(tls_that_asks_who_we_are(version));
        EXPECT_EQ(without.error().code, Errc::tls_failed);
        EXPECT_NE(says(without.error()).find("wants a certificate of ours"), std::string::npos)
            << says(without.error());
    }
}

// Asks for a certificate, goes on without one, and then answers so, or not at all.
Result<HttpReply> ask_one_that_asks(const std::string& answer) {
    auto tls = server_tls(authority().sign());
    tls->set_verify_mode(boost::asio::ssl::verify_peer);
    ScriptedServer server{[&](Wire& wire) {
                              wire.head();
                              if (answer.empty()) return wire.reset();
                              wire.say("HTTP/1.1 " + answer + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                          },
                          tls};
    return Caller{server.port()}.ask();
}

TEST(Tls, AServerThatAsksAndRefusesOnlyAfterwardsIsUnderstood) {
    for (const std::string refused : {"400 Bad Request\r\nContent-Type: text/html", ""}) {
        const auto answer = ask_one_that_asks(refused);
        ASSERT_TRUE(answer.has_error());
        EXPECT_NE(says(answer.error()).find("wants a certificate of ours"), std::string::npos) << says(answer.error());
    }
    for (const std::string other : {"400 Bad Request\r\nContent-Type: application/problem+json", "200 OK"})
        EXPECT_TRUE(ask_one_that_asks(other).has_value()) << other;
}

TEST(Tls, AKeyThatIsNotTheCertificatesOrHasAPasswordIsRefusedAtTheStart) {
    const Identity own = authority().sign();
    Endpoint endpoint;
    endpoint.client_cert_file = to_file("own.pem", own.certificate);
    endpoint.client_key_file = to_file("other.key", new_key());
    auto made = make_tls_context(endpoint);
    ASSERT_TRUE(made.has_error());
    EXPECT_EQ(made.error().code, Errc::bad_settings);
    EXPECT_NE(says(made.error()).find("is not the key of the certificate"), std::string::npos) << says(made.error());
    endpoint.client_key_file = to_file("locked.key", own.key, "hemligt");
    made = make_tls_context(endpoint);
    ASSERT_TRUE(made.has_error());
    EXPECT_NE(says(made.error()).find("protected by a password"), std::string::npos) << says(made.error());
    endpoint.client_key_file = scratch("own.pem");  // a certificate is no key
    EXPECT_EQ(make_tls_context(endpoint).error().code, Errc::bad_settings);
    endpoint.ca_file = scratch("not-there.pem");
    EXPECT_NE(says(make_tls_context(endpoint).error()).find("not-there.pem"), std::string::npos);
}

// Each request on a connection of its own; how each began, as the server saw it.
struct Begun {
    std::mutex mutex;
    std::vector<bool> resumed;
};

Play one_request_each(Begun& begun) {
    return [&begun](Wire& wire) {
        wire.head();
        {
            const std::lock_guard lock{begun.mutex};
            begun.resumed.push_back(SSL_session_reused(wire.ssl()) == 1);
        }
        wire.say("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}");
    };
}

TEST(Tls, SessionsAreTakenUpAgain) {
    using Clock = std::chrono::steady_clock;
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        Begun begun;
        ScriptedServer server{one_request_each(begun), server_tls(authority().sign(), version, version)};
        const auto timed = [&](Caller& caller) {
            const auto began = Clock::now();
            EXPECT_TRUE(caller.ask().has_value());
            return std::chrono::duration<double, std::milli>(Clock::now() - began).count();
        };
        std::vector<double> fresh, again;
        Caller caller{server.port()};
        timed(caller);
        for (int i = 0; i < 40; ++i) {
            Caller other{server.port()};
            fresh.push_back(timed(other));
            again.push_back(timed(caller));
        }
        const auto resumed = std::count(begun.resumed.begin(), begun.resumed.end(), true);
        EXPECT_EQ(resumed, 40) << "all of one client's, none of those that are new";
        std::sort(fresh.begin(), fresh.end());
        std::sort(again.begin(), again.end());
        std::printf("TLS 1.%d, connection and request: fresh %.2f ms, resumed %.2f ms (medians of 40)\n",
                    version == TLS1_2_VERSION ? 2 : 3, fresh[20], again[20]);
        EXPECT_LE(caller.transport->tls->kept_sessions("localhost:" + server.port()), 4U);
    }
}

TEST(Tls, NoSessionIsKeptWhereThePinIsAnother) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        Begun begun;
        ScriptedServer server{one_request_each(begun), server_tls(authority().sign(), version, version)};
        Endpoint endpoint;
        endpoint.pins = {pin_of(issue("other").certificate.get())};
        Caller caller{server.port(), {2s, 3s, 2s}, "localhost", endpoint};
        for (int i = 0; i < 3; ++i) EXPECT_EQ(caller.ask().error().code, Errc::tls_failed);
        EXPECT_EQ(caller.transport->tls->kept_sessions("localhost:" + server.port()), 0U);
    }
}

TEST(Tls, ASessionEndsWithItsCertificate) {
    Begun begun;
    ScriptedServer server{one_request_each(begun), server_tls(authority().sign({.to = 2}))};
    Caller caller{server.port()};
    EXPECT_TRUE(caller.ask().has_value());
    EXPECT_TRUE(caller.ask().has_value());
    std::this_thread::sleep_for(3s);
    EXPECT_EQ(caller.ask().error().code, Errc::tls_failed);
    EXPECT_EQ(begun.resumed, (std::vector{false, true}));
}

}  // namespace
}  // namespace samsynk::service
