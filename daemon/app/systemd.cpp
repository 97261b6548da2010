#include "app/systemd.hpp"

#include <sys/socket.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include <array>
#include <ctime>
#include <map>

#include "core/plain_text.hpp"

namespace samsynk::app {
namespace {

std::string clock_time(Time time) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm local{};
    std::array<char, 32> text{};
    if (!::localtime_r(&seconds, &local)) return "?";
    return {text.data(), std::strftime(text.data(), text.size(), "%F %H:%M", &local)};
}

std::string companies_in_words(const agent::Status& status) {
    std::map<agent::CompanyState, std::size_t> count;
    for (const auto& company : *status.companies) ++count[company.state];
    using agent::CompanyState;
    const std::size_t trouble = count[CompanyState::held] + count[CompanyState::failed];
    std::string line = std::to_string(status.companies->size()) +
                       " companies: " + std::to_string(count[CompanyState::synced]) + " in sync";
    if (count[CompanyState::waiting]) line += ", " + std::to_string(count[CompanyState::waiting]) + " waiting";
    if (trouble) line += ", " + std::to_string(trouble) + " need attention (samsynk companies)";
    return line + ".";
}

}  // namespace

std::optional<int> passed_socket() {
    if (::sd_listen_fds(1) < 1) return std::nullopt;
    if (::sd_is_socket(SD_LISTEN_FDS_START, AF_UNIX, SOCK_STREAM, 1) <= 0) return std::nullopt;
    return SD_LISTEN_FDS_START;
}

void tell_ready() { ::sd_notify(0, "READY=1"); }

void tell_reloading() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    const auto microseconds =
        static_cast<unsigned long long>(now.tv_sec) * 1'000'000 + static_cast<unsigned long long>(now.tv_nsec) / 1000;
    ::sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%llu", microseconds);
}

void tell_stopping() { ::sd_notify(0, "STOPPING=1\nSTATUS=Stopping."); }
void tell_alive() { ::sd_notify(0, "WATCHDOG=1"); }
void tell_status(const std::string& line) { ::sd_notify(0, ("STATUS=" + plain(line)).c_str()); }

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

}  // namespace samsynk::app
