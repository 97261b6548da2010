#include "sandbox/web/private_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace samsynk::sandbox {

void make_private_folder(const std::filesystem::path& folder) {
    // Also for the files that are made in it from now on, by SQLite for one.
    ::umask(0077);
    std::filesystem::create_directories(folder);
    const int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0) return;
    struct stat there {};
    if (::fstat(opened, &there) == 0 && there.st_uid == ::geteuid() && (there.st_mode & 0077) != 0)
        (void)::fchmod(opened, 0700);
    ::close(opened);
}

}  // namespace samsynk::sandbox
