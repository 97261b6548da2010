// A folder that is held open: all that is done in it is done by a name of one component, whatever is renamed, linked or
// mounted around it meanwhile. Links are never followed.
#pragma once

#include <sys/stat.h>

#include <boost/system/result.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "posix/name.hpp"
#include "posix/unique_fd.hpp"

namespace samsynk::posix {

/// The error is the system's, of boost::system::system_category. Three of them have a meaning of our own:
template <class T = void>
using Outcome = boost::system::result<T>;
inline boost::system::error_code error_of(int number) { return {number, boost::system::system_category()}; }
inline constexpr int another_device = EXDEV;      ///< a folder below is on another file system than the one around it
inline constexpr int no_folder = ENOTDIR;         ///< it is a link, or anything else
inline constexpr int not_ordinary = EMEDIUMTYPE;  ///< no regular file: a link, a pipe, a device, a folder

/// A regular file, open for reading.
struct File {
    UniqueFd fd;
    struct stat status {};
};

struct Entry {
    std::string name;
    unsigned char type = 0;  ///< as of readdir(3)
};

class Directory {
public:
    /// The one path that is followed as it is: an administrator wrote it.
    static Outcome<Directory> open(const std::filesystem::path& path);

    int descriptor() const { return fd_.get(); }
    Outcome<struct stat> status() const;
    Outcome<struct stat> status_of(const Name& name) const;
    bool is_searchable() const;
    bool is_writable() const;
    /// In no order, without `.` and `..`.
    Outcome<std::vector<Entry>> list() const;

    /// A folder below, which may be on a file system of its own.
    Outcome<Directory> open_any(const Name& name) const;
    /// The same, but another file system is refused: `another_device`.
    Outcome<Directory> open_below(const Name& name) const;
    /// A folder below that is made as this one is, with its owner and mode, as far as we may; or the one that is there.
    Outcome<Directory> make_below(const Name& name) const;

    Outcome<File> open_file(const Name& name) const;
    /// An empty file of that name, which nobody else may read yet. What has the name is removed.
    Outcome<UniqueFd> stage(const Name& name) const;
    Outcome<> exchange(const Name& one, const Name& other) const;
    enum class Replacing { yes, no };
    Outcome<> rename(const Name& from, const Name& to, Replacing replacing) const;
    Outcome<> unlink(const Name& name) const;

    Outcome<> flush() const;
    Outcome<> flush_file_system() const;

private:
    explicit Directory(int fd) : fd_{fd} {}

    UniqueFd fd_;
};

}  // namespace samsynk::posix
