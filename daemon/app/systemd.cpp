#include "app/systemd.hpp"

#include <sys/socket.h>
#include <systemd/sd-daemon.h>

#include <array>
#include <ctime>
#include <map>

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
    if (count[CompanyState::offline]) line += ", " + std::to_string(count[CompanyState::offline]) + " offline";
    if (trouble) line += ", " + std::to_string(trouble) + " need attention (samsynk companies)";
    return line + ".";
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

}  // namespace samsynk::app
