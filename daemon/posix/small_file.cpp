#include "posix/small_file.hpp"

#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace samsynk::posix {
namespace {

constexpr std::size_t read_at_once = 64 * 1024;
constexpr const char* access_list = "system.posix_acl_access";
constexpr const char* windows_rights = "security.NTACL";

boost::system::error_code last_error() { return error_of(errno); }

Outcome<> flushed(int result) {
    if (result == 0 || errno == EINVAL || errno == ENOSYS || errno == EROFS) return {};
    return last_error();
}

std::optional<std::string> attribute(const UniqueFd& fd, const char* name) {
    std::string value(64 * 1024, '\0');  // the kernel has no longer ones
    const ssize_t size = ::fgetxattr(fd.get(), name, value.data(), value.size());
    if (size < 0) return std::nullopt;
    value.resize(static_cast<std::size_t>(size));
    return value;
}

void copy_attribute(const UniqueFd& to, const UniqueFd& from, const char* name) {
    if (const auto value = attribute(from, name))
        (void)::fsetxattr(to.get(), name, value->data(), value->size(), 0);  // as far as we may
}

// Those that programs and file servers keep there. None that gives a right: never security.capability.
void copy_attributes(const UniqueFd& to, const UniqueFd& from) {
    std::string names(64 * 1024, '\0');
    const ssize_t size = ::flistxattr(from.get(), names.data(), names.size());
    if (size <= 0) return;
    names.resize(static_cast<std::size_t>(size));
    for (std::size_t at = 0; at < names.size(); at += std::strlen(names.c_str() + at) + 1) {
        const std::string_view name{names.c_str() + at};
        if (name.starts_with("user.") || name == windows_rights) copy_attribute(to, from, name.data());
    }
}

// What an access list gives to the file's own group. It is kept as the kernel hands it out: a version of four bytes,
// then entries of a tag and rights of two bytes each, and an id of four; all little endian.
std::optional<mode_t> rights_of_group(const std::string& list) {
    constexpr unsigned own_group = 0x04;
    const auto byte = [&](std::size_t at) { return static_cast<unsigned>(static_cast<unsigned char>(list[at])); };
    for (std::size_t at = 4; at + 8 <= list.size(); at += 8)
        if ((byte(at) | byte(at + 1) << 8) == own_group) return byte(at + 2) & 7U;
    return std::nullopt;
}

}  // namespace

Outcome<std::string> read_head(const File& file, std::size_t limit) {
    return read_all(file.fd, std::min(limit, static_cast<std::size_t>(file.status.st_size)));
}

Outcome<std::string> read_all(const UniqueFd& fd, std::size_t limit) {
    std::string content;
    while (content.size() < limit) {
        const std::size_t before = content.size();
        content.resize(before + std::min(limit - before, read_at_once));
        const ssize_t count = ::read(fd.get(), content.data() + before, content.size() - before);
        content.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return last_error();
        if (count == 0) break;
    }
    return content;
}

Outcome<> write_all(const UniqueFd& fd, std::string_view content) {
    while (!content.empty()) {
        const ssize_t wrote = ::write(fd.get(), content.data(), content.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) return last_error();
        content.remove_prefix(static_cast<std::size_t>(wrote));
    }
    return {};
}

Outcome<> flush(const UniqueFd& fd) { return flushed(::fsync(fd.get())); }

Outcome<> flush(const std::filesystem::path& path) {
    const UniqueFd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!fd) return last_error();
    return flush(fd);
}

Outcome<> flush_data(const UniqueFd& fd) { return flushed(::fdatasync(fd.get())); }

bool is_locked(const File& file) {
    struct flock lock {};
    lock.l_type = F_RDLCK;
    lock.l_whence = SEEK_SET;
    return ::fcntl(file.fd.get(), F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

void give(const UniqueFd& fd, uid_t owner, gid_t group, mode_t mode) {
    if (::fchown(fd.get(), owner, group) != 0) (void)!::fchown(fd.get(), static_cast<uid_t>(-1), group);
    (void)::fchmod(fd.get(), mode & 0777);
}

void give_as(const UniqueFd& fd, const File& old) {
    const auto list = attribute(old.fd, access_list);
    mode_t mode = old.status.st_mode & 0777;
    if (list)
        if (const auto group = rights_of_group(*list)) mode = (mode & ~mode_t{070}) | *group << 3;
    if (!list) (void)::fremovexattr(fd.get(), access_list);  // handed on by the folder
    give(fd, old.status.st_uid, old.status.st_gid, mode);
    copy_attributes(fd, old.fd);
    if (list) (void)::fsetxattr(fd.get(), access_list, list->data(), list->size(), 0);
}

}  // namespace samsynk::posix
