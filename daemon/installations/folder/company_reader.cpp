#include "installations/folder/company_reader.hpp"

#include <sys/stat.h>

#include "installations/folder/collaboration_file.hpp"
#include "installations/folder/company_file.hpp"
#include "installations/folder/preferences_file.hpp"
#include "installations/folder/sie.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

bool is_young(const FileStamp& stamp, std::int64_t now) { return stamp.changed + settle_time > now; }

// Who the newest SIE file says that the company is; the number as it is written there.
Result<SieIdentity> identity_by_sie(const fs::path& folder, const CompanyStamps& stamps, std::int64_t now) {
    const fs::path file = folder / stamps.sie_name;
    const auto head = read_small_file(file, sie_head_size, true);
    if (head.has_error()) return head.error();
    const std::string text = head->value_or("");
    auto identity = read_sie_identity(text, file.string());
    const bool found = identity.has_value() && !identity->number.empty();
    // An export that is under way has not come to its number yet, and ends in the middle of a line.
    const bool cut = text.empty() || (text.front() == '#' && text.back() != '\n');
    if (!found && cut && is_young(stamps.sie, now)) return in_use(file);
    if (identity.has_value() && identity->number.empty())
        return fail(Errc::missing_number,
                    N_("{file} has no organisation number. Enter it in the accounting program and export again, or "
                       "write it in samsynk/company.yaml."),
                    {{"file", file.string()}});
    return identity;
}

Result<void> read_identity(sync::LocalCompany& company, const fs::path& folder, const CompanyStamps& stamps,
                           std::int64_t now) {
    CompanyFile own;
    const fs::path own_file = folder / "samsynk/company.yaml";
    auto text = read_small_file(own_file);
    if (text.has_error()) return text.error();
    if (*text) {
        auto parsed = parse_company_file(**text, own_file.string());
        if (parsed.has_error()) return parsed.error();
        own = std::move(*parsed);
    }
    company.ignored = own.ignored;
    company.name = own.name;
    std::string number = own.number;
    company.named_by_person = !number.empty();
    if (number.empty() && !stamps.sie_name.empty()) {
        company.identity_source = stamps.sie_name;
        auto identity = identity_by_sie(folder, stamps, now);
        if (identity.has_error()) return identity.error();
        number = identity->number;
        if (company.name.empty()) company.name = identity->name;
    }
    if (number.empty())
        return fail(Errc::missing_number,
                    N_("{file} has neither a SIE file nor samsynk/company.yaml, so the company is not known. Export a "
                       "SIE file there."),
                    {{"file", folder.string()}});
    if (company.named_by_person) company.identity_source = "samsynk/company.yaml";
    auto parsed = OrgNumber::parse(number);
    if (parsed.has_error()) return parsed.error();
    company.company = *parsed;
    return {};
}

Result<void> read_into(sync::LocalCompany& company, const fs::path& folder, const CompanyStamps& stamps,
                       std::int64_t now) {
    if (auto known = read_identity(company, folder, stamps, now); known.has_error()) return known.error();
    const auto notice_text = read_small_file(notice_in(folder));
    if (notice_text.has_value() && *notice_text) {
        const auto notice = parse_notice(**notice_text);
        company.notice = notice ? sync::fingerprint(*notice) : 0;  // 0: the agent was here, but must write it anew
    }
    const fs::path file = preferences_in(folder);
    const auto text = read_small_file(file, small_file_limit, false, Locks::respected);
    if (text.has_error()) return text.error();
    if (!*text) return {};
    if (is_being_written(file, *text, now)) return in_use(file);
    company.chosen_at = Time{std::chrono::milliseconds{stamps.preferences.changed / 1'000'000}};
    const auto preferences = parse_preferences(**text, file.string());
    if (preferences.has_error()) return preferences.error();
    company.preferences = *preferences;
    return {};
}

}  // namespace

// Cut off a moment ago and not yet written anew: an editor that writes in place does it in two steps, on a share a
// while apart. That is not the absence of a choice; and what would be put in its place, its second step would never
// reach.
bool is_being_written(const fs::path& file, const std::optional<std::string>& text, std::int64_t now) {
    struct stat status {};
    return text && text->empty() && ::lstat(file.c_str(), &status) == 0 && is_young(stamp_of(status), now);
}

Error in_use(const fs::path& file) {
    return fail(Errc::busy, N_("{file} is in use. It is tried again."), {{"file", file.string()}});
}

fs::path preferences_in(const fs::path& company_folder) { return company_folder / "samsynk/preferences.yaml"; }
fs::path notice_in(const fs::path& company_folder) { return company_folder / "samsynk/collaboration.yaml"; }

sync::LocalCompany read_company(const fs::path& folder, const std::string& place, const CompanyStamps& stamps,
                                std::int64_t now) {
    sync::LocalCompany company{.place = place};
    if (const auto read = read_into(company, folder, stamps, now); read.has_error()) company.trouble = read.error();
    return company;
}

}  // namespace samsynk::installations
