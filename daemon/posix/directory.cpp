#include "posix/directory.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "posix/small_file.hpp"

namespace samsynk::posix {
namespace {

constexpr int of_folder = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

Outcome<> done(int result) {
    if (result == 0) return {};
    return error_of(errno);
}

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};

// The service may not ask for the setgid bit (RestrictSUIDSGID=), but the kernel hands it on by itself, where nothing
// must be mended afterwards. The mask is this thread's own from then on.
int make_unmasked(int parent, const char* name, mode_t mode) {
    thread_local const bool own_mask = ::unshare(CLONE_FS) == 0;
    const mode_t mask = own_mask ? ::umask(0) : 0;
    const int made = ::mkdirat(parent, name, mode);
    const int number = errno;
    if (own_mask) ::umask(mask);
    errno = number;
    return made;
}

// As far as we may: who is not root keeps at least the group, where it is a member. Only what is surely the folder that
// we made: its place may have been taken in between.
void become_like(int folder, const struct stat& parent) {
    struct stat made {};
    if (::fstat(folder, &made) != 0 || made.st_uid != ::geteuid() || made.st_dev != parent.st_dev) return;
    const mode_t wanted = parent.st_mode & 0777;
    if ((made.st_uid != parent.st_uid || made.st_gid != parent.st_gid) &&
        ::fchown(folder, parent.st_uid, parent.st_gid) != 0)
        (void)!::fchown(folder, static_cast<uid_t>(-1), parent.st_gid);
    if ((made.st_mode & 0777) != wanted) (void)::fchmod(folder, wanted);
}

}  // namespace

Outcome<Directory> Directory::open(const std::filesystem::path& path) {
    const int fd = ::open(path.c_str(), of_folder);
    if (fd < 0) return error_of(errno);
    return Directory{fd};
}

Outcome<struct stat> Directory::status() const {
    struct stat status {};
    if (::fstat(fd_.get(), &status) != 0) return error_of(errno);
    return status;
}

Outcome<struct stat> Directory::status_of(const Name& name) const {
    struct stat status {};
    if (::fstatat(fd_.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return error_of(errno);
    return status;
}

bool Directory::is_searchable() const { return ::faccessat(fd_.get(), ".", X_OK, AT_EACCESS) == 0; }
bool Directory::is_writable() const { return ::faccessat(fd_.get(), ".", W_OK | X_OK, AT_EACCESS) == 0; }

Outcome<std::vector<Entry>> Directory::list() const {
    // Opened again, as the place in the listing would be shared with a copy of the descriptor.
    UniqueFd again{::openat(fd_.get(), ".", of_folder)};
    if (!again) return error_of(errno);
    const std::unique_ptr<DIR, CloseFolder> folder{::fdopendir(again.get())};
    if (!folder) return error_of(errno);
    again.release();
    std::vector<Entry> entries;
    errno = 0;
    while (const dirent* entry = ::readdir(folder.get())) {
        const std::string_view name{entry->d_name};
        if (name != "." && name != "..") entries.push_back({std::string{name}, entry->d_type});
        errno = 0;
    }
    if (errno != 0) return error_of(errno);
    return entries;
}

Outcome<Directory> Directory::open_any(const Name& name) const {
    const int fd = ::openat(fd_.get(), name.c_str(), of_folder | O_NOFOLLOW);
    if (fd < 0) return error_of(errno == ELOOP ? no_folder : errno);
    return Directory{fd};
}

Outcome<Directory> Directory::open_below(const Name& name) const {
    auto below = open_any(name);
    if (below.has_error()) return below;
    const auto its = below->status(), ours = status();
    if (its.has_error() || ours.has_error()) return its.has_error() ? its.error() : ours.error();
    if (its->st_dev != ours->st_dev) return error_of(another_device);
    return below;
}

Outcome<Directory> Directory::make_below(const Name& name) const {
    const auto around = status();
    if (around.has_error()) return around.error();
    const bool made = make_unmasked(fd_.get(), name.c_str(), around->st_mode & 0777) == 0;
    if (!made && errno != EEXIST) return error_of(errno);
    auto below = open_below(name);
    if (made && below.has_value()) become_like(below->descriptor(), *around);
    return below;
}

Outcome<File> Directory::open_file(const Name& name) const {
    File file{UniqueFd{::openat(fd_.get(), name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)}};
    if (!file.fd) return error_of(errno == ELOOP || errno == ENXIO ? not_ordinary : errno);
    if (::fstat(file.fd.get(), &file.status) != 0) return error_of(errno);
    if (!S_ISREG(file.status.st_mode)) return error_of(not_ordinary);
    return file;
}

Outcome<UniqueFd> Directory::stage(const Name& name) const {
    ::unlinkat(fd_.get(), name.c_str(), 0);
    UniqueFd fd{::openat(fd_.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!fd) return error_of(errno);
    return fd;
}

Outcome<> Directory::exchange(const Name& one, const Name& other) const {
    return done(::renameat2(fd_.get(), one.c_str(), fd_.get(), other.c_str(), RENAME_EXCHANGE));
}

Outcome<> Directory::rename(const Name& from, const Name& to, Replacing replacing) const {
    const unsigned how = replacing == Replacing::yes ? 0 : RENAME_NOREPLACE;
    if (how == 0) return done(::renameat(fd_.get(), from.c_str(), fd_.get(), to.c_str()));
    return done(::renameat2(fd_.get(), from.c_str(), fd_.get(), to.c_str(), how));
}

Outcome<> Directory::unlink(const Name& name) const { return done(::unlinkat(fd_.get(), name.c_str(), 0)); }

Outcome<> Directory::flush() const { return posix::flush(fd_); }
Outcome<> Directory::flush_file_system() const { return done(::syncfs(fd_.get())); }

}  // namespace samsynk::posix
