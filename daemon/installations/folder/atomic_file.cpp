#include "installations/folder/atomic_file.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

#include "posix/small_file.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t flush_one_by_one = 8;  // above this, one flush of the file system is quicker
constexpr int most_exchanges = 100;          // one who writes without end must not hold us up without end

// One replacement under way.
struct Swap {
    const Replacement& what;
    posix::Name staged;

    explicit Swap(const Replacement& replacement)
        : what{replacement}, staged{*posix::Name::of(".samsynk-" + replacement.name.text() + ".new")} {}

    const posix::Directory& folder() const { return *what.folder; }
    std::optional<std::string> read(const posix::Name& name) const {  // nothing: unreadable, or not there
        auto text = read_small_file(folder(), name, what.shown);
        return text.has_value() ? std::move(*text) : std::nullopt;
    }
    void discard() const { (void)folder().unlink(staged); }
    Error failed(const boost::system::error_code& why) const {
        discard();
        return write_error(what.shown, why.value());
    }
};

// A new file is as the folder around it, but nobody runs it.
Result<void> give_staged(const Swap& swap, const posix::UniqueFd& fd) {
    const auto old = swap.folder().open_file(swap.what.name);
    if (old.has_value()) {
        posix::give_as(fd, *old);
        return {};
    }
    if (old.error().value() == posix::not_ordinary) {
        swap.discard();
        return not_ordinary(swap.what.shown);
    }
    const auto around = swap.folder().status();
    if (around.has_error()) return swap.failed(around.error());
    posix::give(fd, around->st_uid, around->st_gid, around->st_mode & 0666);
    return {};
}

// Writes the new content beside the file, with the owner and mode that the file has or should have.
Result<void> stage(const Replacement& replacement, bool flush) {
    const Swap swap{replacement};
    const auto fd = swap.folder().stage(swap.staged);
    if (fd.has_error()) return write_error(replacement.shown, fd.error().value());
    if (const auto written = posix::write_all(*fd, replacement.content); written.has_error())
        return swap.failed(written.error());
    if (auto given = give_staged(swap, *fd); given.has_error()) return given;
    if (!flush) return {};
    if (const auto flushed = posix::flush_data(*fd); flushed.has_error()) return swap.failed(flushed.error());
    return {};
}

// Where the file system can't exchange: look once more, right before.
Result<void> swap_by_rename(const Swap& swap) {
    const auto now = read_small_file(swap.folder(), swap.what.name, swap.what.shown);
    if (now.has_error() || *now != swap.what.expected) {
        swap.discard();
        return overtaken(swap.what.shown);
    }
    const auto renamed = swap.folder().rename(swap.staged, swap.what.name, posix::Directory::Replacing::yes);
    if (renamed.has_error()) return swap.failed(renamed.error());
    return {};
}

bool means_never(int number) { return number == EINVAL || number == ENOSYS || number == ENOTSUP; }

Result<void> not_exchanged(const Swap& swap, const boost::system::error_code& why) {
    const int number = why.value();
    if (means_never(number)) return swap_by_rename(swap);
    if (number != EEXIST && number != ENOENT) return swap.failed(why);
    swap.discard();
    return overtaken(swap.what.shown);
}

// What came out of an exchange is looked at: where it is not what was believed to stand there, somebody wrote in
// between, and theirs goes back in. That is an exchange again, so also what comes out then is looked at: their newest
// stands.
Result<void> exchange(const Swap& swap) {
    std::optional<std::string> believed = swap.what.expected, placed = swap.what.content;
    for (int turn = 0; turn < most_exchanges; ++turn) {
        const auto exchanged = swap.folder().exchange(swap.staged, swap.what.name);
        if (exchanged.has_error()) {
            if (turn == 0) return not_exchanged(swap, exchanged.error());
            return write_error(swap.what.shown, exchanged.error().value());  // theirs stays beside the file
        }
        auto came_out = swap.read(swap.staged);
        if (came_out == believed) {
            swap.discard();
            if (turn > 0) return overtaken(swap.what.shown);
            return {};
        }
        believed = std::move(placed);
        placed = std::move(came_out);
    }
    return overtaken(swap.what.shown);
}

Result<void> put_in_place(const Replacement& replacement) {
    const Swap swap{replacement};
    if (replacement.expected) return exchange(swap);
    const auto placed = swap.folder().rename(swap.staged, replacement.name, posix::Directory::Replacing::no);
    if (placed.has_error()) return not_exchanged(swap, placed.error());
    return {};
}

using Folders = std::set<const posix::Directory*>;

// Each file system once: a company's folder may be one of its own.
bool flush_file_systems(const Folders& folders) {
    std::set<dev_t> flushed;
    for (const posix::Directory* folder : folders) {
        const auto status = folder->status();
        if (status.has_error()) return false;
        if (flushed.insert(status->st_dev).second && folder->flush_file_system().has_error()) return false;
    }
    return true;
}

bool flush(const Folders& folders, bool one_by_one) {
    if (!one_by_one) return flush_file_systems(folders);
    bool flushed = true;
    for (const posix::Directory* folder : folders) flushed = folder->flush().has_value() && flushed;
    return flushed;
}

Folders folders_of(const std::vector<Replacement>& replacements) {
    Folders folders;
    for (const Replacement& replacement : replacements) folders.insert(replacement.folder);
    return folders;
}

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

std::vector<Result<void>> replace_files(const std::vector<Replacement>& replacements, Lasting lasting) {
    std::vector<Result<void>> results;
    const bool flushes = lasting == Lasting::at_once;
    const bool one_by_one = replacements.size() <= flush_one_by_one;
    const auto not_flushed = [&] {
        for (std::size_t i = 0; i < replacements.size(); ++i)
            if (results[i].has_value()) results[i] = write_error(replacements[i].shown, EIO);
    };
    for (const Replacement& replacement : replacements) results.push_back(stage(replacement, flushes && one_by_one));
    if (flushes && !one_by_one && !flush_file_systems(folders_of(replacements))) not_flushed();

    Folders folders;
    for (std::size_t i = 0; i < replacements.size(); ++i) {
        if (results[i].has_error()) continue;
        results[i] = put_in_place(replacements[i]);
        folders.insert(replacements[i].folder);
    }
    if (flushes && !flush(folders, one_by_one)) not_flushed();
    return results;
}

}  // namespace samsynk::installations
