#include "app/systemd.hpp"

#include <sys/socket.h>
#include <systemd/sd-daemon.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <cstdlib>
#include <ctime>
#include <map>
#include <utility>

#include "core/plain_text.hpp"
#include "installations/connectors.hpp"
#include "installations/exec/exec_installation.hpp"

namespace samsynk::app {
namespace {

namespace asio = boost::asio;
using Datagram = asio::local::datagram_protocol;
using std::chrono::milliseconds;

constexpr milliseconds pause_before_sending_again{100};
constexpr const char* watchdog_words = "WATCHDOG=1";
constexpr milliseconds short_enough = std::chrono::minutes{2};
constexpr int parts_of_a_connection = 4;  // name, address, a proxy's tunnel, TLS

std::string clock_time(Time time) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm local{};
    std::array<char, 32> text{};
    if (!::localtime_r(&seconds, &local)) return "?";
    return {text.data(), std::strftime(text.data(), text.size(), "%F %H:%M", &local)};
}

std::string companies_in_words(const agent::Status& status) {
    using agent::CompanyState;
    std::map<CompanyState, std::size_t> count;
    for (const auto& company : *status.companies) ++count[company.state];
    std::string line = std::to_string(status.companies->size()) +
                       " companies: " + std::to_string(count[CompanyState::synced]) + " in sync";
    const auto add = [&](std::size_t number, const char* what) {
        if (number > 0) line += ", " + std::to_string(number) + what;
    };
    add(count[CompanyState::waiting], " waiting");
    add(count[CompanyState::offline], " offline");
    add(count[CompanyState::held] + count[CompanyState::failed], " need attention (samsynk companies)");
    return line + ".";
}

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

milliseconds longest_call(const settings::Installation& installation) {
    if (installation.connector == "sql")
        return installation.timeout.value_or(installations::DatabaseAddress{}.patience) *
               installations::patience_of_calls;
    if (installation.connector == "exec") {
        const milliseconds usual = installations::ExecOptions{}.reply_timeout;
        return (installation.timeout ? milliseconds{*installation.timeout} : usual) *
               installations::patience_for_answer;
    }
    return short_enough;
}

}  // namespace

std::optional<int> passed_socket() {
    if (::sd_listen_fds(1) < 1) return std::nullopt;
    if (::sd_is_socket(SD_LISTEN_FDS_START, AF_UNIX, SOCK_STREAM, 1) <= 0) return std::nullopt;
    return SD_LISTEN_FDS_START;
}

std::string status_line(const agent::Status& status, const std::string& sign_in) {
    const std::string last = status.last_success ? " Last success " + clock_time(*status.last_success) + "." : "";
    if (sign_in == "required") return "A person must sign in: samsynk login." + last;
    if (status.service_trouble) return to_text(status.service_trouble->message) + last;
    if (!status.last_run) return "The first run is under way.";
    if (status.last_run->error) return to_text(status.last_run->error->message) + last;
    std::string offline;
    for (const auto& installation : status.installations)
        if (installation.trouble) offline += " " + to_text(installation.trouble->message);
    return companies_in_words(status) + offline + last;
}

SystemdNotifier::SystemdNotifier(asio::any_io_executor executor)
    : socket_{executor}, address_{notify_address()}, again_{executor} {
    if (!address_) return;
    boost::system::error_code code;
    socket_.open(Datagram{}, code);
    if (!code) socket_.non_blocking(true, code);
    if (code) address_.reset();
}

void SystemdNotifier::notify_ready() { notify("READY=1"); }

void SystemdNotifier::notify_reloading() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    const auto microseconds =
        static_cast<unsigned long long>(now.tv_sec) * 1'000'000 + static_cast<unsigned long long>(now.tv_nsec) / 1000;
    notify("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds));
}

void SystemdNotifier::notify_stopping() { notify("STOPPING=1\nSTATUS=Stopping."); }

void SystemdNotifier::feed_watchdog() {
    if (waiting_.empty() || waiting_.back() != watchdog_words) notify(watchdog_words);
}

void SystemdNotifier::show_status(const std::string& line) {
    if (address_ && waiting_.empty()) (void)send("STATUS=" + plain(line));
}

void SystemdNotifier::close() {
    waiting_.clear();
    again_.cancel();
}

void SystemdNotifier::notify(std::string words) {
    if (!address_) return;
    if (waiting_.empty() && send(words)) return;
    waiting_.push_back(std::move(words));
    if (waiting_.size() == 1) send_waiting();
}

bool SystemdNotifier::send(const std::string& words) {
    boost::system::error_code code;
    socket_.send_to(asio::buffer(words), *address_, 0, code);
    return code != asio::error::would_block && code != asio::error::no_buffer_space;
}

void SystemdNotifier::send_waiting() {
    while (!waiting_.empty() && send(waiting_.front())) waiting_.pop_front();
    if (waiting_.empty()) return;
    again_.expires_after(pause_before_sending_again);
    again_.async_wait([this](const boost::system::error_code& code) {
        if (!code) send_waiting();
    });
}

bool ProgressMonitor::is_healthy(const Seen& seen, Instant now) {
    const bool news = std::exchange(progress_, seen.progress) != seen.progress;
    if (news || !seen.running) got_on_ = now;
    if (news || !seen.overdue) overdue_since_.reset();
    if (seen.running) return now - got_on_ <= seen.step;
    if (seen.overdue && !overdue_since_) overdue_since_ = now;
    return !overdue_since_ || now - *overdue_since_ <= seen.rest;
}

milliseconds max_step_duration(const settings::Settings& settings) {
    milliseconds longest = settings.service.reply_timeout + settings.service.connect_timeout * parts_of_a_connection;
    for (const settings::Installation& installation : settings.installations)
        longest = std::max(longest, longest_call(installation));
    return longest > short_enough ? longest : milliseconds{0};
}

void Watchdog::start() {
    std::uint64_t limit = 0;
    if (::sd_watchdog_enabled(0, &limit) <= 0) return;
    period_ = std::chrono::microseconds{limit / 4};
    look();
}

void Watchdog::stop() {
    stopped_ = true;
    timer_.cancel();
}

void Watchdog::look() {
    const auto status = agent_.status();
    const Patience patience = patience_();
    const ProgressMonitor::Seen seen{
        .running = !status->running.empty(),
        .progress = bus_.last() + agent_.steps_of_run(),
        .overdue = status->next_run && *status->next_run < std::chrono::system_clock::now(),
        .rest = patience.rest,
        .step = patience.step};
    if (monitor_.is_healthy(seen, ProgressMonitor::Instant::clock::now())) systemd_.feed_watchdog();
    timer_.expires_after(period_);
    timer_.async_wait([this](const boost::system::error_code& code) {
        if (!code && !stopped_) look();
    });
}

}  // namespace samsynk::app
