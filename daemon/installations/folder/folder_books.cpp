#include "installations/folder/folder_books.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "installations/folder/company_reader.hpp"
#include "installations/folder/company_writes.hpp"
#include "posix/file_system.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t read_all_every = 24 * 3600 * 1'000'000'000LL;

// Who may write there could put another folder in the place of this one. In a folder that is sticky, as /tmp, nobody
// moves what is another's; but new companies are laid in the root by those who may.
Reason open_to_strangers(const fs::path& root) {
    std::error_code code;
    const fs::path top = fs::weakly_canonical(root, code);
    for (fs::path folder = top; !folder.empty(); folder = folder.parent_path()) {
        struct stat status {};
        const bool known = ::stat(folder.c_str(), &status) == 0;
        if (known && (status.st_mode & S_IWOTH) && (folder == top || !(status.st_mode & S_ISVTX)))
            return fail(Errc::bad_settings,
                        N_("Everyone on this machine may write in {path}, and so put other folders in the place of the "
                           "companies'. Take that right away, as with chmod o-w."),
                        {{"path", folder.string()}});
        if (folder == folder.parent_path()) break;
    }
    return {};
}

}  // namespace

std::int64_t FolderBooks::now() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

void FolderBooks::forget_what_is_a_day_old() {
    const std::int64_t time = clock_();
    if (time >= all_read_ && time - all_read_ < read_all_every) return;
    all_read_ = time;
    for (Cached& one : cache_) one.fingerprint = 0;
}

Result<posix::Directory> FolderBooks::open_root() const {
    auto root = posix::Directory::open(root_);
    if (root.has_value()) return std::move(*root);
    return root_offline(root_, std::strerror(root.error().value()));
}

Result<posix::Directory> FolderBooks::find_root() {
    if (!found_) {
        fs::path now = on_disk(configured_);
        if (now != root_) watch_.reset();
        root_ = std::move(now);
    }
    auto root = open_root();
    found_ = root.has_value();
    return root;
}

Result<std::vector<std::string>> FolderBooks::list_places(const posix::Directory& root) {
    auto folders = company_folders(root, root_, passed_over_);
    if (folders.has_error()) {
        found_ = false;  // it may come back in the other form
        return folders.error();
    }
    return names_.take(std::move(*folders));
}

Result<Companies> FolderBooks::scan() {
    forget_what_is_a_day_old();
    const auto root = find_root();
    if (root.has_error()) return root.error();
    const auto folders = list_places(*root);
    if (folders.has_error()) return folders.error();
    const std::vector<std::string>& places = *folders;
    begin_watch();
    told_of_all_ = watch_.has_value();
    Companies companies;
    companies.reserve(places.size());
    std::vector<Cached> still_good;
    still_good.reserve(places.size());
    unsettled_.clear();
    const bool quickly = posix::file_system_of(root_).folders_show_changes;
    for (const std::string& place : places) {
        if (const Cached* known = quickly ? look_again_at(place, root->descriptor()) : nullptr) {
            companies.push_back(known->company);
            still_good.push_back(*known);
            continue;
        }
        listen_to(place);  // before it is read, so that nothing falls between
        const sync::LocalCompanyPtr company = look_at(*root, place, still_good);
        if (!company) continue;
        // The share went away in the middle of it: that is no trouble of this company.
        if (const Reason& why = company->trouble; why && why->code == Errc::installation_offline) return *why;
        companies.push_back(company);
    }
    still_good.shrink_to_fit();
    cache_ = std::move(still_good);
    return companies;
}

sync::LocalCompanyPtr FolderBooks::look_at(const posix::Directory& root, const std::string& place,
                                           std::vector<Cached>& still_good) {
    const auto folder = open(root, place);
    auto stamps = folder.has_value() ? stamps_of(**folder) : folder.error();
    if (stamps.has_error()) {
        if (is_gone(root, place)) return nullptr;
        unsettled_.push_back(place);
        sync::LocalCompany company{.place = place, .trouble = stamps.error()};
        return std::make_shared<const sync::LocalCompany>(std::move(company));
    }
    const Cached* before = cached(place);
    const bool same = before && before->fingerprint == stamps->fingerprint;
    sync::LocalCompanyPtr company = same ? before->company : read_files(**folder, place, *stamps);
    if (before && *before->company == *company) company = before->company;
    // What could not be read may be readable next time, though nothing of the file shows it.
    const bool passing =
        company->trouble && (company->trouble->code == Errc::unreadable || company->trouble->code == Errc::busy);
    if (!same && (passing || stamps->youngest + settle_time >= clock_())) {
        unsettled_.push_back(place);
        return company;
    }
    CompanyEntries entries = std::move(stamps->entries);
    entries.only_sie = stamps->sie.size() == 1 && stamps->sie.front().name == company->identity_source;
    if (!entries.only_sie && !stamps->sie.empty()) {
        std::vector<std::string> names;
        for (SieEntry& one : stamps->sie) names.push_back(std::move(one.name));
        entries.sie = std::make_shared<const std::vector<std::string>>(std::move(names));
    }
    still_good.push_back({company, stamps->fingerprint, std::move(entries)});
    return company;
}

// What the kernel told of is looked at, and what could not be settled; the rest is as it was.
Result<Companies> FolderBooks::scan_notified() {
    if (watch_) look_for_changes();
    if (!watch_ || !told_of_all_) return scan();
    forget_what_is_a_day_old();
    std::vector<std::string> again = std::exchange(unsettled_, {});
    for (const Cached& one : cache_)
        if (one.fingerprint == 0) again.push_back(one.company->place);
    std::sort(again.begin(), again.end());
    const auto root = open_root();
    if (root.has_error()) return scan();  // it tells what is the matter
    Companies companies;
    std::vector<Cached> good;
    companies.reserve(cache_.size() + again.size());
    good.reserve(cache_.size() + again.size());
    auto next = again.begin();
    const auto look_until = [&](const std::string* place) {
        for (; next != again.end() && (!place || *next < *place); ++next)
            if (auto company = look_at(*root, *next, good)) companies.push_back(std::move(company));
    };
    for (const Cached& one : cache_) {
        if (one.fingerprint == 0) continue;
        look_until(&one.company->place);
        companies.push_back(one.company);
        good.push_back(one);
    }
    look_until(nullptr);
    cache_ = std::move(good);
    return companies;
}

void FolderBooks::look_for_changes() {
    WatchedChanges news = watch_->take();
    if (news.everything) told_of_all_ = false;
    changes_.everything = changes_.everything || news.everything;
    for (const std::string& folder : news.places) {
        const std::string place = names_.place_of(folder);
        forget(place);
        changes_.places.insert(place);
    }
}

agent::LocalNews FolderBooks::take_changes() {
    if (!watch_) return BlockingRepository::take_changes();
    look_for_changes();
    const WatchedChanges taken = std::exchange(changes_, {});
    return {.everything = taken.everything, .places = {taken.places.begin(), taken.places.end()}, .trouble = {}};
}

BlockingRepository::Watch FolderBooks::watch() const {
    return {watch_ ? watches_begun_ : 0, watch_ ? watch_->descriptor() : -1, watch_trouble_};
}

void FolderBooks::forget(const std::string& place) {
    if (Cached* known = cached(place)) known->fingerprint = 0;
}

FolderBooks::Cached* FolderBooks::cached(const std::string& place) {
    const auto at = std::lower_bound(cache_.begin(), cache_.end(), place,
                                     [](const Cached& one, const auto& wanted) { return one.company->place < wanted; });
    return at != cache_.end() && at->company->place == place ? &*at : nullptr;
}

void FolderBooks::begin_watch() {
    if (watch_) {
        if (const auto renewed = watch_->renew_root(); renewed.has_error()) stop_watch(renewed.error());
        return;
    }
    const bool listens = listening_ == Listening::events ||
                         (listening_ == Listening::automatic && posix::file_system_of(root_).notifies);
    if (listens && !watch_trouble_) {
        auto opened = FolderWatch::open(root_);
        if (opened.has_error()) {
            watch_trouble_ = opened.error();
        } else {
            watch_.emplace(std::move(*opened));
            ++watches_begun_;
        }
    }
}

// Where there is no room for all, those that there is room for are not listened to either: it would not help.
void FolderBooks::listen_to(const std::string& place) {
    if (!watch_) return;
    if (const auto added = watch_->add(names_.folder_of(place)); added.has_error()) stop_watch(added.error());
}

void FolderBooks::stop_watch(Error why) {
    watch_trouble_ = std::move(why);
    watch_.reset();
}

const FolderBooks::Cached* FolderBooks::look_again_at(const std::string& place, int root) {
    const Cached* known = cached(place);
    if (!known || known->fingerprint == 0) return nullptr;
    const auto now =
        installations::look_again_at(root, names_.folder_of(place), known->entries, known->company->identity_source);
    return now == known->fingerprint ? known : nullptr;
}

Result<std::string> FolderBooks::mark() {
    const auto root = open_root();
    if (root.has_error()) return root.error();
    auto text = read_small_file(*root, *posix::Name::of(mark_name), root_ / mark_name, 4096);
    if (text.has_error()) return fail(Errc::installation_offline, text.error().message.id, text.error().message.args);
    std::string mark = text->value_or("");
    const std::size_t end = mark.find_first_of("\r\n");
    if (end != std::string::npos) mark.resize(end);
    return mark;
}

Result<void> FolderBooks::leave_mark(const std::string& mark) {
    const auto root = open_root();
    if (root.has_error()) return root.error();
    const std::string text =
        mark + "\n# Left by samsynkd, to tell this folder from another one that is mounted in its place. Keep it.\n";
    const Replacement replacement{&*root, *posix::Name::of(mark_name), root_ / mark_name, std::nullopt, text};
    return replace_files({replacement}).front();
}

Result<CompanyFolderPtr> FolderBooks::open(const posix::Directory& root, const std::string& place) const {
    return open_company(root, names_.folder_of(place), folder_of(place));
}

Result<CompanyFolderPtr> FolderBooks::open_place(const posix::Directory& root, const std::string& place) const {
    if (!is_place(place)) return no_such_place(place);
    return open(root, place);
}

bool FolderBooks::is_gone(const posix::Directory& root, const std::string& place) const {
    const auto name = posix::Name::of(names_.folder_of(place));
    if (!name) return false;
    const auto status = root.status_of(*name);
    return status.has_error() && status.error().value() == ENOENT;
}

Error FolderBooks::no_such_place(const std::string& place) const {
    return fail(Errc::not_found, N_("There is no company folder {place} in {path}."),
                {{"place", place}, {"path", root_.string()}});
}

Result<sync::LocalCompanyPtr> FolderBooks::read(const std::string& place) {
    const auto root = open_root();
    const auto name = posix::Name::of(names_.folder_of(place));
    if (root.has_error() || !is_place(place) || !name || root->status_of(*name).has_error())
        return no_such_place(place);
    const auto folder = open(*root, place);
    const auto stamps = folder.has_value() ? stamps_of(**folder) : folder.error();
    if (stamps.has_value()) return read_files(**folder, place, *stamps);
    sync::LocalCompany company{.place = place, .trouble = stamps.error()};
    return std::make_shared<const sync::LocalCompany>(std::move(company));
}

std::vector<Message> FolderBooks::identity_trail(const std::string& place) {
    const auto root = open_root();
    if (root.has_error()) return {};
    const auto folder = open_place(*root, place);
    return folder.has_value() ? identity_trail_of(**folder, clock_()) : std::vector<Message>{};
}

sync::LocalCompanyPtr FolderBooks::read_files(const CompanyFolder& folder, const std::string& place,
                                              const CompanyStamps& stamps) const {
    return std::make_shared<const sync::LocalCompany>(read_company(folder, place, stamps, clock_()));
}

template <class Write, class Work>
WriteResults FolderBooks::write_in_folders(const std::vector<Write>& writes, Work work) {
    const auto root = open_root();
    if (root.has_error())
        return WriteResults(writes.size(),
                            fail(Errc::write_failed, root.error().message.id, root.error().message.args));
    auto results = work([&](const std::string& place) { return open_place(*root, place); });
    for (const Write& write : writes) forget(write.place);
    return results;
}

WriteResults FolderBooks::write_preferences(const std::vector<agent::PreferenceWrite>& writes) {
    return write_in_folders(
        writes, [&](const OpenCompany& open_one) { return write_company_preferences(writes, open_one, clock_()); });
}

WriteResults FolderBooks::write_notices(const std::vector<agent::NoticeWrite>& writes) {
    return write_in_folders(writes,
                            [&](const OpenCompany& open_one) { return write_company_notices(writes, open_one); });
}

Result<void> FolderBooks::may_write(const std::string& place) const {
    const auto root = open_root();
    if (root.has_error()) return root.error();
    const auto folder = open(*root, place);
    if (folder.has_error()) return folder.error();
    const CompanyFolder& company = **folder;
    // A samsynk folder that is missing will be made, so what is above it must let us.
    if ((company.own ? *company.own : company.company).is_writable()) return {};
    return fail(Errc::write_failed,
                N_("{file} can't be written to ({why}). Give samsynkd the right to, or mount it so."),
                {{"file", (company.own ? company.own_path() : company.path).string()}, {"why", std::strerror(errno)}});
}

agent::Probe FolderBooks::exchanging(const Companies& companies) const {
    const auto root = open_root();
    for (const auto& company : companies) {
        if (root.has_error() || company->ignored || company->trouble) continue;
        const auto folder = open(*root, company->place);
        const bool weaker = folder.has_value() && (*folder)->own && !posix::file_system_of(*(*folder)->own).exchanges;
        if (weaker)
            return {.what = {N_("{path} is on a file system that can't always exchange two files in one step, such as "
                                "a share: a choice that is saved in the very instant of a write there could be lost."),
                             {{"path", configured_.string()}}},
                    .trouble = {},
                    .weaker = true};
    }
    return {{N_("A choice that is saved while Samsynk writes is never lost."), {}}, {}};
}

std::vector<agent::Probe> FolderBooks::test() {
    const auto found = scan();
    const std::vector<std::pair<std::string, std::string>> path{{"path", root().string()}};
    const Message reached{N_("{path} can be reached."), path};
    if (found.has_error()) return {{reached, found.error()}};
    std::vector<Result<void>> writable;
    for (const auto& company : *found)
        if (!company->ignored && !company->trouble) writable.push_back(may_write(company->place));
    return {{reached, {}},
            companies_found(*found),
            {{N_("Preferences and collaborations can be written."), {}}, first_error(writable)},
            exchanging(*found),
            {{N_("Strangers can't write in {path} or above it."), path}, open_to_strangers(root())},
            {{N_("Changes are told of by the system."), {}}, watch_trouble_}};
}

}  // namespace samsynk::installations
