#include "installations/folder/identity_trail.hpp"

#include <algorithm>

#include "core/org_number.hpp"
#include "core/plain_text.hpp"
#include "core/time.hpp"
#include "installations/folder/company_file.hpp"
#include "installations/folder/company_stamps.hpp"
#include "installations/folder/sie.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_told = 10;

struct SieFile {
    std::string name;
    std::int64_t changed = 0;
};

std::vector<SieFile> newest_first(const fs::path& folder, const std::vector<std::string>& names) {
    std::vector<SieFile> files;
    for (const std::string& name : names) {
        struct stat status {};
        if (::lstat((folder / name).c_str(), &status) == 0) files.push_back({name, stamp_of(status).changed});
    }
    // Of equally new ones the last by name, as where it counts.
    std::reverse(files.begin(), files.end());
    std::stable_sort(files.begin(), files.end(),
                     [](const SieFile& a, const SieFile& b) { return a.changed > b.changed; });
    return files;
}

std::string number_in(const fs::path& file) {
    const auto head = read_small_file(file, sie_head_size, true);
    if (head.has_error()) return "?";
    const auto identity = read_sie_identity(head->value_or(""), file.string());
    if (identity.has_error() || identity->number.empty()) return "–";
    const auto number = OrgNumber::parse(identity->number);
    return number.has_value() ? number->masked() : "?";
}

std::string when(std::int64_t nanoseconds) {
    return to_rfc3339(Time{std::chrono::milliseconds{nanoseconds / 1'000'000}});
}

bool names_company(const fs::path& folder) {
    const auto text = read_small_file(folder / "samsynk/company.yaml");
    if (text.has_error() || !*text) return false;
    const auto parsed = parse_company_file(**text, "company.yaml");
    return parsed.has_value() && !parsed->number.empty();
}

}  // namespace

std::vector<Message> identity_trail_of(const fs::path& company_folder) {
    std::vector<Message> trail;
    const auto stamps = stamps_of(company_folder);
    if (stamps.has_error()) return trail;
    const bool named = names_company(company_folder);
    const auto files = newest_first(company_folder, stamps->all_sie);
    if (named)
        trail.push_back({N_("samsynk/company.yaml names the company, and wins over SIE files."), {}});
    else if (files.size() > 1)
        trail.push_back({N_("{file} counts, as the newest of {count} SIE files."),
                         {{"file", plain(files.front().name)}, {"count", std::to_string(files.size())}}});
    if (!named && files.size() < 2) return trail;
    for (const SieFile& file : files) {
        if (trail.size() > most_told) {
            trail.push_back({N_("There are more, and older ones."), {}});
            break;
        }
        trail.push_back({N_("{file}: {number}, changed {when}"),
                         {{"file", plain(file.name)},
                          {"number", number_in(company_folder / file.name)},
                          {"when", when(file.changed)}}});
    }
    return trail;
}

}  // namespace samsynk::installations
