#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "doctor/examination.hpp"

namespace samsynk::doctor {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t mebibyte = 1024 * 1024;
constexpr std::uint64_t little_room = 200 * mebibyte, no_room = 20 * mebibyte;
constexpr long cifs_magic = 0xFF534D42, smb2_magic = 0xFE534D42;  // not in every linux/magic.h

bool is_on_network(const fs::path& folder) {
    struct statfs status {};
    if (::statfs(folder.c_str(), &status) != 0) return false;
    const auto type = static_cast<long>(status.f_type) & 0xFFFFFFFFL;
    return type == NFS_SUPER_MAGIC || type == cifs_magic || type == smb2_magic || type == SMB_SUPER_MAGIC;
}

Finding room_in(const fs::path& folder) {
    struct statvfs status {};
    const bool known = ::statvfs(folder.c_str(), &status) == 0;
    const std::uint64_t left = known ? std::uint64_t{status.f_bavail} * status.f_frsize : 0;
    const std::vector<std::pair<std::string, std::string>> args{{"directory", folder.string()},
                                                                {"left", std::to_string(left / mebibyte)}};
    if (!known || left >= little_room)
        return {.area = "state", .what = {N_("There is room for the state: {left} MiB in {directory}."), args}};
    return {.area = "state",
            .severity = left < no_room ? Severity::error : Severity::warning,
            .what = {N_("There is little room left for the state: {left} MiB in {directory}."), args},
            .advice = {N_("Make room. Without it no run can record what it agreed, so none is made."), {}}};
}

}  // namespace

Findings examine_state(const fs::path& directory) {
    const std::pair<std::string, std::string> name{"directory", directory.string()};
    struct stat status {};
    if (::stat(directory.c_str(), &status) != 0)
        return {{.area = "state",
                 .severity = errno == ENOENT ? Severity::notice : Severity::error,
                 .what = {N_("The state folder {directory} can't be looked at ({why})."),
                          {name, {"why", std::strerror(errno)}}},
                 .advice = {N_("The daemon makes it at its first start, where it may."), {}}}};
    Findings findings;
    if (::access(directory.c_str(), W_OK | X_OK) != 0)
        findings.push_back({.area = "state",
                            .severity = Severity::error,
                            .what = {N_("The state folder {directory} can't be written to ({why})."),
                                     {name, {"why", std::strerror(errno)}}},
                            .advice = {N_("Give it to the daemon's user: chown samsynk: {directory}"), {name}}});
    else
        findings.push_back({.area = "state", .what = {N_("The state folder {directory} can be written to."), {name}}});
    if (status.st_mode & (S_IRWXO | S_IWGRP))
        findings.push_back({.area = "state",
                            .severity = Severity::warning,
                            .what = {N_("Others than the daemon may use the state folder {directory}."), {name}},
                            .advice = {N_("Mend it with: chmod 700 {directory}"), {name}}});
    if (is_on_network(directory))
        findings.push_back(
            {.area = "state",
             .severity = Severity::warning,
             .what = {N_("The state folder {directory} is on a network share."), {name}},
             .advice = {N_("Put it on a local disk: locks and flushes are not to be relied on there."), {}}});
    findings.push_back(room_in(directory));
    return findings;
}

}  // namespace samsynk::doctor
