#include "installations/folder/company_reader.hpp"

#include "core/company_name.hpp"
#include "installations/folder/collaboration_file.hpp"
#include "installations/folder/company_file.hpp"
#include "installations/folder/preferences_file.hpp"
#include "installations/folder/sie_choice.hpp"
#include "installations/wrong_number.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;
constexpr std::int64_t most_ahead = 5 * 60 * 1'000'000'000LL;  // a file server's clock before ours
using namespace posix::literals;

// A time in the future is another clock's, or wrong: where it is far off, nothing is waited for.
bool is_young(std::int64_t changed, std::int64_t now) {
    return changed + settle_time > now && changed < now + most_ahead;
}

bool is_passing(const Reason& why) {
    return why && (why->code == Errc::busy || why->code == Errc::unreadable || why->code == Errc::installation_offline);
}

// A file that was changed after the one that counts, and can't be read or is being written: it may be the one.
Reason why_not_yet(const CompanyFolder& folder, const std::vector<SieCandidate>& candidates, const SieCandidate* counts,
                   std::int64_t now) {
    for (const SieCandidate& one : candidates) {
        if (one.number || (counts && one.changed < counts->changed)) continue;
        if (is_passing(one.trouble)) return one.trouble;
        // An export that is under way has not come to its number yet, and ends in the middle of a line.
        if (one.cut && is_young(one.changed, now)) return in_use(folder.path / one.name);
    }
    return {};
}

Result<void> identify_by_sie(sync::LocalCompany& company, const CompanyFolder& folder, const CompanyStamps& stamps,
                             std::int64_t now) {
    const auto candidates = sie_candidates(folder, stamps.sie, now);
    if (candidates.empty())
        return fail(Errc::missing_number,
                    N_("{file} has neither a SIE file nor samsynk/company.yaml, so the company is not known. Export a "
                       "SIE file there."),
                    {{"file", folder.path.string()}});
    const SieCandidate* counts = counting(candidates);
    const SieCandidate& best = counts ? *counts : candidates.front();
    company.identity_source = best.name;
    if (company.name.empty()) company.name = best.identity.name;
    if (const Reason why = why_not_yet(folder, candidates, counts, now)) return *why;
    if (!counts) return *best.trouble;
    company.company = *counts->number;
    const std::string origin = case_folded(folder_in_path(counts->identity.company_folder));
    if (origin != case_folded(company.place)) company.exported_from = origin;
    return {};
}

Result<void> read_identity(sync::LocalCompany& company, const CompanyFolder& folder, const CompanyStamps& stamps,
                           std::int64_t now) {
    const auto read = read_company_file(folder);
    if (read.has_error()) return read.error();
    const CompanyFile& own = *read;
    company.ignored = own.ignored;
    company.name = own.name;
    if (own.number.empty()) return identify_by_sie(company, folder, stamps, now);
    company.identity_source = "samsynk/company.yaml";
    auto parsed = OrgNumber::parse(own.number);
    if (parsed.has_error())
        return wrong_number_in_company_file(parsed.error(), (folder.own_path() / "company.yaml").string());
    company.company = *parsed;
    return {};
}

Result<void> read_into(sync::LocalCompany& company, const CompanyFolder& folder, const CompanyStamps& stamps,
                       std::int64_t now) {
    if (auto known = read_identity(company, folder, stamps, now); known.has_error()) return known.error();
    const auto notice_text = read_own(folder, notice_name());
    if (notice_text.has_value() && *notice_text) {
        const auto notice = parse_notice(**notice_text);
        company.notice = notice ? sync::fingerprint(*notice) : 0;  // 0: the agent was here, but must write it anew
    }
    const fs::path file = folder.own_path() / preferences_name().text();
    const auto text = read_own(folder, preferences_name(), Locks::respected);
    if (text.has_error()) return text.error();
    if (!*text) return {};
    if (is_being_written(folder, *text, now)) return in_use(file);
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
bool is_being_written(const CompanyFolder& folder, const std::optional<std::string>& text, std::int64_t now) {
    if (!text || !text->empty() || !folder.own) return false;
    const auto status = folder.own->status_of(preferences_name());
    return status.has_value() && is_young(stamp_of(*status).changed, now);
}

Error in_use(const fs::path& file) {
    return fail(Errc::busy, N_("{file} is in use. It is tried again."), {{"file", file.string()}});
}

const posix::Name& preferences_name() {
    static const posix::Name name = "preferences.yaml"_name;
    return name;
}
const posix::Name& notice_name() {
    static const posix::Name name = "collaboration.yaml"_name;
    return name;
}

Result<std::optional<std::string>> read_own(const CompanyFolder& folder, const posix::Name& name, Locks locks) {
    if (!folder.own) return std::optional<std::string>{};
    return read_small_file(*folder.own, name, folder.own_path() / name.text(), small_file_limit, false, locks);
}

Result<CompanyFile> read_company_file(const CompanyFolder& folder) {
    const auto text = read_own(folder, "company.yaml"_name);
    if (text.has_error()) return text.error();
    if (!*text) return CompanyFile{};
    return parse_company_file(**text, (folder.own_path() / "company.yaml").string());
}

Result<std::optional<std::string>> read_sie_head(const CompanyFolder& folder, const std::string& file,
                                                 std::size_t most) {
    const auto name = posix::Name::of(file);
    if (!name) return std::optional<std::string>{};
    return read_small_file(folder.company, *name, folder.path / file, most, true);
}

sync::LocalCompany read_company(const CompanyFolder& folder, const std::string& place, const CompanyStamps& stamps,
                                std::int64_t now) {
    sync::LocalCompany company{.place = place};
    if (const auto read = read_into(company, folder, stamps, now); read.has_error()) company.trouble = read.error();
    return company;
}

}  // namespace samsynk::installations
