#include "installations/folder/sie_choice.hpp"

#include <algorithm>
#include <tuple>

#include "core/time.hpp"
#include "installations/folder/company_reader.hpp"
#include "installations/wrong_number.hpp"

namespace samsynk::installations {
namespace {

// Whoever writes in one folder must not keep all others waiting.
constexpr std::size_t most_files = 100, most_read = 2 * sie_longest_head;
constexpr std::int64_t a_day = 24 * 3600 * 1'000'000'000LL;

int day_of(std::int64_t nanoseconds) {
    return sie_day(to_rfc3339(Time{std::chrono::milliseconds{nanoseconds / 1'000'000}}));
}

Error without_number(const std::string& file) {
    return fail(Errc::missing_number,
                N_("{file} has no organisation number. Enter it in the accounting program and export again, or "
                   "write it in samsynk/company.yaml."),
                {{"file", file}});
}

// A longer part is read only where what is looked for has not come yet.
Result<SieIdentity> read_file(const CompanyFolder& folder, SieCandidate& candidate, const std::string& shown,
                              std::size_t& left) {
    for (const std::size_t most : {sie_first_part, sie_head_size, sie_longest_head}) {
        auto head = read_sie_head(folder, candidate.name, most);
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

void read_into(SieCandidate& candidate, const CompanyFolder& folder, std::size_t& left) {
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

}  // namespace

std::vector<SieCandidate> sie_candidates(const CompanyFolder& folder, const std::vector<SieEntry>& entries,
                                         std::int64_t now) {
    std::vector<SieCandidate> candidates;
    std::size_t left = most_read;
    for (const SieEntry& entry : newest_of(entries)) {
        SieCandidate candidate{.name = entry.name, .changed = entry.changed};
        read_into(candidate, folder, left);
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

const SieCandidate* counting(const std::vector<SieCandidate>& candidates) {
    const auto found = std::find_if(candidates.begin(), candidates.end(),
                                    [](const SieCandidate& one) { return one.number.has_value(); });
    return found == candidates.end() ? nullptr : &*found;
}

}  // namespace samsynk::installations
