#include "installations/folder/identity_trail.hpp"

#include <algorithm>

#include "core/plain_text.hpp"
#include "core/time.hpp"
#include "installations/folder/company_names.hpp"
#include "installations/folder/company_reader.hpp"
#include "installations/folder/sie_choice.hpp"

namespace samsynk::installations {
namespace {

constexpr std::size_t most_told = 20;

std::string when(std::int64_t nanoseconds) {
    return to_rfc3339(Time{std::chrono::milliseconds{nanoseconds / 1'000'000}});
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
