#include "doctor/examination.hpp"

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/proxy_address.hpp"
#include "core/secret_file.hpp"

namespace samsynk::doctor {
namespace {

namespace fs = std::filesystem;

Finding readable(const fs::path& file, bool secret) {
    const std::pair<std::string, std::string> name{"file", file.string()};
    if (::access(file.c_str(), R_OK) != 0) {
        const int why = errno;
        return {
            .area = "permissions",
            .severity = Severity::error,
            .what = {N_("{file} can't be read ({why})."), {name, {"why", std::strerror(why)}}},
            .advice = why == ENOENT
                          ? Message{N_("Put it there, or correct the path in the configuration."), {}}
                          : Message{N_("Give it to the daemon alone: chown samsynk {file}; chmod 400 {file}"), {name}}};
    }
    if (secret)
        if (const auto closed = check_secret_file(file); closed.has_error())
            return {.area = "permissions", .severity = Severity::error, .what = closed.error().message};
    return {.area = "permissions", .what = {N_("{file} can be read."), {name}}};
}

void look_at(Findings& findings, const std::optional<fs::path>& file, bool secret) {
    if (file) findings.push_back(readable(*file, secret));
}

bool names_a_password(const settings::Settings& settings) {
    const auto proxy =
        settings.service.proxy ? parse_proxy_address(*settings.service.proxy) : Result<ProxyAddress>{ProxyAddress{}};
    return proxy.has_value() && !proxy->password.empty();
}

constexpr std::uint64_t mebibyte = 1024 * 1024;
constexpr std::uint64_t little_room = 200 * mebibyte, no_room = 20 * mebibyte;
constexpr long cifs_magic = 0xFF534D42, smb2_magic = 0xFE534D42;  // not in every linux/magic.h

bool is_on_network(const fs::path& folder) {
    struct statfs status {};
    if (::statfs(folder.c_str(), &status) != 0) return false;
    const auto type = static_cast<long>(status.f_type) & 0xFFFFFFFFL;
    return type == NFS_SUPER_MAGIC || type == cifs_magic || type == smb2_magic || type == SMB_SUPER_MAGIC;
}

Finding of_state(Severity severity, Message what, Message advice = {}) {
    return {.area = "state", .severity = severity, .what = std::move(what), .advice = std::move(advice)};
}

Finding room_in(const fs::path& folder) {
    struct statvfs status {};
    const bool known = ::statvfs(folder.c_str(), &status) == 0;
    const std::uint64_t left = known ? std::uint64_t{status.f_bavail} * status.f_frsize : 0;
    const std::vector<std::pair<std::string, std::string>> args{{"directory", folder.string()},
                                                                {"left", std::to_string(left / mebibyte)}};
    if (!known || left >= little_room)
        return of_state(Severity::fine, {N_("There is room for the state: {left} MiB in {directory}."), args});
    return of_state(left < no_room ? Severity::error : Severity::warning,
                    {N_("There is little room left for the state: {left} MiB in {directory}."), args},
                    {N_("Make room. Without it no run can record what it agreed, so none is made."), {}});
}

constexpr std::int64_t seconds_a_day = 24 * 60 * 60;

std::string days(std::chrono::seconds left) { return std::to_string(left.count() / seconds_a_day); }

}  // namespace

Findings examine_files(const settings::Settings& settings, const fs::path& file) {
    Findings findings;
    struct stat status {};
    if (names_a_password(settings) && ::stat(file.c_str(), &status) == 0 && (status.st_mode & S_IROTH))
        findings.push_back({.area = "permissions",
                            .severity = Severity::warning,
                            .what = {N_("{file} holds a password, and everyone on this machine may read it."),
                                     {{"file", file.string()}}},
                            .advice = {N_("Mend it with: chmod o= {file}"), {{"file", file.string()}}}});
    const settings::Service& service = settings.service;
    look_at(findings, service.ca_file, false);
    look_at(findings, service.client_cert_file, false);
    look_at(findings, service.client_key_file, true);
    look_at(findings, service.proxy_password_file, true);
    look_at(findings, service.auth.client_secret_file, true);
    look_at(findings, service.auth.client_key_file, true);
    look_at(findings, service.auth.refresh_token_file, true);
    for (const settings::Installation& installation : settings.installations) {
        look_at(findings, installation.database.password_file, true);
        look_at(findings, installation.database.ca_file, false);
    }
    return findings;
}

Findings examine_state(const fs::path& directory) {
    const std::pair<std::string, std::string> name{"directory", directory.string()};
    struct stat status {};
    if (::stat(directory.c_str(), &status) != 0)
        return {of_state(
            errno == ENOENT ? Severity::notice : Severity::error,
            {N_("The state folder {directory} can't be looked at ({why})."), {name, {"why", std::strerror(errno)}}},
            {N_("The daemon makes it at its first start, where it may."), {}})};
    Findings findings;
    if (::access(directory.c_str(), W_OK | X_OK) != 0)
        findings.push_back(of_state(
            Severity::error,
            {N_("The state folder {directory} can't be written to ({why})."), {name, {"why", std::strerror(errno)}}},
            {N_("Give it to the daemon's user: chown samsynk: {directory}"), {name}}));
    else
        findings.push_back(of_state(Severity::fine, {N_("The state folder {directory} can be written to."), {name}}));
    if (status.st_mode & (S_IRWXO | S_IWGRP))
        findings.push_back(of_state(Severity::warning,
                                    {N_("Others than the daemon may use the state folder {directory}."), {name}},
                                    {N_("Mend it with: chmod 700 {directory}"), {name}}));
    if (is_on_network(directory))
        findings.push_back(
            of_state(Severity::warning, {N_("The state folder {directory} is on a network share."), {name}},
                     {N_("Put it on a local disk: locks and flushes are not to be relied on there."), {}}));
    findings.push_back(room_in(directory));
    return findings;
}

Findings examine_system() {
    timex state{};
    const bool known = ::adjtimex(&state) >= 0;
    if (known && !(state.status & STA_UNSYNC))
        return {{.area = "clock", .what = {N_("The clock is kept right by a time service."), {}}}};
    return {{.area = "clock",
             .severity = Severity::notice,
             .what = {N_("No time service is known to keep this machine's clock right."), {}},
             .advice = {N_("Install one, for example chrony or systemd-timesyncd."), {}}}};
}

Severity by_time_left(std::chrono::seconds left) {
    return left < very_soon ? Severity::error : left < soon ? Severity::warning : Severity::fine;
}

Findings of_installation(const std::string& id, const std::vector<agent::Probe>& probes) {
    Findings findings;
    for (const agent::Probe& probe : probes) {
        // What is told a little later, or one company that can't be read, is no reason to call the whole broken.
        const bool whole = probe.trouble && probe.trouble->code == Errc::installation_offline;
        findings.push_back({.area = "installation",
                            .severity = !probe.trouble ? (probe.weaker ? Severity::notice : Severity::fine)
                                        : whole        ? Severity::error
                                                       : Severity::warning,
                            .subject = id,
                            .what = probe.trouble ? probe.trouble->message : probe.what});
    }
    return findings;
}

Findings of_runs(const Reason& service_trouble, const Reason& last_error) {
    Findings findings;
    const Message advice{N_("It is tried again by itself: samsynk status"), {}};
    for (const Reason& reason : {service_trouble, last_error})
        if (reason && (findings.empty() || findings.front().what != reason->message))
            findings.push_back(
                {.area = "runs", .severity = Severity::error, .what = reason->message, .advice = advice});
    return findings;
}

Findings of_sign_in(const agent::SignInStatus& status) {
    Findings findings;
    Finding finding{.area = "signin", .what = {N_("The sign-in is in order."), {}}};
    if (status.state == "required") {
        finding.severity = Severity::error;
        finding.what = status.reason ? status.reason->message : Message{N_("A person must sign in."), {}};
    } else if (status.state != "ok") {
        finding.severity = Severity::notice;
        finding.what = {N_("The sign-in was not tried yet."), {}};
    }
    findings.push_back(std::move(finding));
    if (status.left)
        findings.push_back(
            {.area = "signin",
             .severity = by_time_left(*status.left),
             .what = {N_("A person must sign in again within {days} days."), {{"days", days(*status.left)}}},
             .advice = by_time_left(*status.left) == Severity::fine ? Message{}
                                                                    : Message{N_("Sign in with: samsynk login"), {}}});
    if (status.certificate_left)
        findings.push_back({.area = "certificate",
                            .severity = by_time_left(*status.certificate_left),
                            .what = {N_("The daemon's own certificate is good for {days} days."),
                                     {{"days", days(*status.certificate_left)}}},
                            .advice = by_time_left(*status.certificate_left) == Severity::fine
                                          ? Message{}
                                          : Message{N_("Have it renewed, put it in place, and reload."), {}}});
    return findings;
}

}  // namespace samsynk::doctor
