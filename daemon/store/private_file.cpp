#include "store/private_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace samsynk::store {

void make_private_file(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const bool made = descriptor >= 0 && ::fchmod(descriptor, 0600) == 0;
    const int error = errno;
    if (descriptor >= 0) ::close(descriptor);
    if (!made)
        throw std::filesystem::filesystem_error("can't be opened for writing", file,
                                                std::error_code{error, std::generic_category()});
}

int flush_file(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return errno;
    const int why = ::fsync(descriptor) == 0 ? 0 : errno;
    ::close(descriptor);
    return why == EINVAL || why == ENOSYS || why == EROFS ? 0 : why;
}

}  // namespace samsynk::store
