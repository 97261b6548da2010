#include "service/name_lookup.hpp"

#include <netdb.h>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <system_error>
#include <thread>

namespace samsynk::service {
namespace {

namespace asio = boost::asio;

// Shared by the one who waits and the thread that asks; either may go first.
struct Question {
    explicit Question(asio::any_io_executor of_waiting) : executor{std::move(of_waiting)} {}
    std::mutex mutex;
    asio::any_io_executor executor;
    asio::steady_timer* waiting = nullptr;  // none when nobody waits any more
    bool answered = false;
    int failure = 0;
    Endpoints found;
};

void ask(const std::shared_ptr<Question>& question, const std::string& host, const std::string& port, Resolve resolve) {
    Endpoints found;
    const int failure = resolve(host, port, found);
    const std::lock_guard lock{question->mutex};
    if (!question->waiting) return;
    question->answered = true;
    question->failure = failure;
    question->found = std::move(found);
    asio::post(question->executor, [question] {
        if (question->waiting) question->waiting->cancel();
    });
}

class Waiting {
public:
    Waiting(Question& question, asio::steady_timer& timer) : question_{question} { question_.waiting = &timer; }
    ~Waiting() {
        const std::lock_guard lock{question_.mutex};
        question_.waiting = nullptr;
    }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

private:
    Question& question_;
};

Error unknown_name(const Peer& peer, int failure) {
    const char* why = ::gai_strerror(failure);
    if (failure == EAI_AGAIN)
        return fail(Errc::service_unreachable,
                    N_("The name {host} could not be looked up: the name service (DNS) does not answer. It is tried "
                       "again."),
                    {{"host", peer.host}}, why);
    return fail(Errc::service_unreachable,
                N_("The name {host} is not known. Check the address and the name service (DNS)."),
                {{"host", peer.host}}, why);
}

}  // namespace

int resolve_by_system(const std::string& host, const std::string& port, Endpoints& found) {
    ::addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    ::addrinfo* list = nullptr;
    const int failure = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &list);
    if (failure != 0 && host == "localhost") {  // RFC 6761: always this machine, also where no hosts file says so
        const auto number = static_cast<unsigned short>(std::strtoul(port.c_str(), nullptr, 10));
        found = {{asio::ip::address_v6::loopback(), number}, {asio::ip::address_v4::loopback(), number}};
        return 0;
    }
    if (failure != 0) return failure;
    for (const ::addrinfo* one = list; one; one = one->ai_next) {
        asio::ip::tcp::endpoint endpoint;
        if ((one->ai_family != AF_INET && one->ai_family != AF_INET6) || one->ai_addrlen > endpoint.capacity())
            continue;
        std::memcpy(endpoint.data(), one->ai_addr, one->ai_addrlen);
        endpoint.resize(one->ai_addrlen);
        found.push_back(endpoint);
    }
    ::freeaddrinfo(list);
    return found.empty() ? EAI_NONAME : 0;
}

agent::Async<Endpoints> look_up(asio::any_io_executor executor, Peer peer, std::chrono::milliseconds deadline,
                                CancellationSource& cancellation, Resolve resolve) {
    asio::steady_timer timer{executor, deadline};
    const auto question = std::make_shared<Question>(executor);
    const Waiting waiting{*question, timer};
    const CancellationRegistration stoppable{cancellation, [&timer] { timer.cancel(); }};
    try {
        std::thread{ask, question, peer.host, peer.port, resolve}.detach();
    } catch (const std::system_error& no_thread) {
        co_return fail(Errc::service_unreachable,
                       N_("{host}:{port} can't be reached ({why}). It is tried again. If it lasts, check the address, "
                          "the network and any firewall between."),
                       {{"host", peer.host}, {"port", peer.port}, {"why", no_thread.what()}}, "thread");
    }
    boost::system::error_code ended;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    if (cancellation.cancelled()) co_return stopped_error();
    const std::lock_guard lock{question->mutex};
    if (!question->answered) co_return unknown_name(peer, EAI_AGAIN);
    if (question->failure != 0) co_return unknown_name(peer, question->failure);
    co_return std::move(question->found);
}

}  // namespace samsynk::service
