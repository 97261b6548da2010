// Loaded into the daemon (LD_PRELOAD): counts every call that changes something, of all threads in one row, and lets
// the nth go wrong. For the kernel's own view of the same calls see test_cut_off.py, which compares the two.
//
// CUT_OFF_HOW: count | before (killed before the call) | halfway (half of a write is done, any other call is done; then
// killed) | an error's name (the call fails, once) | that and "+" (it and all that follow fail).
// CUT_OFF_AT: n. CUT_OFF_LOG: a file for one line a call.
#include <dlfcn.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

enum class Turn { go_on, fail, halfway };

struct Plan {
    std::string how = text("CUT_OFF_HOW");
    long at = std::atol(text("CUT_OFF_AT").c_str());
    int log = text("CUT_OFF_LOG").empty()
                  ? -1
                  : static_cast<int>(::syscall(SYS_openat, AT_FDCWD, text("CUT_OFF_LOG").c_str(),
                                               O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    bool for_good = how.ends_with('+');
    int error = how.starts_with("ENOSPC") ? ENOSPC : how.starts_with("EROFS") ? EROFS : EIO;
    std::atomic<long> count{0};

    static std::string text(const char* name) {
        const char* value = std::getenv(name);
        return value ? value : "";
    }
};

Plan& plan() {
    static Plan one;
    return one;
}

[[noreturn]] void die() {
    ::syscall(SYS_kill, ::getpid(), SIGKILL);
    for (;;) ::pause();
}

Turn next(const char* call, const std::string& what) {
    Plan& p = plan();
    if (p.how.empty()) return Turn::go_on;
    const long n = ++p.count;
    if (p.log >= 0) {
        const std::string line = std::to_string(n) + " " + call + " " + what + "\n";
        ::syscall(SYS_write, p.log, line.data(), line.size());
    }
    if (p.how == "count" || n < p.at || (n > p.at && !p.for_good)) return Turn::go_on;
    if (p.how == "before") die();
    if (p.how == "halfway") return Turn::halfway;
    errno = p.error;
    return Turn::fail;
}

// The file's path, or the kind of socket; empty for what is neither a file nor a connection (pipes, events, the log).
std::string name_of(int fd) {
    struct stat status {};
    if (fd <= 2 || ::fstat(fd, &status) != 0) return {};
    if (S_ISSOCK(status.st_mode)) {
        sockaddr_storage address{};
        socklen_t size = sizeof(address);
        const bool inet = ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
                          (address.ss_family == AF_INET || address.ss_family == AF_INET6);
        return inet ? "connection" : "";
    }
    if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) return {};
    char path[4096];
    const std::string link = "/proc/self/fd/" + std::to_string(fd);
    const ssize_t length = ::readlink(link.c_str(), path, sizeof(path));
    return length > 0 ? std::string{path, static_cast<std::size_t>(length)} : "file";
}

template <class Function>
Function real(const char* name) {
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

// A call that is done as a whole or not at all.
template <class Call>
auto whole(const char* name, const std::string& what, Call call) -> decltype(call()) {
    const Turn turn = next(name, what);
    if (turn == Turn::fail) return -1;
    const auto result = call();
    if (turn == Turn::halfway) die();
    return result;
}

// A call on a descriptor, which counts only where that is a file or a connection. A connection's trouble is the
// network's.
template <class Call>
auto on_fd(const char* name, int fd, Call call) -> decltype(call()) {
    const int before = errno;
    const std::string what = name_of(fd);
    errno = before;
    if (what.empty()) return call();
    if (what != "connection") return whole(name, what, call);
    const Turn turn = next(name, what);
    const auto result = call();
    if (turn == Turn::halfway) die();
    return result;
}

template <class Write>
ssize_t write_to(const char* name, int fd, std::size_t size, Write write) {
    const std::string what = name_of(fd);
    if (what.empty()) return write(size);
    const Turn turn = next(name, what);
    if (turn == Turn::fail && what != "connection") return -1;
    if (turn != Turn::halfway) return write(size);
    write(size / 2);
    die();
}

bool makes(int flags) { return (flags & (O_CREAT | O_TRUNC)) != 0; }
mode_t mode_in(int flags, va_list words) { return (flags & O_CREAT) != 0 ? va_arg(words, mode_t) : 0; }

// Counts only where a file is made or emptied.
template <class Call>
int opened(const char* path, int flags, Call call) {
    return makes(flags) ? whole("openat", path, call) : call();
}

}  // namespace

#define REAL(name) real<decltype(&::name)>(#name)
// Defines `mode`, which stands behind the flags where there is one.
#define READ_MODE(flags)                       \
    va_list words;                             \
    va_start(words, flags);                    \
    const mode_t mode = mode_in(flags, words); \
    va_end(words)

extern "C" {

ssize_t write(int fd, const void* from, size_t size) {
    static const auto call = REAL(write);
    return write_to("write", fd, size, [&](size_t part) { return call(fd, from, part); });
}
ssize_t pwrite(int fd, const void* from, size_t size, off_t at) {
    static const auto call = REAL(pwrite);
    return write_to("pwrite64", fd, size, [&](size_t part) { return call(fd, from, part, at); });
}
ssize_t pwrite64(int fd, const void* from, size_t size, off64_t at) {
    static const auto call = REAL(pwrite64);
    return write_to("pwrite64", fd, size, [&](size_t part) { return call(fd, from, part, at); });
}
ssize_t writev(int fd, const iovec* parts, int count) {
    static const auto call = REAL(writev);
    return on_fd("writev", fd, [&] { return call(fd, parts, count); });
}
ssize_t send(int fd, const void* from, size_t size, int flags) {
    static const auto call = REAL(send);
    return write_to("sendto", fd, size, [&](size_t part) { return call(fd, from, part, flags); });
}
ssize_t sendmsg(int fd, const msghdr* message, int flags) {
    static const auto call = REAL(sendmsg);
    return on_fd("sendmsg", fd, [&] { return call(fd, message, flags); });
}
int fsync(int fd) {
    static const auto call = REAL(fsync);
    return on_fd("fsync", fd, [&] { return call(fd); });
}
int fdatasync(int fd) {
    static const auto call = REAL(fdatasync);
    return on_fd("fdatasync", fd, [&] { return call(fd); });
}
int syncfs(int fd) noexcept {
    static const auto call = REAL(syncfs);
    return on_fd("syncfs", fd, [&] { return call(fd); });
}
int ftruncate(int fd, off_t size) noexcept {
    static const auto call = REAL(ftruncate);
    return on_fd("ftruncate", fd, [&] { return call(fd, size); });
}
int ftruncate64(int fd, off64_t size) noexcept {
    static const auto call = REAL(ftruncate64);
    return on_fd("ftruncate", fd, [&] { return call(fd, size); });
}
int fchmod(int fd, mode_t mode) noexcept {
    static const auto call = REAL(fchmod);
    return on_fd("fchmod", fd, [&] { return call(fd, mode); });
}
int fchown(int fd, uid_t user, gid_t group) noexcept {
    static const auto call = REAL(fchown);
    return on_fd("fchown", fd, [&] { return call(fd, user, group); });
}
int chmod(const char* path, mode_t mode) noexcept {
    static const auto call = REAL(chmod);
    return whole("chmod", path, [&] { return call(path, mode); });
}
int fchmodat(int folder, const char* path, mode_t mode, int flags) noexcept {
    static const auto call = REAL(fchmodat);
    return whole("fchmodat", path, [&] { return call(folder, path, mode, flags); });
}
int chown(const char* path, uid_t user, gid_t group) noexcept {
    static const auto call = REAL(chown);
    return whole("chown", path, [&] { return call(path, user, group); });
}
int rename(const char* from, const char* to) noexcept {
    static const auto call = REAL(rename);
    return whole("rename", to, [&] { return call(from, to); });
}
int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) noexcept {
    static const auto call = REAL(renameat2);
    return whole("renameat2", to, [&] { return call(from_folder, from, to_folder, to, flags); });
}
int link(const char* from, const char* to) noexcept {
    static const auto call = REAL(link);
    return whole("link", to, [&] { return call(from, to); });
}
int unlink(const char* path) noexcept {
    static const auto call = REAL(unlink);
    return whole("unlink", path, [&] { return call(path); });
}
int mkdir(const char* path, mode_t mode) noexcept {
    static const auto call = REAL(mkdir);
    return whole("mkdir", path, [&] { return call(path, mode); });
}
int open(const char* path, int flags, ...) {
    static const auto call = REAL(open);
    READ_MODE(flags);
    return opened(path, flags, [&] { return call(path, flags, mode); });
}
int open64(const char* path, int flags, ...) {
    static const auto call = REAL(open64);
    READ_MODE(flags);
    return opened(path, flags, [&] { return call(path, flags, mode); });
}

int openat(int folder, const char* path, int flags, ...) {
    static const auto call = REAL(openat);
    READ_MODE(flags);
    return opened(path, flags, [&] { return call(folder, path, flags, mode); });
}
int openat64(int folder, const char* path, int flags, ...) {
    static const auto call = REAL(openat64);
    READ_MODE(flags);
    return opened(path, flags, [&] { return call(folder, path, flags, mode); });
}
int mkdirat(int folder, const char* path, mode_t mode) noexcept {
    static const auto call = REAL(mkdirat);
    return whole("mkdirat", path, [&] { return call(folder, path, mode); });
}
int unlinkat(int folder, const char* path, int flags) noexcept {
    static const auto call = REAL(unlinkat);
    return whole("unlinkat", path, [&] { return call(folder, path, flags); });
}
int renameat(int from_folder, const char* from, int to_folder, const char* to) noexcept {
    static const auto call = REAL(renameat);
    return whole("renameat", to, [&] { return call(from_folder, from, to_folder, to); });
}
int fsetxattr(int fd, const char* name, const void* value, size_t size, int flags) noexcept {
    static const auto call = REAL(fsetxattr);
    return on_fd("fsetxattr", fd, [&] { return call(fd, name, value, size, flags); });
}
int fremovexattr(int fd, const char* name) noexcept {
    static const auto call = REAL(fremovexattr);
    return on_fd("fremovexattr", fd, [&] { return call(fd, name); });
}

}  // extern "C"
