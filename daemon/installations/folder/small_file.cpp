// Reading small files, and what goes wrong with files, in sentences.
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "installations/folder/atomic_file.hpp"
#include "posix/small_file.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

}  // namespace

FileStamp stamp_of(const struct stat& status) {
    return {status.st_ino, status.st_size, status.st_mtim.tv_sec * 1000000000LL + status.st_mtim.tv_nsec};
}

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

Error not_ordinary(const fs::path& file) {
    return fail(Errc::unreadable, N_("{file} is not an ordinary file."), {{"file", file.string()}});
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

Result<std::optional<std::string>> read_small_file(const posix::Directory& folder, const posix::Name& name,
                                                   const fs::path& shown, std::size_t limit, bool head_only,
                                                   Locks locks) {
    const auto file = folder.open_file(name);
    if (file.has_error()) {
        const int number = file.error().value();
        if (number == ENOENT) return std::optional<std::string>{};
        return number == posix::not_ordinary ? not_ordinary(shown) : read_error(shown, number);
    }
    if (locks == Locks::respected && posix::is_locked(*file)) return read_error(shown, EBUSY);
    if (!head_only && static_cast<std::size_t>(file->status.st_size) > limit)
        return fail(Errc::bad_file, N_("{file} is too large to be what it should be."), {{"file", shown.string()}});
    auto content = posix::read_head(*file, limit);
    if (content.has_error()) return read_error(shown, content.error().value());
    return std::optional<std::string>{std::move(*content)};
}

}  // namespace samsynk::installations
