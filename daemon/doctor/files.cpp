#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/proxy_address.hpp"
#include "core/secret_file.hpp"
#include "doctor/examination.hpp"

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

}  // namespace samsynk::doctor
