// What the files of a company are, without reading them: as long as that is the same, what was read of them stands.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "installations/folder/atomic_file.hpp"
#include "installations/folder/company_folder.hpp"

namespace samsynk::installations {

/// The entries of a company's folder that count, by name: enough to look whether they are as they were.
struct CompanyEntries {
    std::shared_ptr<const std::vector<std::string>> sie;  ///< in order; null: none, or only the one that is named to us
    bool only_sie = false;                                ///< that one is there
    bool own_folder = false;                              ///< `samsynk`
    std::array<bool, 3> own{};                            ///< its company.yaml, preferences.yaml, collaboration.yaml
};

/// What is called as a SIE file.
struct SieEntry {
    std::string name;
    std::int64_t changed = 0;  ///< modification time in nanoseconds
    bool ordinary = false;     ///< no folder, link or pipe
};

struct CompanyStamps {
    FileStamp preferences;
    std::vector<SieEntry> sie;      ///< in order of names
    CompanyEntries entries;         ///< without the SIE files
    std::int64_t youngest = 0;      ///< when the latest change to any of it was made, in nanoseconds
    std::uint64_t fingerprint = 0;  ///< of all of it; never 0
};

/// Lists the company's folder. Error unreadable.
Result<CompanyStamps> stamps_of(const CompanyFolder& folder);

/// The fingerprint that the company's folder has now, by its known entries alone, without listing it: that of
/// `stamps_of` where nothing has changed. `root` is a descriptor of the folder that it stands in; `only_sie` is the
/// name of the only SIE file. The one place that takes paths of several components: nothing is read or written by them.
std::uint64_t look_again_at(int root, const std::string& place, const CompanyEntries& entries,
                            const std::string& only_sie);

}  // namespace samsynk::installations
