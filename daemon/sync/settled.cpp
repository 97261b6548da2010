#include "sync/settled.hpp"

#include <algorithm>
#include <set>

namespace samsynk::sync {
namespace {

bool counts(const Settled& settled, const std::string& installation, const std::string& place) {
    return !settled.ignored && settled.installation == installation &&
           (settled.place.empty() || settled.place == place);
}

bool follows(const Settled& settled, const std::string& installation, const std::string& place) {
    return std::find(settled.followers.begin(), settled.followers.end(), PlaceKey{installation, place}) !=
           settled.followers.end();
}

// Where each number stands; where it follows another place, it does not stand for the company.
std::set<OrgNumber> numbers_in(const std::vector<LocalView>& views) {
    std::set<OrgNumber> numbers;
    for (const LocalView& view : views)
        for (const LocalCompanyPtr& local : view.companies)
            if (local->company && !local->ignored && !local->follows && !local->missing)
                numbers.insert(*local->company);
    return numbers;
}

bool by_place(const LocalCompanyPtr& local, const std::string& place) { return local->place < place; }

bool holds_claim(const Memory& memory, const std::string& installation, const OrgNumber& company) {
    const auto claims = memory.claims.find(installation);
    return claims != memory.claims.end() && claims->second.status(company) == ClaimStatus::granted;
}

LocalCompanyPtr missing(const PlaceKey& key, const OrgNumber& company, bool claimed) {
    LocalCompany local{.place = key.place, .company = company, .missing = true};
    const std::vector<std::pair<std::string, std::string>> args{{"number", company.masked()},
                                                                {"place", key.installation + ":" + key.place}};
    local.trouble =
        claimed
            ? fail(
                  Errc::company_missing,
                  N_("{number} was in {place} and is not found there any more. Nothing was changed online. If it comes "
                     "back, all goes on; if it is gone for good, write “ignore” for it under companies: in the "
                     "configuration."),
                  args)
            : fail(
                  Errc::company_missing,
                  N_("{number} was in {place} and is not found there any more. Its claim was given up, so another "
                     "installation may take it over. If it is gone for good, write “ignore” for it under companies: in "
                     "the configuration."),
                  args);
    return std::make_shared<const LocalCompany>(std::move(local));
}

bool is_released(const Memory& memory, const std::string& installation, const OrgNumber& company) {
    const auto claims = memory.claims.find(installation);
    return claims != memory.claims.end() && claims->second.status(company) == ClaimStatus::released;
}

LocalCompanyPtr named_and_missing(const PlaceKey& key, const OrgNumber& company, const Settled& settled) {
    LocalCompany local{.place = key.place, .company = company, .settled = true, .missing = true};
    local.leads = key == *settled.leader;
    if (!local.leads) local.follows = settled.leader;
    local.trouble = fail(Errc::company_missing,
                         N_("{place}, which companies: in the configuration names for {number}, is not found. Nothing "
                            "was changed. If it is gone for good, take it out of the configuration."),
                         {{"number", company.masked()}, {"place", key.installation + ":" + key.place}});
    return std::make_shared<const LocalCompany>(std::move(local));
}

void insert_in_order(LocalView& view, const LocalCompanyPtr& local) {
    const auto at = std::lower_bound(view.companies.begin(), view.companies.end(), local->place, by_place);
    if (at == view.companies.end() || (*at)->place != local->place) view.companies.insert(at, local);
}

// Those that the configuration says lead or follow.
void add_named(LocalView& view, const Memory& memory, const SettledCompanies& settled) {
    for (const auto& [company, choice] : settled) {
        if (!choice.leader || is_released(memory, view.installation, company)) continue;
        if (choice.installation == view.installation)
            insert_in_order(view, named_and_missing(*choice.leader, company, choice));
        for (const PlaceKey& follower : choice.followers)
            if (follower.installation == view.installation)
                insert_in_order(view, named_and_missing(follower, company, choice));
    }
}

}  // namespace

std::shared_ptr<const PlaceKey> leader_of(const PlaceKey& key, const OrgNumber& company,
                                          const SettledCompanies& settled) {
    const auto at = settled.find(company);
    if (at == settled.end() || !follows(at->second, key.installation, key.place)) return nullptr;
    return at->second.leader;
}

LocalCompanyPtr settle(LocalCompanyPtr local, const std::string& installation, const SettledCompanies& settled) {
    if (settled.empty() || !local->company) return local;
    const auto at = settled.find(*local->company);
    if (at == settled.end()) return local;
    const bool here = counts(at->second, installation, local->place);
    const bool leads = here && at->second.leader;
    if (here && (at->second.place.empty() || (local->settled && local->leads == leads))) return local;
    auto copy = std::make_shared<LocalCompany>(*local);
    const bool follower = !here && follows(at->second, installation, local->place);
    if (here || follower)
        copy->settled = true;
    else
        copy->ignored = true;
    copy->leads = leads;
    if (follower) copy->follows = at->second.leader;
    return copy;
}

namespace {

// A place that the configuration names for one company, and that shows another's number: neither is simply believed.
void note_contradiction(LocalView& view, const PlaceKey& key, const OrgNumber& company) {
    if (key.installation != view.installation) return;
    const auto at = std::lower_bound(view.companies.begin(), view.companies.end(), key.place, by_place);
    if (at == view.companies.end() || (*at)->place != key.place || !(*at)->company || (*at)->ignored) return;
    if ((*at)->company == company) return;
    auto copy = std::make_shared<LocalCompany>(**at);
    copy->contradicted = fail(
        Errc::new_company,
        N_("{place} shows {now}, but companies: in the configuration names it for {number}. Nothing is synchronized "
           "there until one of them is corrected, or someone says that it is right. See: samsynk held"),
        {{"place", key.installation + ":" + key.place},
         {"now", copy->company->masked()},
         {"number", company.masked()}});
    *at = std::move(copy);
}

}  // namespace

void settle(std::vector<LocalView>& views, const SettledCompanies& settled) {
    if (settled.empty()) return;
    for (LocalView& view : views)
        for (const auto& [company, choice] : settled) {
            if (!choice.leader) continue;
            note_contradiction(view, *choice.leader, company);
            for (const PlaceKey& follower : choice.followers) note_contradiction(view, follower, company);
        }
    for (LocalView& view : views) {
        for (const auto& [company, choice] : settled)
            if (choice.ignored || choice.installation != view.installation) view.elsewhere.insert(company);
        for (LocalCompanyPtr& local : view.companies) local = settle(std::move(local), view.installation, settled);
    }
}

void add_missing(std::vector<LocalView>& views, const Memory& memory, const SettledCompanies& settled) {
    std::optional<std::set<OrgNumber>> numbers;  // nearly always nothing is missing, and nobody asks for them
    for (LocalView& view : views) {
        if (!view.listed || view.trouble) continue;
        std::vector<LocalCompanyPtr> gone;
        auto at = view.companies.begin();
        for (const auto& [place, agreement] : memory.agreements.of(view.installation)) {
            while (at != view.companies.end() && (*at)->place < place) ++at;
            if (at != view.companies.end() && (*at)->place == place) continue;
            if (!numbers) numbers = numbers_in(views);
            if (numbers->contains(agreement.company)) continue;
            const auto choice = settled.find(agreement.company);
            const bool told_below = choice != settled.end() && choice->second.leader;
            if (told_below || (choice != settled.end() && !counts(choice->second, view.installation, place))) continue;
            // A person has said that it is none of ours.
            if (is_released(memory, view.installation, agreement.company)) continue;
            gone.push_back(missing({view.installation, place}, agreement.company,
                                   holds_claim(memory, view.installation, agreement.company)));
        }
        for (const LocalCompanyPtr& one : gone) insert_in_order(view, one);
        add_named(view, memory, settled);
    }
}

std::vector<LongMissing> long_missing(const std::vector<LocalView>& views, const Memory& memory, Time now,
                                      std::chrono::hours most) {
    std::vector<LongMissing> all;
    for (const auto& [key, parking] : memory.parked) {
        if (parking.reason.code != Errc::company_missing || now - parking.since < most) continue;
        const auto view = std::find_if(views.begin(), views.end(), [&wanted = key.installation](const LocalView& one) {
            return one.installation == wanted;
        });
        if (view == views.end()) continue;
        const auto at = std::lower_bound(view->companies.begin(), view->companies.end(), key.place, by_place);
        if (at == view->companies.end() || (*at)->place != key.place || !(*at)->missing || (*at)->follows) continue;
        const OrgNumber company = *(*at)->company;
        if (holds_claim(memory, key.installation, company)) all.push_back({key, company, parking.since});
    }
    return all;
}

}  // namespace samsynk::sync
