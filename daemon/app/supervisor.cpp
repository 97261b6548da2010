#include "app/supervisor.hpp"

#include <time.h>

#include <boost/asio/buffer.hpp>
#include <cstdlib>

#include "core/plain_text.hpp"

namespace samsynk::app {
namespace {

namespace asio = boost::asio;
using Datagram = asio::local::datagram_protocol;

constexpr std::chrono::milliseconds pause{100};
constexpr const char* alive_words = "WATCHDOG=1";

// A path, or an abstract name that is written with @ in the place of its zero byte.
std::optional<Datagram::endpoint> notify_address() {
    const char* given = std::getenv("NOTIFY_SOCKET");
    std::string name{given ? given : ""};
    if (name.size() < 2 || (name.front() != '/' && name.front() != '@')) return std::nullopt;
    if (name.front() == '@') name.front() = '\0';
    try {
        return Datagram::endpoint{name};
    } catch (const boost::system::system_error&) {
        return std::nullopt;  // longer than an address can be
    }
}

}  // namespace

Supervisor::Supervisor(asio::any_io_executor executor) : socket_{executor}, at_{notify_address()}, again_{executor} {
    if (!at_) return;
    boost::system::error_code code;
    socket_.open(Datagram{}, code);
    if (!code) socket_.non_blocking(true, code);
    if (code) at_.reset();
}

void Supervisor::ready() { say("READY=1"); }

void Supervisor::reloading() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    const auto microseconds =
        static_cast<unsigned long long>(now.tv_sec) * 1'000'000 + static_cast<unsigned long long>(now.tv_nsec) / 1000;
    say("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds));
}

void Supervisor::stopping() { say("STOPPING=1\nSTATUS=Stopping."); }

void Supervisor::alive() {
    if (waiting_.empty() || waiting_.back() != alive_words) say(alive_words);
}

void Supervisor::status(const std::string& line) {
    if (at_ && waiting_.empty()) (void)send("STATUS=" + plain(line));
}

void Supervisor::close() {
    waiting_.clear();
    again_.cancel();
}

void Supervisor::say(std::string words) {
    if (!at_) return;
    if (waiting_.empty() && send(words)) return;
    waiting_.push_back(std::move(words));
    if (waiting_.size() == 1) send_waiting();
}

bool Supervisor::send(const std::string& words) {
    boost::system::error_code code;
    socket_.send_to(asio::buffer(words), *at_, 0, code);
    return code != asio::error::would_block && code != asio::error::no_buffer_space;
}

void Supervisor::send_waiting() {
    while (!waiting_.empty() && send(waiting_.front())) waiting_.pop_front();
    if (waiting_.empty()) return;
    again_.expires_after(pause);
    again_.async_wait([this](const boost::system::error_code& code) {
        if (!code) send_waiting();
    });
}

}  // namespace samsynk::app
