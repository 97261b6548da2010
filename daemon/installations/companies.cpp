#include "installations/companies.hpp"

#include <algorithm>
#include <charconv>

#include "core/plain_text.hpp"

namespace samsynk::installations {
namespace {

using Args = std::vector<std::pair<std::string, std::string>>;

Error with(const Error& why, Args args, const char* practice, const char* impossible) {
    if (why.code != Errc::placeholder_number) return fail(why.code, impossible, std::move(args));
    args.insert(args.end(), why.message.args.begin(), why.message.args.end());
    return fail(why.code, practice, std::move(args));
}

}  // namespace

sync::LocalCompanyPtr find_company(const Companies& companies, const std::string& place) {
    const auto at = std::lower_bound(companies.begin(), companies.end(), place,
                                     [](const auto& one, const auto& wanted) { return one->place < wanted; });
    return at != companies.end() && (*at)->place == place ? *at : nullptr;
}

void reuse_unchanged(Companies& found, const Companies& seen) {
    auto old = seen.begin();
    for (auto& company : found) {
        while (old != seen.end() && (*old)->place < company->place) ++old;
        if (old != seen.end() && *old != company && **old == *company) company = *old;
    }
}

std::vector<std::string> changed_places(const Companies& before, const Companies& now) {
    std::vector<std::string> changed;
    auto old = before.begin();
    for (const auto& company : now) {
        for (; old != before.end() && (*old)->place < company->place; ++old) changed.push_back((*old)->place);
        const bool known = old != before.end() && (*old)->place == company->place;
        if (!known || (*old != company && **old != *company)) changed.push_back(company->place);
        if (known) ++old;
    }
    for (; old != before.end(); ++old) changed.push_back((*old)->place);
    return changed;
}

sync::LocalCompanyPtr first_usable(const Companies& companies) {
    const auto usable = [](const auto& company) { return !company->trouble && !company->ignored; };
    const auto found = std::find_if(companies.begin(), companies.end(), usable);
    return found == companies.end() ? nullptr : *found;
}

agent::Probe companies_found(const Companies& companies) {
    const auto bad = std::find_if(companies.begin(), companies.end(), [](const auto& one) { return !!one->trouble; });
    return {{N_("{count} companies were found and can be read."), {{"count", std::to_string(companies.size())}}},
            bad == companies.end() ? Reason{} : (*bad)->trouble};
}

std::vector<agent::PreferenceWrite> inverted_choices(const sync::LocalCompany& company) {
    std::vector<agent::PreferenceWrite> writes;
    for (const auto preference : sync::all_preferences) {
        const sync::Choice from = company.preferences[preference];
        writes.push_back({company.place, *company.company, preference, from, !from.value_or(false)});
    }
    return writes;
}

Reason first_error(const std::vector<Result<void>>& results) {
    for (const auto& result : results)
        if (result.has_error()) return result.error();
    return {};
}

bool can_be_place(std::string_view text) {
    return !text.empty() && text.size() <= longest_place && plain(text) == text;
}

bool is_program_name(std::string_view text) {
    return !text.empty() && text.size() <= 40 &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

std::string revision_text(std::uint64_t fingerprint) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text(16, '0');
    for (auto at = text.rbegin(); at != text.rend(); ++at, fingerprint >>= 4U) *at = digits[fingerprint & 15U];
    return text;
}

std::uint64_t revision_in(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    return failed == std::errc{} && end == text.data() + text.size() ? value : 0;
}

std::vector<NoticeField> notice_fields(const sync::Notice& notice) {
    const sync::Collaboration& c = notice.collaboration;
    return {{"company", notice.company.digits()},
            {"name", notice.name},
            {"function_active", notice.function_active},
            {"state", std::string{name_of(c.state)}},
            {"awaiting", std::string{name_of(c.awaiting)}},
            {"office_name", c.office_name},
            {"office_company", c.office_company},
            {"assignment", c.assignment_name},
            {"invoice_recipient", std::string{name_of(c.invoice_recipient)}},
            {"payee", std::string{name_of(c.payee)}},
            {"invited_at", c.invited_at},
            {"approved_at", c.approved_at},
            {"ends_on", c.ends_on},
            {"ended_at", c.ended_at},
            {"registration", std::string{name_of(notice.receiving)}},
            {"registration_operator", notice.registration_operator},
            {"sending_in_effect", notice.sending_in_effect},
            {"receiving_in_effect", notice.receiving_in_effect}};
}

Error wrong_number_in_sie(const Error& why, const std::string& file) {
    return with(
        why, {{"file", file}},
        N_("{file} has the organisation number {number}, which is nobody's: it is for practising. Enter the company's "
           "own in the accounting program and export again, or write it in samsynk/company.yaml."),
        N_("The organisation number in {file} can't be right: it has ten digits, of which the last one follows from "
           "the others. Correct it in the accounting program and export again, or write it in samsynk/company.yaml."));
}

Error wrong_number_in_company_file(const Error& why, const std::string& file) {
    return with(
        why, {{"file", file}},
        N_("{file} has the organisation number {number}, which is nobody's: it is for practising. Write the company's "
           "own there."),
        N_("The organisation number in {file} can't be right: it has ten digits, of which the last one follows from "
           "the others. Correct it there, for example “company: 556016-0680”."));
}

Error wrong_number_of(const Error& why, const std::string& place, const std::string& name) {
    return with(
        why, {{"place", place}, {"name", name}},
        N_("{place} ({name}) has the organisation number {number}, which is nobody's: it is for practising. Enter the "
           "company's own in the accounting program."),
        N_("The organisation number of {place} ({name}) can't be right: it has ten digits, of which the last one "
           "follows from the others. Correct it in the accounting program."));
}

}  // namespace samsynk::installations
