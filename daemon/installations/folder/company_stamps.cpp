#include "installations/folder/company_stamps.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <strings.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <boost/container_hash/hash.hpp>
#include <cerrno>
#include <cstring>

#include "installations/folder/company_names.hpp"
#include "installations/folder/open_folder.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

constexpr std::array own_files{"samsynk/company.yaml", "samsynk/preferences.yaml", "samsynk/collaboration.yaml"};
constexpr std::size_t of_preferences = 1;

std::int64_t nanoseconds(const timespec& time) { return time.tv_sec * 1'000'000'000LL + time.tv_nsec; }

// All that is looked at goes through here, always in the same order: the folder, its SIE files by name, its own folder,
// the files in that. Beside the time that a program may set (mtime) the one counts that it can't (ctime).
class Fingerprint {
public:
    void add(const struct stat& status) {
        boost::hash_combine(value_, status.st_dev);
        boost::hash_combine(value_, status.st_ino);
        boost::hash_combine(value_, status.st_size);
        boost::hash_combine(value_, nanoseconds(status.st_mtim));
        boost::hash_combine(value_, nanoseconds(status.st_ctim));
        youngest_ = std::max({youngest_, nanoseconds(status.st_mtim), nanoseconds(status.st_ctim)});
    }
    void add(const std::string& name) { boost::hash_combine(value_, std::hash<std::string>{}(name)); }
    std::uint64_t value() const { return value_ == 0 ? 1 : value_; }
    std::int64_t youngest() const { return youngest_; }

private:
    std::size_t value_ = 0;
    std::int64_t youngest_ = 0;
};

bool look_at(int folder, const char* name, struct stat& status) {
    return ::fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

Error folder_error(const fs::path& folder, int number) {
    Error error = read_error(folder, number);
    if (error.code != Errc::unreadable) return error;
    return fail(Errc::unreadable, N_("The folder {file} can't be read ({why}). Check its permissions."),
                {{"file", folder.string()}, {"why", std::strerror(number)}});
}

bool same_but_for_case(const char* name, const char* wanted) {
    return ::strcasecmp(name, wanted) == 0 && std::strcmp(name, wanted) != 0;
}

// What Windows made in other letters, through Samba, is another file here. Nobody meant it as the absence of a choice.
Error misspelt(const fs::path& file, const std::string& wanted) {
    return fail(Errc::bad_file, N_("{file} must be called {name}, in small letters: it is not read as it is."),
                {{"file", file.string()}, {"name", wanted}});
}

struct Listed {
    std::vector<std::string> sie;  // in order
    std::string misspelt;          // of our own folder
};

Result<Listed> list(DIR* folder, const fs::path& path) {
    Listed listed;
    errno = 0;
    while (const dirent* entry = ::readdir(folder)) {
        if (is_sie_name(entry->d_name)) listed.sie.emplace_back(entry->d_name);
        if (same_but_for_case(entry->d_name, "samsynk")) listed.misspelt = entry->d_name;
        errno = 0;
    }
    if (errno != 0) return folder_error(path, errno);
    std::sort(listed.sie.begin(), listed.sie.end());
    return listed;
}

// Of our own files, where there are no preferences: one that is only called otherwise.
Result<void> look_for_misspelt(int company_folder, const fs::path& path) {
    const int fd = ::openat(company_folder, "samsynk", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return folder_error(path, errno);
    const Folder folder{::fdopendir(fd)};
    if (!folder) {
        ::close(fd);
        return folder_error(path, ENOMEM);
    }
    while (const dirent* entry = ::readdir(folder.get()))
        for (const char* own : own_files) {
            const char* name = std::strchr(own, '/') + 1;
            if (same_but_for_case(entry->d_name, name)) return misspelt(path / entry->d_name, name);
        }
    return {};
}

// The newest counts; of equally new ones the last by name.
void add_sie_files(int folder, const std::vector<std::string>& names, CompanyStamps& stamps, Fingerprint& print) {
    for (const std::string& name : names) {
        struct stat status {};
        if (!look_at(folder, name.c_str(), status)) continue;
        stamps.all_sie.push_back(name);
        print.add(name);
        print.add(status);
        const FileStamp stamp = stamp_of(status);
        if (!stamps.sie_name.empty() && stamp.changed < stamps.sie.changed) continue;
        stamps.sie = stamp;
        stamps.sie_name = name;
    }
}

Result<void> add_own_files(int folder, const fs::path& path, CompanyStamps& stamps, Fingerprint& print) {
    struct stat status {};
    if (!look_at(folder, "samsynk", status)) return {};
    if (!S_ISDIR(status.st_mode))
        return fail(Errc::unreadable, N_("{file} is not a folder of its own. Links are not followed."),
                    {{"file", (path / "samsynk").string()}});
    if (::faccessat(folder, "samsynk", R_OK | X_OK, AT_EACCESS) != 0) return folder_error(path / "samsynk", errno);
    stamps.entries.own_folder = true;
    print.add(status);
    for (std::size_t i = 0; i < own_files.size(); ++i) {
        if (!look_at(folder, own_files.at(i), status)) continue;
        stamps.entries.own.at(i) = true;
        print.add(status);
        if (i == of_preferences) stamps.preferences = stamp_of(status);
    }
    if (!stamps.entries.own.at(of_preferences)) return look_for_misspelt(folder, path / "samsynk");
    return {};
}

}  // namespace

Result<CompanyStamps> stamps_of(const fs::path& company_folder) {
    const int fd = ::open(company_folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return folder_error(company_folder, errno);
    const Folder folder{::fdopendir(fd)};
    if (!folder) {
        const int number = errno;
        ::close(fd);
        return folder_error(company_folder, number);
    }
    CompanyStamps stamps;
    Fingerprint print;
    struct stat status {};
    if (::fstat(fd, &status) != 0) return folder_error(company_folder, errno);
    print.add(status);
    const auto listed = list(folder.get(), company_folder);
    if (listed.has_error()) return listed.error();
    add_sie_files(fd, listed->sie, stamps, print);
    if (!listed->misspelt.empty() && !look_at(fd, "samsynk", status))
        return misspelt(company_folder / listed->misspelt, "samsynk");
    if (auto own = add_own_files(fd, company_folder, stamps, print); own.has_error()) return own.error();
    stamps.youngest = print.youngest();
    stamps.fingerprint = print.value();
    return stamps;
}

std::uint64_t look_again_at(int root, const std::string& place, const CompanyEntries& entries,
                            const std::string& only_sie) {
    Fingerprint print;
    std::string path = place;
    const auto add = [&](const char* name) {
        path.resize(place.size());
        if (*name) (path += '/') += name;
        struct stat status {};
        // What is gone adds nothing, so that the fingerprint is another one.
        if (look_at(root, path.c_str(), status)) print.add(status);
    };
    const auto add_sie = [&](const std::string& name) {
        print.add(name);
        add(name.c_str());
    };
    add("");
    if (entries.only_sie) add_sie(only_sie);
    if (entries.sie) std::for_each(entries.sie->begin(), entries.sie->end(), add_sie);
    if (entries.own_folder) add("samsynk");
    for (std::size_t i = 0; i < own_files.size(); ++i)
        if (entries.own.at(i)) add(own_files.at(i));
    return print.value();
}

bool folders_show_changes(const fs::path& folder) {
    constexpr std::array honest{0x58465342U,  // xfs
                                0x2FC12FC1U,  // zfs
                                std::uint32_t{EXT4_SUPER_MAGIC},
                                std::uint32_t{BTRFS_SUPER_MAGIC},
                                std::uint32_t{TMPFS_MAGIC},
                                std::uint32_t{F2FS_SUPER_MAGIC},
                                std::uint32_t{NFS_SUPER_MAGIC}};
    struct statfs status {};
    if (::statfs(folder.c_str(), &status) != 0) return false;
    return std::find(honest.begin(), honest.end(), static_cast<std::uint32_t>(status.f_type)) != honest.end();
}

}  // namespace samsynk::installations
