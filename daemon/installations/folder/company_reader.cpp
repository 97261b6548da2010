#include "installations/folder/company_reader.hpp"

#include <algorithm>
#include <tuple>

#include "core/company_name.hpp"
#include "core/plain_text.hpp"
#include "core/time.hpp"
#include "installations/companies.hpp"
#include "installations/folder/collaboration_file.hpp"
#include "installations/folder/place_names.hpp"
#include "installations/folder/sie.hpp"
#include "installations/folder/user_files.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;
using namespace posix::literals;

// Whoever writes in one folder must not keep all others waiting.
constexpr std::size_t most_files = 100, most_read = 2 * sie_longest_head;
constexpr std::int64_t a_day = 24 * 3600 * 1'000'000'000LL;
constexpr std::size_t most_told = 20;

struct SieCandidate {
    std::string name;
    std::int64_t changed = 0;  ///< modification time in nanoseconds
    SieIdentity identity;
    std::optional<OrgNumber> number;  ///< nothing: it can't count
    Reason trouble;                   ///< then this is why
    bool cut = false;                 ///< it is empty, or ends in the middle of a line: it may be under way
};

std::string when(std::int64_t nanoseconds) {
    return to_rfc3339(Time{std::chrono::milliseconds{nanoseconds / 1'000'000}});
}

int day_of(std::int64_t nanoseconds) { return sie_day(when(nanoseconds)); }

Error without_number(const std::string& file) {
    return fail(Errc::missing_number,
                N_("{file} has no organisation number. Enter it in the accounting program and export again, or "
                   "write it in samsynk/company.yaml."),
                {{"file", file}});
}

// A longer part is read only where what is looked for has not come yet.
Result<SieIdentity> read_file(const CompanyFolder& folder, SieCandidate& candidate, const std::string& shown,
                              std::size_t& left) {
    const auto name = posix::Name::of(candidate.name);
    for (const std::size_t most : {sie_first_part, sie_head_size, sie_longest_head}) {
        auto head = name ? read_small_file(folder.company, *name, shown, most, true) : std::optional<std::string>{};
        if (head.has_error()) return head.error();
        std::string text = head->value_or("");
        left -= std::min(left, text.size());
        const bool whole = text.size() < most;
        candidate.cut = whole && (text.empty() || (text.front() == '#' && text.back() != '\n' && text.back() != '\r'));
        // A line that goes on in the next part must not be read in half.
        if (const std::size_t end = text.find_last_of("\r\n"); !whole && end != std::string::npos) text.resize(end);
        auto identity = read_sie_identity(text, shown);
        const bool found = identity.has_value() && !identity->number.empty();
        const bool all = found && !identity->name.empty() && identity->exported != 0;
        const bool enough = whole || all || (found && most > sie_first_part);
        if (enough || most == sie_longest_head || left < sie_longest_head) return identity;
    }
    return SieIdentity{};
}

void read_candidate(SieCandidate& candidate, const CompanyFolder& folder, std::size_t& left) {
    const std::string shown = (folder.path / candidate.name).string();
    auto identity = read_file(folder, candidate, shown, left);
    if (identity.has_error()) {
        candidate.trouble = identity.error();
        return;
    }
    candidate.identity = std::move(*identity);
    const auto number = OrgNumber::parse(candidate.identity.number);
    if (number.has_value())
        candidate.number = *number;
    else if (number.error().code == Errc::missing_number)
        candidate.trouble = without_number(shown);
    else
        candidate.trouble = wrong_number_in_sie(number.error(), shown);
}

std::vector<SieEntry> newest_of(std::vector<SieEntry> entries) {
    std::erase_if(entries, [](const SieEntry& one) { return !one.ordinary; });
    std::sort(entries.begin(), entries.end(),
              [](const SieEntry& a, const SieEntry& b) { return a.changed > b.changed; });
    if (entries.size() > most_files) entries.resize(most_files);
    return entries;
}

// The ordinary files of `entries`, best first: by the day of the export (#GEN; of a file that does not tell it, or
// tells one that is still to come, that of its last change), by the end of the year (#RAR 0), by the last change, by
// name. Payroll and invoicing programs leave files without a number beside, so the first with a `number` counts. Of
// very many files the hundred that were changed last are read, and of all of them not much more than 16 MiB.
std::vector<SieCandidate> sie_candidates(const CompanyFolder& folder, const std::vector<SieEntry>& entries,
                                         std::int64_t now) {
    std::vector<SieCandidate> candidates;
    std::size_t left = most_read;
    for (const SieEntry& entry : newest_of(entries)) {
        SieCandidate candidate{.name = entry.name, .changed = entry.changed};
        read_candidate(candidate, folder, left);
        candidates.push_back(std::move(candidate));
    }
    const int tomorrow = day_of(now + a_day);
    const auto rank = [tomorrow](const SieCandidate& one) {
        const int told = one.identity.exported;
        const int exported = told > 0 && told <= tomorrow ? told : day_of(one.changed);
        return std::tuple{std::min(exported, tomorrow), one.identity.year_end, one.changed, one.name};
    };
    std::sort(candidates.begin(), candidates.end(),
              [&](const SieCandidate& a, const SieCandidate& b) { return rank(a) > rank(b); });
    return candidates;
}

// The one that counts; null where none has a number that can be right.
const SieCandidate* counting(const std::vector<SieCandidate>& candidates) {
    const auto found = std::find_if(candidates.begin(), candidates.end(),
                                    [](const SieCandidate& one) { return one.number.has_value(); });
    return found == candidates.end() ? nullptr : &*found;
}

Result<CompanyFile> read_company_file(const CompanyFolder& folder) {
    const auto text = read_own(folder, "company.yaml"_name);
    if (text.has_error()) return text.error();
    if (!*text) return CompanyFile{};
    return parse_company_file(**text, (folder.own_path() / "company.yaml").string());
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
    const auto notice = read_own(folder, notice_name());
    if (notice.has_value() && *notice) company.notice = notice_revision(**notice);
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

std::string shown_day(int day) {
    const std::string digits = std::to_string(day);
    return digits.substr(0, 4) + "-" + digits.substr(4, 2) + "-" + digits.substr(6);
}

Message passed_over(const SieCandidate& one) {
    const std::vector<std::pair<std::string, std::string>> file{{"file", plain(one.name)}};
    switch (one.trouble->code) {
        case Errc::missing_number:
            return {N_("{file} is passed over: it has no organisation number."), file};
        case Errc::placeholder_number:
            return {N_("{file} is passed over: its organisation number is one for practising."), file};
        case Errc::invalid_number:
            return {N_("{file} is passed over: its organisation number can't be right."), file};
        case Errc::bad_file:
            return {N_("{file} is passed over: it is not a SIE file that can be read."), file};
        default:
            return one.trouble->message;
    }
}

Message of_candidate(const SieCandidate& one) {
    if (!one.number) return passed_over(one);
    std::vector<std::pair<std::string, std::string>> args{
        {"file", plain(one.name)}, {"number", one.number->masked()}, {"when", when(one.changed)}};
    if (one.identity.exported == 0) return {N_("{file}: {number}, changed {when}"), std::move(args)};
    args.emplace_back("day", shown_day(one.identity.exported));
    return {N_("{file}: {number}, exported {day}, changed {when}"), std::move(args)};
}

// What counts, first of all; nothing where no file does.
void say_what_counts(std::vector<Message>& trail, bool named, const std::vector<SieCandidate>& candidates) {
    if (named) {
        trail.push_back({N_("samsynk/company.yaml names the company, and wins over SIE files."), {}});
        return;
    }
    const SieCandidate* counts = counting(candidates);
    if (!counts) return;
    const auto good = std::count_if(candidates.begin(), candidates.end(),
                                    [](const SieCandidate& one) { return one.number.has_value(); });
    const std::vector<std::pair<std::string, std::string>> args{{"file", plain(counts->name)},
                                                                {"count", std::to_string(good)}};
    if (good > 1)
        trail.push_back({N_("{file} counts, as the newest of {count} SIE files."), args});
    else
        trail.push_back({N_("{file} counts, as the only SIE file with an organisation number."), args});
    if (const std::string origin = folder_in_path(counts->identity.company_folder); !origin.empty())
        trail.push_back(
            {N_("{file} was exported from the company folder {folder}."), {args.front(), {"folder", plain(origin)}}});
}

bool names_company(const CompanyFolder& folder) {
    const auto parsed = read_company_file(folder);
    return parsed.has_value() && !parsed->number.empty();
}

}  // namespace

sync::LocalCompany read_company(const CompanyFolder& folder, const std::string& place, const CompanyStamps& stamps,
                                std::int64_t now) {
    sync::LocalCompany company{.place = place};
    if (const auto read = read_into(company, folder, stamps, now); read.has_error()) company.trouble = read.error();
    return company;
}

std::vector<Message> identity_trail_of(const CompanyFolder& folder, std::int64_t now) {
    std::vector<Message> trail;
    const auto stamps = stamps_of(folder);
    const auto entries = folder.company.list();
    if (stamps.has_error() || entries.has_error()) return trail;
    const auto candidates = sie_candidates(folder, stamps->sie, now);
    say_what_counts(trail, names_company(folder), candidates);
    for (const SieCandidate& one : candidates) trail.push_back(of_candidate(one));
    for (const SieEntry& one : stamps->sie)
        if (!one.ordinary)
            trail.push_back({N_("{file} is passed over: it is no ordinary file."), {{"file", plain(one.name)}}});
    for (const posix::Entry& one : *entries)
        if (has_sie_ending(one.name) && is_hidden(one.name))
            trail.push_back(
                {N_("{file} is passed over: it is a hidden file of another program."), {{"file", plain(one.name)}}});
    if (trail.size() > most_told) {
        trail.resize(most_told);
        trail.push_back({N_("There are more, and older ones."), {}});
    }
    return trail;
}

}  // namespace samsynk::installations
