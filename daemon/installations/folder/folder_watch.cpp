#include "installations/folder/folder_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "installations/folder/place_names.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t comes_and_goes = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO;
constexpr std::uint32_t of_root = comes_and_goes | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
constexpr std::uint32_t of_company = comes_and_goes | IN_CLOSE_WRITE | IN_ONLYDIR;
constexpr std::uint32_t of_own = IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ONLYDIR;

bool is_staged(std::string_view name) { return name.starts_with(".samsynk-") && name.ends_with(".new"); }
bool is_our_file(std::string_view name) {
    return name == "preferences.yaml" || name == "company.yaml" || name == "collaboration.yaml";
}

// The kernel's numbers of the moves that are ours: from or to a name that only we use. An exchange is told as two, of
// ours to their name and of theirs to ours, and the second one's other half comes first.
std::vector<std::uint32_t> our_moves(const char* events, ssize_t size) {
    std::vector<std::uint32_t> cookies;
    for (ssize_t at = 0; at < size;) {
        const auto* event = reinterpret_cast<const inotify_event*>(events + at);
        if (event->cookie != 0 && event->len > 0 && is_staged(event->name)) cookies.push_back(event->cookie);
        at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
    }
    return cookies;
}

std::optional<posix::Directory> open_place(const fs::path& root, const std::string& place) {
    const auto name = posix::Name::of(place);
    const auto around = posix::Directory::open(root);
    if (!name || around.has_error()) return std::nullopt;
    auto folder = around->open_any(*name);
    return folder.has_value() ? std::optional{std::move(*folder)} : std::nullopt;
}

std::optional<posix::Directory> open_own(const std::optional<posix::Directory>& company) {
    if (!company) return std::nullopt;
    auto own = company->open_below(*posix::Name::of("samsynk"));
    return own.has_value() ? std::optional{std::move(*own)} : std::nullopt;
}

}  // namespace

Result<FolderWatch> FolderWatch::open(const fs::path& root) {
    posix::UniqueFd descriptor{::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)};
    if (!descriptor)
        return fail(Errc::write_failed,
                    N_("Changes in {path} can't be listened for ({why}), so they are looked for. Raise "
                       "fs.inotify.max_user_instances with sysctl."),
                    {{"path", root.string()}, {"why", std::strerror(errno)}});
    FolderWatch watch{root, std::move(descriptor)};
    if (auto renewed = watch.renew_root(); renewed.has_error()) return renewed.error();
    return watch;
}

Result<void> FolderWatch::renew_root() {
    const auto number = watch(root_, of_root);
    if (number.has_error()) return number.error();
    root_number_ = *number;
    return {};
}

// By its descriptor, so that it is the folder that was opened. What can't be opened is gone, or not ours to see.
Result<int> FolderWatch::watch_open(const std::optional<posix::Directory>& folder, std::uint32_t what) const {
    if (!folder) return -1;
    return watch("/proc/self/fd/" + std::to_string(folder->descriptor()), what);
}

Result<int> FolderWatch::watch(const fs::path& folder, std::uint32_t what) const {
    const int number = ::inotify_add_watch(descriptor_.get(), folder.c_str(), what);
    if (number >= 0) return number;
    if (errno != ENOSPC && errno != ENOMEM) return -1;  // it is gone, or not ours to see: the scan tells of that
    return fail(Errc::write_failed,
                N_("There are more folders in {path} than the system lets us listen to, so changes are looked for "
                   "now and then. Raise fs.inotify.max_user_watches with sysctl."),
                {{"path", root_.string()}});
}

void FolderWatch::remember(int number, std::size_t name) {
    if (number < 0 || (!watched_.empty() && number <= watched_.back().first)) return;
    watched_.emplace_back(number, static_cast<std::uint32_t>(name));
}

Result<void> FolderWatch::add(const std::string& place) {
    // In this order, so that one which is made in between is told of.
    const auto folder = open_place(root_, place);
    const auto company = watch_open(folder, of_company);
    if (company.has_error()) return company.error();
    const auto own = watch_open(open_own(folder), of_own);
    if (own.has_error()) return own.error();
    const std::size_t name = names_.size();
    const std::size_t before = watched_.size();
    remember(std::min(*company, *own), name);
    remember(std::max(*company, *own), name);
    if (watched_.size() != before) names_.append(place).push_back('\0');
    return {};
}

std::string_view FolderWatch::place_of(int number) const {
    const auto at = std::lower_bound(watched_.begin(), watched_.end(), number,
                                     [](const auto& one, int wanted) { return one.first < wanted; });
    return at != watched_.end() && at->first == number ? std::string_view{names_.c_str() + at->second}
                                                       : std::string_view{};
}

void FolderWatch::look(int number, std::uint32_t what, std::string_view name, WatchedChanges& changes) {
    if (what & (IN_Q_OVERFLOW | IN_UNMOUNT)) {
        changes.everything = true;
    } else if (number == root_number_) {
        const bool of_it = what & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED);
        if (of_it || (is_place(std::string{name}) && (what & IN_ISDIR))) changes.everything = true;
    } else {
        const std::string place{place_of(number)};
        const bool own_folder = name == "samsynk" && (what & IN_ISDIR);
        if (own_folder && (what & (IN_CREATE | IN_MOVED_TO)) && !place.empty() && add(place).has_error())
            changes.everything = true;
        const bool written = what & ~static_cast<std::uint32_t>(IN_CREATE);
        if (!place.empty() && (own_folder || (written && (is_our_file(name) || is_sie_name(name)))))
            changes.places.insert(place);
    }
}

WatchedChanges FolderWatch::take() {
    WatchedChanges changes;
    alignas(inotify_event) std::array<char, 16 * 1024> buffer;
    ssize_t count = 0;
    while ((count = ::read(descriptor_.get(), buffer.data(), buffer.size())) > 0) {
        const auto ours = our_moves(buffer.data(), count);
        for (ssize_t at = 0; at < count;) {
            const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
            at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
            const std::string_view name = event->len > 0 ? std::string_view{event->name} : std::string_view{};
            const bool moved_by_us =
                event->cookie != 0 && std::find(ours.begin(), ours.end(), event->cookie) != ours.end();
            if (!is_staged(name) && !moved_by_us) look(event->wd, event->mask, name, changes);
        }
    }
    return changes;
}

}  // namespace samsynk::installations
