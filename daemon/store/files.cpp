#include "store/files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>
#include <vector>

namespace samsynk::store {
namespace {

namespace fs = std::filesystem;

std::string words_of(int error) { return std::generic_category().message(error); }

std::string owner(int descriptor) {
    std::array<char, 32> text{};
    const auto size = ::pread(descriptor, text.data(), text.size(), 0);
    std::string pid{text.data(), size > 0 ? static_cast<std::size_t>(size) : 0U};
    pid.erase(std::min(pid.find_first_not_of("0123456789"), pid.size()));
    return pid.empty() ? "?" : pid;
}

Error in_use(const fs::path& file, int descriptor) {
    return fail(Errc::state_failed,
                N_("The state in {directory} is in use by another samsynkd (process {process}). Stop that one, or give "
                   "this one a state.directory of its own."),
                {{"directory", file.parent_path().string()}, {"process", owner(descriptor)}});
}

}  // namespace

Result<LockFile> LockFile::take(const fs::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0)
        return fail(Errc::state_failed,
                    N_("The lock file {file} can't be made. Make its folder writable for the user of samsynkd."),
                    {{"file", file.string()}}, words_of(errno));
    LockFile lock{descriptor};
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) return in_use(file, descriptor);
        return fail(Errc::state_failed,
                    N_("The lock file {file} can't be locked. Put state.directory on a local disk."),
                    {{"file", file.string()}}, words_of(errno));
    }
    // The id is for people only; the lock holds even where it could not be written.
    const std::string pid = std::to_string(::getpid()) + "\n";
    if (::ftruncate(descriptor, 0) == 0) [[maybe_unused]]
        const auto written = ::pwrite(descriptor, pid.data(), pid.size(), 0);
    return lock;
}

bool LockFile::is_held(const fs::path& file) {
    const LockFile looked{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    return looked.descriptor_ >= 0 && ::flock(looked.descriptor_, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

LockFile::~LockFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

void make_private_file(const fs::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const bool made = descriptor >= 0 && ::fchmod(descriptor, 0600) == 0;
    const int error = errno;
    if (descriptor >= 0) ::close(descriptor);
    if (!made) throw fs::filesystem_error("can't be opened for writing", file, {error, std::generic_category()});
}

int flush_file(const fs::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return errno;
    const int why = ::fsync(descriptor) == 0 ? 0 : errno;
    ::close(descriptor);
    return why == EINVAL || why == ENOSYS || why == EROFS ? 0 : why;
}

void remove_beginning_with(const fs::path& file) {
    std::error_code code;
    std::vector<fs::path> found;
    for (fs::directory_iterator entry{file.parent_path(), code}, end; !code && entry != end; entry.increment(code))
        if (entry->path().filename().string().starts_with(file.filename().string())) found.push_back(entry->path());
    for (const fs::path& one : found) ::unlink(one.c_str());
}

fs::path with_suffix(const fs::path& file, const std::string& suffix) { return fs::path{file}.concat(suffix); }

fs::path free_name(const fs::path& name) {
    std::error_code unknown;
    fs::path free = name;
    for (int n = 2; fs::exists(free, unknown); ++n) free = with_suffix(name, "-" + std::to_string(n));
    return free;
}

}  // namespace samsynk::store
