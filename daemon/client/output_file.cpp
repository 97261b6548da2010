#include "client/output_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace samsynk::client {

Error AtomicOutputFile::failed(int why) const {
    if (why == EEXIST)
        return fail(Errc::write_failed, N_("{file} is there already. Choose another name, or say --force."),
                    {{"file", name_}});
    return fail(Errc::write_failed, N_("{file} can't be written ({why})."),
                {{"file", name_}, {"why", std::strerror(why)}});
}

Result<void> AtomicOutputFile::begin(const std::string& name, bool replace) {
    name_ = name;
    replace_ = replace;
    beside_ = name + ".part-" + std::to_string(::getpid());
    if (!replace && ::access(name.c_str(), F_OK) == 0) return failed(EEXIST);
    descriptor_ = ::open(beside_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor_ < 0) return failed(errno);
    return {};
}

bool AtomicOutputFile::write(std::string_view part) {
    while (!part.empty() && why_ == 0) {
        const ssize_t size = ::write(descriptor_, part.data(), part.size());
        if (size > 0)
            part.remove_prefix(static_cast<std::size_t>(size));
        else if (errno != EINTR)
            why_ = errno;
    }
    return why_ == 0;
}

Result<void> AtomicOutputFile::finish() {
    if (why_ == 0 && ::fsync(descriptor_) != 0) why_ = errno;
    if (why_ != 0) return failed(why_);
    const unsigned how = replace_ ? 0 : RENAME_NOREPLACE;
    if (::renameat2(AT_FDCWD, beside_.c_str(), AT_FDCWD, name_.c_str(), how) != 0) return failed(errno);
    beside_.clear();
    return {};
}

AtomicOutputFile::~AtomicOutputFile() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    if (!beside_.empty()) ::unlink(beside_.c_str());
}

}  // namespace samsynk::client
