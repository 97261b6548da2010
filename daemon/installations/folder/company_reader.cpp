#include "installations/folder/company_reader.hpp"

#include "installations/folder/collaboration_file.hpp"
#include "installations/folder/company_file.hpp"
#include "installations/folder/preferences_file.hpp"
#include "installations/folder/sie.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;
constexpr std::int64_t most_ahead = 5 * 60 * 1'000'000'000LL;  // a file server's clock before ours
using namespace posix::literals;

// A time in the future is another clock's, or wrong: where it is far off, nothing is waited for.
bool is_young(const FileStamp& stamp, std::int64_t now) {
    return stamp.changed + settle_time > now && stamp.changed < now + most_ahead;
}

// Who the newest SIE file says that the company is; the number as it is written there.
Result<SieIdentity> identity_by_sie(const CompanyFolder& folder, const CompanyStamps& stamps, std::int64_t now) {
    const fs::path file = folder.path / stamps.sie_name;
    const auto head = read_sie_head(folder, stamps.sie_name);
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

Result<void> read_identity(sync::LocalCompany& company, const CompanyFolder& folder, const CompanyStamps& stamps,
                           std::int64_t now) {
    const auto read = read_company_file(folder);
    if (read.has_error()) return read.error();
    const CompanyFile& own = *read;
    company.ignored = own.ignored;
    company.name = own.name;
    std::string number = own.number;
    if (!number.empty()) company.identity_source = "samsynk/company.yaml";
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
                    {{"file", folder.path.string()}});
    auto parsed = OrgNumber::parse(number);
    if (parsed.has_error()) return parsed.error();
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
    return status.has_value() && is_young(stamp_of(*status), now);
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

Result<std::optional<std::string>> read_sie_head(const CompanyFolder& folder, const std::string& file) {
    const auto name = posix::Name::of(file);
    if (!name) return std::optional<std::string>{};
    return read_small_file(folder.company, *name, folder.path / file, sie_head_size, true);
}

sync::LocalCompany read_company(const CompanyFolder& folder, const std::string& place, const CompanyStamps& stamps,
                                std::int64_t now) {
    sync::LocalCompany company{.place = place};
    if (const auto read = read_into(company, folder, stamps, now); read.has_error()) company.trouble = read.error();
    return company;
}

}  // namespace samsynk::installations
