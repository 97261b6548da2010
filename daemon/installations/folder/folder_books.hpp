// A folder of company folders, as Visma Administration keeps them: finds the companies, reads and writes their files.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "agent/ports.hpp"
#include "installations/folder/atomic_file.hpp"

namespace samsynk::installations {

/// Blocking; used from one thread at a time. See agent::LocalSide for what each call means.
class FolderBooks {
public:
    explicit FolderBooks(std::filesystem::path root) : root_{std::move(root)} {}

    const std::filesystem::path& root() const { return root_; }
    Result<std::vector<sync::LocalCompanyPtr>> scan();
    std::filesystem::path mark_file() const { return root_ / ".samsynk-installation"; }
    Result<std::string> mark() const;
    Result<void> leave_mark(const std::string& mark) const;
    Result<sync::LocalCompanyPtr> read(const std::string& place);
    std::vector<Result<void>> write_preferences(const std::vector<agent::PreferenceWrite>& writes);
    std::vector<Result<void>> write_notices(const std::vector<agent::NoticeWrite>& writes);

private:
    /// What a company's files were when they were read; as long as they are the same they are not read again.
    struct Stamps {
        std::string sie_name;
        FileStamp sie, company, preferences, notice;
        std::int64_t youngest() const;
        std::uint64_t fingerprint() const;
    };
    struct Cached {
        sync::LocalCompanyPtr company;
        std::uint64_t fingerprint;  ///< of its stamps
    };

    sync::LocalCompanyPtr cached(const std::string& place, std::uint64_t fingerprint) const;
    Result<Stamps> stamps_of(const std::string& place) const;
    sync::LocalCompanyPtr read_files(const std::string& place, const Stamps& stamps) const;
    Result<void> read_into(sync::LocalCompany& company, const Stamps& stamps) const;
    Result<void> read_identity(sync::LocalCompany& company, const Stamps& stamps) const;

    std::filesystem::path root_;
    std::vector<Cached> cache_;  ///< in order of place
};

}  // namespace samsynk::installations
