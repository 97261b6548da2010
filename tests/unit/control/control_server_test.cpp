// The control socket with a real peer: what it may do is judged anew for each of its requests.
#include "control/control_server.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <cstring>
#include <thread>

#include "control/admission.hpp"
#include "fake_names.hpp"

namespace samsynk::control {
namespace {

using namespace std::chrono_literals;

struct SaysWhatMayBeDone : Answerer {
    int planted = 0;  ///< so many answers throw
    boost::asio::awaitable<Response> answer(Request request) override {
        if (planted > 0 && planted-- > 0) throw std::runtime_error{"planted"};
        co_return Response{.body = request.by + (request.may_act ? " acts" : " looks")};
    }
};

// A socket of a process that is user 4711 in these groups; -1 where the test may not be another.
int connect_as(const std::string& path, std::vector<gid_t> groups) {
    int connected = -1;
    std::thread{[&] {
        if (::syscall(SYS_setgroups, groups.size(), groups.data()) != 0) return;
        if (::syscall(SYS_setresgid, 4711, 4711, 4711) != 0 || ::syscall(SYS_setresuid, 4711, 4711, 4711) != 0) return;
        const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_un at{};
        at.sun_family = AF_UNIX;
        std::strncpy(at.sun_path, path.c_str(), sizeof at.sun_path - 1);
        if (::connect(socket, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0) connected = socket;
    }}.join();
    return connected;
}

struct ControlServerTest : testing::Test {
    ControlServerTest() {
        std::filesystem::permissions(folder, std::filesystem::perms{0755});
        names->people[4711] = {"anna", {10}};
        EXPECT_TRUE(server.open().has_value());
        server.start();
    }
    ~ControlServerTest() override {
        server.stop();
        settle();
        std::filesystem::remove_all(folder);
    }
    void settle() {
        for (int n = 0; n < 150; ++n) {
            context.restart();
            context.poll();
            std::this_thread::sleep_for(2ms);
        }
    }
    std::string ask(int socket) {
        const std::string request = "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n";
        (void)!::send(socket, request.data(), request.size(), MSG_NOSIGNAL);
        settle();
        std::array<char, 4096> text{};
        const auto size = ::recv(socket, text.data(), text.size(), MSG_DONTWAIT);
        return {text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
    }

    std::filesystem::path folder = [] {
        std::string name = "/tmp/control-XXXXXX";
        return std::filesystem::path{::mkdtemp(name.data())};
    }();
    boost::asio::io_context context;
    SaysWhatMayBeDone answerer;
    std::shared_ptr<FakeNames> names = std::make_shared<FakeNames>();
    ControlServer server{context.get_executor(),
                         answerer,
                         nullptr,
                         {.socket = folder / "socket",
                          .passed = {},
                          .observers = {"adm"},
                          .names = names,
                          .on_fault = [this](Event event) { faults.push_back(std::move(event)); }}};
    std::vector<Event> faults;
};

TEST_F(ControlServerTest, AnObserverThatIsNoneAnyMoreIsSentAwayFromAKeptConnection) {
    names->people[4711] = {"olle", {20}};
    settle();
    const int socket = connect_as(folder / "socket", {20});
    if (socket < 0) GTEST_SKIP() << "only root may be another user";
    EXPECT_NE(ask(socket).find("olle looks"), std::string::npos);
    server.let_look({});
    EXPECT_TRUE(ask(socket).starts_with("HTTP/1.1 403"));
    EXPECT_EQ(ask(socket), "") << "and that was the end of it";
    ::close(socket);
}

TEST_F(ControlServerTest, AMemberActsAndAStrangerDoesNothing) {
    settle();
    const int member = connect_as(folder / "socket", {10}), stranger = connect_as(folder / "socket", {30});
    if (member < 0) GTEST_SKIP() << "only root may be another user";
    EXPECT_NE(ask(member).find("anna acts"), std::string::npos);
    EXPECT_TRUE(ask(stranger).starts_with("HTTP/1.1 403"));
    ::close(member);
    ::close(stranger);
}

// More than there are places for one user: each must be given back.
TEST_F(ControlServerTest, AnAnswerThatThrowsIsToldAndItsPlaceIsFreeAgain) {
    settle();
    constexpr int times = static_cast<int>(Admission::most_a_user) + 4;
    answerer.planted = times;
    for (int i = 0; i < times; ++i) {
        const int socket = connect_as(folder / "socket", {10});
        if (socket < 0) GTEST_SKIP() << "only root may be another user";
        const std::string request = "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n";
        (void)!::send(socket, request.data(), request.size(), MSG_NOSIGNAL);
        for (int n = 0; n < 20; ++n) {
            context.restart();
            context.poll();
            std::this_thread::sleep_for(200us);
        }
        ::close(socket);
    }
    settle();
    ASSERT_EQ(faults.size(), static_cast<std::size_t>(times));
    EXPECT_EQ(faults.front().name, "daemon.fault");
    EXPECT_NE(to_text(faults.front().message).find("planted"), std::string::npos);
    const int socket = connect_as(folder / "socket", {10});
    EXPECT_NE(ask(socket).find("anna acts"), std::string::npos);
    ::close(socket);
}

}  // namespace
}  // namespace samsynk::control
