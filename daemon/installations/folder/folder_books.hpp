// A folder of company folders, as Visma Administration keeps them: finds the companies, reads and writes their files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "installations/blocking_connector.hpp"
#include "installations/folder/company_stamps.hpp"
#include "installations/folder/folder_watch.hpp"
#include "installations/folder/place_names.hpp"

namespace samsynk::installations {

class FolderBooks : public BlockingRepository {
public:
    static constexpr const char* mark_name = ".samsynk-installation";

    using Clock = std::function<std::int64_t()>;  ///< nanoseconds since 1970
    static std::int64_t now();

    /// `passed_over`: patterns (glob(7)) of folders that are no companies. Looks at nothing yet: the root may hang.
    /// Changes are listened for from the first scan on.
    explicit FolderBooks(std::filesystem::path root, Listening listening = Listening::none,
                         std::vector<std::string> passed_over = {}, Clock clock = &FolderBooks::now)
        : configured_{std::move(root)},
          root_{configured_},
          passed_over_{std::move(passed_over)},
          clock_{std::move(clock)},
          listening_{listening} {}

    /// As it is configured; on disk it may be written in the other form.
    const std::filesystem::path& root() const { return configured_; }
    std::filesystem::path mark_file() const { return configured_ / mark_name; }

    /// Files that are as they were are not read again, but once a day all are: not all that changes a file shows.
    Result<Companies> scan() override;
    /// Only what the kernel told of is looked at, where it tells of everything.
    Result<Companies> scan_notified() override;
    Result<sync::LocalCompanyPtr> read(const std::string& place) override;
    Result<std::string> mark() override;
    Result<void> leave_mark(const std::string& mark) override;
    WriteResults write_preferences(const std::vector<agent::PreferenceWrite>& writes) override;
    WriteResults write_notices(const std::vector<agent::NoticeWrite>& writes) override;
    std::vector<Message> identity_trail(const std::string& place) override;
    /// Reads all companies; looks at where would be written, and writes nothing.
    std::vector<agent::Probe> test() override;

    Watch watch() const override;
    agent::LocalNews take_changes() override;

private:
    /// What was read of a company, and what its files were then; as long as they are the same it stands.
    struct Cached {
        sync::LocalCompanyPtr company;
        std::uint64_t fingerprint;
        CompanyEntries entries;
    };

    // The root, and the folders in it.
    Result<posix::Directory> open_root() const;
    /// The same, looked for in both forms of its name where it was away.
    Result<posix::Directory> find_root();
    Result<std::vector<std::string>> list_places(const posix::Directory& root);
    /// For sentences: nothing is opened by it.
    std::filesystem::path folder_of(const std::string& place) const { return root_ / names_.folder_of(place); }
    Result<CompanyFolderPtr> open(const posix::Directory& root, const std::string& place) const;
    /// Error not_found where no company can be called so.
    Result<CompanyFolderPtr> open_place(const posix::Directory& root, const std::string& place) const;
    bool is_gone(const posix::Directory& root, const std::string& place) const;
    Error no_such_place(const std::string& place) const;

    /// What `work` gives that is handed how a company is opened.
    template <class Write, class Work>
    WriteResults write_in_folders(const std::vector<Write>& writes, Work work);

    // Companies, read or as they were.
    void forget_what_is_a_day_old();
    void forget(const std::string& place);
    Cached* cached(const std::string& place);
    /// Takes what was read before, or reads; and keeps it for next time, where it is sure to show a change. Null where
    /// the folder went after it was listed: then it is missing, and not one that can't be read.
    sync::LocalCompanyPtr look_at(const posix::Directory& root, const std::string& place,
                                  std::vector<Cached>& still_good);
    /// The same without listing the folder or reading a file; null where that is not enough.
    const Cached* look_again_at(const std::string& place, int root);
    sync::LocalCompanyPtr read_files(const CompanyFolder& folder, const std::string& place,
                                     const CompanyStamps& stamps) const;

    // Listening.
    void begin_watch();
    void listen_to(const std::string& place);
    void stop_watch(Error why);
    void look_for_changes();

    // What a test tries.
    /// Whether files could be put where the agent puts them. Errors: write_failed, unreadable.
    Result<void> may_write(const std::string& place) const;
    agent::Probe exchanging(const Companies& companies) const;

    const std::filesystem::path configured_;
    std::filesystem::path root_;  ///< as it stands on disk
    bool found_ = false;          ///< it was there at the last scan
    const std::vector<std::string> passed_over_;
    PlaceNames names_;
    Clock clock_;
    std::int64_t all_read_ = 0;           ///< when, by the clock
    std::vector<Cached> cache_;           ///< in order of place; one with fingerprint 0 is not to be used
    std::vector<std::string> unsettled_;  ///< the other places, in order: to be read each time
    WatchedChanges changes_;              ///< told, and not taken yet
    bool told_of_all_ = false;            ///< since `cache_` was made
    Listening listening_;
    std::optional<FolderWatch> watch_;
    Reason watch_trouble_;
    std::uint64_t watches_begun_ = 0;
};

}  // namespace samsynk::installations
