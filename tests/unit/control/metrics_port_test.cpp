// The metrics' port: whoever is on this machine may read it, and nobody shuts it to others.
#include "control/metrics_port.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "support/machine.hpp"

namespace samsynk::control {
namespace {

class Scraper {
public:
    explicit Scraper(std::uint16_t port) : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_port = htons(port);
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    }
    ~Scraper() { ::close(socket_); }
    Scraper(const Scraper&) = delete;
    Scraper& operator=(const Scraper&) = delete;

    void say(const std::string& text) const { (void)!::send(socket_, text.data(), text.size(), MSG_NOSIGNAL); }
    /// What has come, without waiting; nothing at all where the other side is gone.
    std::optional<std::string> heard() const {
        std::array<char, 65536> text{};
        const auto size = ::recv(socket_, text.data(), text.size(), MSG_DONTWAIT);
        if (size == 0 || (size < 0 && errno != EAGAIN)) return std::nullopt;
        return std::string{text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
    }

private:
    int socket_;
};

struct MetricsPortTest : testing::Test {
    MetricsPortTest() {
        machine.serve();
        for (port = 20'000 + static_cast<std::uint16_t>(::getpid() % 20'000); port < 65'000; ++port)
            if (metrics.listen({.address = "127.0.0.1", .port = port}).has_value()) break;
    }
    ~MetricsPortTest() override {
        metrics.close();
        settle();
    }
    void settle() {
        for (int n = 0; n < 50; ++n) {
            context.restart();
            context.poll();
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
    }
    std::string ask(const std::string& head) {
        Scraper scraper{port};
        scraper.say("GET /metrics HTTP/1.1\r\n" + head + "\r\n");
        settle();
        return scraper.heard().value_or("gone").substr(0, 12);
    }

    support::World world;
    support::Machine machine{world};
    boost::asio::io_context context;
    MetricsPort metrics{context.get_executor(), machine.agent()};
    std::uint16_t port = 0;
};

TEST_F(MetricsPortTest, HalfRequestsShutItToNobody) {
    std::vector<std::unique_ptr<Scraper>> stalled;
    for (int n = 0; n < 40; ++n) {
        stalled.push_back(std::make_unique<Scraper>(port));
        stalled.back()->say("GET /metr");
        settle();
    }
    EXPECT_EQ(ask("Host: localhost\r\n"), "HTTP/1.1 200");
    EXPECT_FALSE(stalled.front()->heard()) << "who has waited longest goes";
    EXPECT_EQ(stalled.back()->heard(), "") << "who came last stays";
}

TEST_F(MetricsPortTest, IsAskedUnderThisMachinesOwnNames) {
    for (const char* host : {"localhost", "127.0.0.1:9465", "[::1]:9465", "[::1]"})
        EXPECT_EQ(ask(std::string{"Host: "} + host + "\r\n"), "HTTP/1.1 200") << host;
    for (const char* host : {"[::1].evil", "localhost.evil", "evil.example", "[::1", "127.0.0.1:80.evil", "127.0.0.2"})
        EXPECT_EQ(ask(std::string{"Host: "} + host + "\r\n"), "HTTP/1.1 403") << host;
    EXPECT_EQ(ask(""), "HTTP/1.1 403");
    EXPECT_EQ(ask("Host: localhost\r\nHost: evil.example\r\n"), "HTTP/1.1 403");
}

TEST_F(MetricsPortTest, ABodyInAnUnknownCodingIsNoBody) {
    EXPECT_EQ(ask("Host: localhost\r\nTransfer-Encoding: xchunked\r\n"), "HTTP/1.1 501");
}

}  // namespace
}  // namespace samsynk::control
