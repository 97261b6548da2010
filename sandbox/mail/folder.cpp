#include "sandbox/mail/folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace samsynk::sandbox {
namespace {

struct File {
    int number;
    explicit File(int opened) : number{opened} {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (number >= 0) ::close(number);
    }
};

bool write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(file, text.data(), text.size());
        if (written < 0 && errno != EINTR) return false;
        if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

// Two servers never write the same letter at once, so what is left under this name is a crash's.
bool write_new(const std::filesystem::path& path, const std::string& text) {
    const File file{::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600)};
    return file.number >= 0 && ::fchmod(file.number, 0600) == 0 && write_all(file.number, text) &&
           ::fsync(file.number) == 0;
}

bool make_folder(const std::filesystem::path& folder) {
    std::error_code code;
    if (!folder.parent_path().empty()) std::filesystem::create_directories(folder.parent_path(), code);
    return ::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST;
}

bool flush(const std::filesystem::path& folder) {
    const File opened{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    return opened.number >= 0 && ::fsync(opened.number) == 0;
}

}  // namespace

Delivered Folder::deliver(const Parcel& parcel, const std::function<bool()>&) {
    const auto beside = folder_ / ("." + parcel.name + ".new"), file = folder_ / (parcel.name + ".eml");
    if (make_folder(folder_) && write_new(beside, parcel.message) && ::rename(beside.c_str(), file.c_str()) == 0 &&
        flush(folder_))
        return {};
    const int reason = errno;
    ::unlink(beside.c_str());
    return {
        Fate::no_way,
        {N_("Letters can't be put into the folder {folder}: {reason}. Check that it is there, has room, and belongs "
            "to the sandbox's user."),
         {{"folder", folder_.string()}, {"reason", std::generic_category().message(reason)}}}};
}

}  // namespace samsynk::sandbox
