// Listens to the kernel (inotify) for changes of the files in company folders that matter to us.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "posix/directory.hpp"
#include "posix/unique_fd.hpp"

namespace samsynk::installations {

/// What happened since it was last looked.
struct WatchedChanges {
    bool everything = false;  ///< it can't be told what; or company folders came, went or moved
    std::set<std::string> places;
};

/// Used from one thread at a time.
class FolderWatch {
public:
    /// Watches the root only, at first. Error write_failed: the kernel has no room for it.
    static Result<FolderWatch> open(const std::filesystem::path& root);

    int descriptor() const { return descriptor_.get(); }  ///< readable where something happened
    /// Watches the root again: it may be another one that is mounted there now. Error write_failed.
    Result<void> renew_root();
    /// Watches a company folder, and `samsynk` in it where there is one. To do so again is quick and harmless.
    /// Error write_failed: the kernel has no room for more.
    Result<void> add(const std::string& place);
    /// Does not wait. What was replaced by ourselves is left out: it came from a name that only we use.
    WatchedChanges take();

private:
    FolderWatch(std::filesystem::path root, posix::UniqueFd descriptor)
        : root_{std::move(root)}, descriptor_{std::move(descriptor)} {}
    Result<int> watch(const std::filesystem::path& folder, std::uint32_t what) const;
    Result<int> watch_open(const std::optional<posix::Directory>& folder, std::uint32_t what) const;
    void remember(int number, std::size_t name);
    std::string_view place_of(int number) const;  ///< empty where it is not known
    void look(int number, std::uint32_t what, std::string_view name, WatchedChanges& changes);

    std::filesystem::path root_;
    posix::UniqueFd descriptor_;
    int root_number_ = -1;
    // There are many: the kernel's numbers, ascending as it gives them, and where the name begins in `names_`.
    std::vector<std::pair<int, std::uint32_t>> watched_;
    std::string names_;
};

}  // namespace samsynk::installations
