#include "installations/folder/identity_trail.hpp"

#include <algorithm>

#include "core/org_number.hpp"
#include "core/plain_text.hpp"
#include "core/time.hpp"
#include "installations/folder/company_reader.hpp"
#include "installations/folder/sie.hpp"

namespace samsynk::installations {
namespace {

constexpr std::size_t most_told = 10;

struct SieFile {
    std::string name;
    std::int64_t changed = 0;
};

std::vector<SieFile> newest_first(const CompanyFolder& folder, const std::vector<std::string>& names) {
    std::vector<SieFile> files;
    for (const std::string& name : names) {
        const auto one = posix::Name::of(name);
        if (!one) continue;
        if (const auto status = folder.company.status_of(*one); status.has_value())
            files.push_back({name, stamp_of(*status).changed});
    }
    // Of equally new ones the last by name, as where it counts.
    std::reverse(files.begin(), files.end());
    std::stable_sort(files.begin(), files.end(),
                     [](const SieFile& a, const SieFile& b) { return a.changed > b.changed; });
    return files;
}

std::string number_in(const CompanyFolder& folder, const std::string& file) {
    const auto head = read_sie_head(folder, file);
    if (head.has_error()) return "?";
    const auto identity = read_sie_identity(head->value_or(""), file);
    if (identity.has_error() || identity->number.empty()) return "–";
    const auto number = OrgNumber::parse(identity->number);
    return number.has_value() ? number->masked() : "?";
}

std::string when(std::int64_t nanoseconds) {
    return to_rfc3339(Time{std::chrono::milliseconds{nanoseconds / 1'000'000}});
}

bool names_company(const CompanyFolder& folder) {
    const auto parsed = read_company_file(folder);
    return parsed.has_value() && !parsed->number.empty();
}

}  // namespace

std::vector<Message> identity_trail_of(const CompanyFolder& folder) {
    std::vector<Message> trail;
    const auto stamps = stamps_of(folder);
    if (stamps.has_error()) return trail;
    const bool named = names_company(folder);
    const auto files = newest_first(folder, stamps->all_sie);
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
        trail.push_back(
            {N_("{file}: {number}, changed {when}"),
             {{"file", plain(file.name)}, {"number", number_in(folder, file.name)}, {"when", when(file.changed)}}});
    }
    return trail;
}

}  // namespace samsynk::installations
