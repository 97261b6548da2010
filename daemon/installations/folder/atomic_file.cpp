#include "installations/folder/atomic_file.hpp"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <set>

#include "installations/descriptor.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t flush_one_by_one = 8;  // above this, one flush of the file system is quicker

Error write_error(const fs::path& file, int number) {
    const std::string why = std::strerror(number);
    if (number == ENOSPC || number == EDQUOT)
        return fail(Errc::write_failed,
                    N_("{file} could not be written: the disk is full. The old file stands. Make room."),
                    {{"file", file.string()}}, why);
    if (number == EAGAIN || number == EBUSY || number == ETXTBSY)
        return fail(Errc::busy, N_("{file} is in use. It is tried again."), {{"file", file.string()}}, why);
    return fail(Errc::write_failed,
                N_("{file} could not be written ({why}). The old file stands. Check the folder's permissions."),
                {{"file", file.string()}, {"why", why}});
}

Error overtaken(const fs::path& file) {
    return fail(Errc::changed_meanwhile,
                N_("{file} was changed by someone else at the same moment. Their choice stands."),
                {{"file", file.string()}});
}

bool write_all(int fd, const std::string& content) {
    for (std::size_t at = 0; at < content.size();) {
        const ssize_t wrote = ::write(fd, content.data() + at, content.size() - at);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) return false;
        at += static_cast<std::size_t>(wrote);
    }
    return true;
}

fs::path staged_name(const fs::path& file) {
    return file.parent_path() / (".samsynk-" + file.filename().string() + ".new");
}

// A folder with the mode of the one around it. The service may not ask for the setgid bit (RestrictSUIDSGID=), but the
// kernel hands it on by itself, where nothing must be mended afterwards. The mask is this thread's own from then on.
bool make_like(const fs::path& folder, const struct stat& parent) {
    thread_local const bool own_mask = ::unshare(CLONE_FS) == 0;
    const mode_t mask = own_mask ? ::umask(0) : 0;
    const bool made = ::mkdir(folder.c_str(), parent.st_mode & 0777) == 0 || errno == EEXIST;
    const int number = errno;
    if (own_mask) ::umask(mask);
    errno = number;
    return made;
}

// The samsynk folder of a company, made where it is missing. A link in its place could lead anywhere.
Result<void> prepare_folder(const fs::path& folder) {
    struct stat status {};
    if (::lstat(folder.c_str(), &status) == 0) {
        if (S_ISDIR(status.st_mode)) return {};
        return fail(Errc::unreadable, N_("{file} is not a folder of its own. Links are not followed."),
                    {{"file", folder.string()}});
    }
    struct stat parent {};
    if (::stat(folder.parent_path().c_str(), &parent) != 0) return write_error(folder, errno);
    if (!make_like(folder, parent)) return write_error(folder, errno);
    if (::chown(folder.c_str(), parent.st_uid, parent.st_gid) != 0 &&
        ::chown(folder.c_str(), static_cast<uid_t>(-1), parent.st_gid) != 0)
        errno = 0;  // as far as we may
    const mode_t wanted = parent.st_mode & 07777;
    if (::stat(folder.c_str(), &status) == 0 && (status.st_mode & 07777) != wanted &&
        ::chmod(folder.c_str(), wanted) != 0)
        (void)::chmod(folder.c_str(), wanted & 0777);
    return {};
}

// Writes the new content beside the file, with the owner and mode that the file has or should have.
Result<void> stage(const Replacement& replacement, bool flush) {
    const fs::path staged = staged_name(replacement.file);
    if (auto ready = prepare_folder(replacement.file.parent_path()); ready.has_error()) return ready;
    ::unlink(staged.c_str());
    const Descriptor fd{::open(staged.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!fd) return write_error(replacement.file, errno);
    struct stat like {};
    const bool exists = ::lstat(replacement.file.c_str(), &like) == 0;
    if (!exists) {
        if (::stat(replacement.file.parent_path().c_str(), &like) != 0) return write_error(replacement.file, errno);
        like.st_mode &= 0666;
    }
    if (!write_all(fd.get(), replacement.content)) {
        const int number = errno;
        ::unlink(staged.c_str());
        return write_error(replacement.file, number);
    }
    // As far as we may: who is not root keeps at least the group, where it is a member.
    if (::fchown(fd.get(), like.st_uid, like.st_gid) != 0 &&
        ::fchown(fd.get(), static_cast<uid_t>(-1), like.st_gid) != 0)
        errno = 0;
    if (::fchmod(fd.get(), like.st_mode & 07777) != 0) errno = 0;
    if (flush && ::fdatasync(fd.get()) != 0) {
        const int number = errno;
        ::unlink(staged.c_str());
        return write_error(replacement.file, number);
    }
    return {};
}

// Where the file system can't exchange: look once more, right before.
Result<void> swap_by_rename(const Replacement& replacement, const fs::path& staged) {
    const auto now = read_small_file(replacement.file);
    if (now.has_error() || *now != replacement.expected) {
        ::unlink(staged.c_str());
        return overtaken(replacement.file);
    }
    if (::rename(staged.c_str(), replacement.file.c_str()) != 0) {
        const int number = errno;
        ::unlink(staged.c_str());
        return write_error(replacement.file, number);
    }
    return {};
}

// What came out of an exchange is looked at: where it is not what was believed to stand there, somebody wrote in
// between, and theirs goes back in. That is an exchange again, so also what comes out then is looked at: their newest
// stands.
Result<void> swap(const Replacement& replacement) {
    const fs::path staged = staged_name(replacement.file);
    std::optional<std::string> believed = replacement.expected, placed = replacement.content;  // nothing: unreadable
    const unsigned how = replacement.expected ? RENAME_EXCHANGE : RENAME_NOREPLACE;
    for (bool as_read = true;; as_read = false) {
        if (::renameat2(AT_FDCWD, staged.c_str(), AT_FDCWD, replacement.file.c_str(), how) != 0) {
            const int number = errno;
            if (!as_read) return write_error(replacement.file, number);  // theirs stays beside the file
            if (number == EINVAL || number == ENOSYS || number == ENOTSUP) return swap_by_rename(replacement, staged);
            ::unlink(staged.c_str());
            if (number == EEXIST || number == ENOENT) return overtaken(replacement.file);
            return write_error(replacement.file, number);
        }
        if (!replacement.expected) return {};
        const auto read = read_small_file(staged);
        std::optional<std::string> came_out = read.has_value() ? *read : std::nullopt;
        if (came_out == believed) {
            ::unlink(staged.c_str());
            if (!as_read) return overtaken(replacement.file);
            return {};
        }
        believed = std::move(placed);
        placed = std::move(came_out);
    }
}

// By a lock that shuts out readers: a program is in the middle of changing it.
bool is_locked(int fd) {
    struct flock lock {};
    lock.l_type = F_RDLCK;
    lock.l_whence = SEEK_SET;
    return ::fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

bool flush_system(const fs::path& folder) {
    const Descriptor fd{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    return fd && ::syncfs(fd.get()) == 0;
}

bool flush_folder(const fs::path& folder) {
    const Descriptor fd{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    return fd && ::fsync(fd.get()) == 0;
}

}  // namespace

FileStamp stamp_of(const struct stat& status) {
    return {status.st_ino, status.st_size, status.st_mtim.tv_sec * 1000000000LL + status.st_mtim.tv_nsec};
}

Error read_error(const fs::path& file, int number) {
    const std::string why = std::strerror(number);
    const std::vector<std::pair<std::string, std::string>> args{{"file", file.string()}, {"why", why}};
    switch (number) {
        case EAGAIN:
        case EBUSY:
        case ETXTBSY:
        case EDEADLK:
        case ESTALE:  // it was replaced on the server between two calls
            return fail(Errc::busy, N_("{file} is in use. It is tried again."), {{"file", file.string()}}, why);
        case ENOTCONN:
        case ESHUTDOWN:
        case EHOSTDOWN:
        case EHOSTUNREACH:
        case ENETDOWN:
        case ENETUNREACH:
        case ETIMEDOUT:
        case ENODEV:
            return fail(Errc::installation_offline,
                        N_("{path} can't be reached ({why}). Nothing is changed until it is back. Check that the share "
                           "is mounted."),
                        {{"path", file.string()}, {"why", why}});
        default:
            return fail(Errc::unreadable, N_("{file} can't be read ({why}). Check its permissions."), args);
    }
}

Result<std::optional<std::string>> read_small_file(const fs::path& file, std::size_t limit, bool head_only,
                                                   Locks locks) {
    const Descriptor fd{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
    if (!fd) {
        if (errno == ENOENT || errno == ENOTDIR) return std::optional<std::string>{};
        return read_error(file, errno);
    }
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode))
        return fail(Errc::unreadable, N_("{file} is not an ordinary file."), {{"file", file.string()}});
    if (locks == Locks::respected && is_locked(fd.get())) return read_error(file, EBUSY);
    if (!head_only && static_cast<std::size_t>(status.st_size) > limit)
        return fail(Errc::bad_file, N_("{file} is too large to be what it should be."), {{"file", file.string()}});
    std::string content(std::min(limit, static_cast<std::size_t>(status.st_size)), '\0');
    std::size_t got = 0;
    while (got < content.size()) {
        const ssize_t count = ::read(fd.get(), content.data() + got, content.size() - got);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return read_error(file, errno);
        if (count == 0) break;
        got += static_cast<std::size_t>(count);
    }
    content.resize(got);
    return std::optional<std::string>{std::move(content)};
}

std::vector<Result<void>> replace_files(const std::vector<Replacement>& replacements, Lasting lasting) {
    std::vector<Result<void>> results;
    const bool one_by_one = replacements.size() <= flush_one_by_one;
    for (const Replacement& replacement : replacements) results.push_back(stage(replacement, one_by_one));
    if (!one_by_one && !flush_system(replacements.front().file.parent_path()))
        for (auto& result : results)
            if (result.has_value()) result = write_error(replacements.front().file, errno);

    std::set<fs::path> folders;
    for (std::size_t i = 0; i < replacements.size(); ++i) {
        if (results[i].has_error()) continue;
        results[i] = swap(replacements[i]);
        folders.insert(replacements[i].file.parent_path());
    }
    if (lasting == Lasting::soon) return results;
    bool flushed = true;
    if (one_by_one)
        for (const fs::path& folder : folders) flushed = flush_folder(folder) && flushed;
    else if (!folders.empty())
        flushed = flush_system(*folders.begin());
    if (!flushed)
        for (std::size_t i = 0; i < replacements.size(); ++i)
            if (results[i].has_value()) results[i] = write_error(replacements[i].file, EIO);
    return results;
}

}  // namespace samsynk::installations
