#include "installations/company_list.hpp"

#include <algorithm>

namespace samsynk::installations {

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

}  // namespace samsynk::installations
