#include "sync/identity.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "core/company_name.hpp"

namespace samsynk::sync {
namespace {

// The places that claim one number, and those of them that it was agreed with.
struct Claimants {
    std::vector<std::size_t> places;
    std::vector<std::size_t> agreed;
    std::string unseen;  // a place with an agreement in an installation that is offline now
};

std::string where(const Standing& standing) { return standing.view->installation + ":" + standing.local->place; }

Error changed(const LocalView& view, const LocalCompany& local, const Agreement& agreement) {
    return fail(
        Errc::identity_changed,
        N_("{place} was {before} and now shows {now}. Nothing is synchronized there until someone says that it is "
           "right. See: samsynk held"),
        {{"place", view.installation + ":" + local.place},
         {"before", agreement.company.masked()},
         {"now", local.company->masked()}});
}

Error is_new(const LocalView& view, const LocalCompany& local) {
    return fail(
        Errc::new_company,
        N_("{place} shows {number}, which is new there. Nothing is synchronized until someone says that it is right. "
           "See: samsynk held"),
        {{"place", view.installation + ":" + local.place}, {"number", local.company->masked()}});
}

Error is_of_another(const LocalView& view, const LocalCompany& local, const Agreement* agreement, std::string place) {
    return fail(agreement ? Errc::identity_changed : Errc::new_company,
                N_("{place} shows {number}, but {file} there was exported from the company folder {other}. Nothing is "
                   "synchronized until someone says that it is right. See: samsynk held"),
                {{"place", view.installation + ":" + local.place},
                 {"number", local.company->masked()},
                 {"file", local.identity_source},
                 {"other", std::move(place)}});
}

// The places of one installation by their names, whatever the letter case. Made where the first one asks.
class PlacesByName {
public:
    /// Which other place the file that told this one's number was exported from, if any.
    std::optional<std::string> origin_of(const LocalView& view, const LocalCompany& local) {
        if (local.exported_from.empty()) return std::nullopt;
        if (of_ != &view) {
            of_ = &view;
            places_.clear();
            for (const auto* some : {&view.companies, &view.others})
                for (const LocalCompanyPtr& one : *some) places_.emplace(case_folded(one->place), one->place);
        }
        const auto at = places_.find(local.exported_from);
        if (at == places_.end() || at->second == local.place) return std::nullopt;
        return at->second;
    }

private:
    const LocalView* of_ = nullptr;
    std::unordered_map<std::string, std::string> places_;
};

Standing stand(const LocalView& view, const LocalCompanyPtr& found, const Memory& memory, PlacesByName& places) {
    const LocalCompany& local = *found;
    Standing standing{.view = &view, .local = found, .agreement = nullptr, .set_aside = {}};
    if (local.ignored) return standing;
    standing.set_aside = local.trouble;
    if (!local.company) return standing;
    const Agreement* agreement = memory.agreements.find({view.installation, local.place});
    if (agreement && agreement->company == *local.company) {
        if (holds_for(*agreement, local)) standing.agreement = agreement;
        standing.new_part = !standing.agreement;
        return standing;
    }
    standing.replaced = agreement != nullptr;
    if (local.settled || standing.set_aside) return standing;
    const auto origin = places.origin_of(view, local);
    if (!agreement && !view.asks_for_new && !origin && !local.contradicted) return standing;
    const auto answer = memory.approvals.find({PlaceKey{view.installation, local.place}, std::optional<Preference>{}});
    if (answer != memory.approvals.end() && answer->second.row.company == *local.company) {
        standing.take = answer->second.take;
    } else {
        standing.needs_person = true;
        standing.set_aside = origin               ? is_of_another(view, local, agreement, *origin)
                             : agreement          ? changed(view, local, *agreement)
                             : local.contradicted ? *local.contradicted
                                                  : is_new(view, local);
    }
    return standing;
}

// What a place says that nobody has accepted yet stands against no other.
bool is_refused(const Standing& standing) { return standing.needs_person; }

// Of the companies that were agreed with places which can't be read now, not so far as to tell whose they are, or which
// say to be another's and nobody has accepted it: where. They stand for them still.
std::unordered_map<OrgNumber, std::string> unseen_places(const std::vector<Standing>& standings,
                                                         const std::vector<LocalView>& views, const Memory& memory) {
    std::unordered_map<OrgNumber, std::string> unseen;
    const auto note = [&](const LocalView& view, const std::string& place, const Agreement& agreement) {
        if (!agreement.follows && !view.elsewhere.contains(agreement.company))
            unseen[agreement.company] = view.installation + ":" + place;
    };
    for (const LocalView& view : views)
        if (view.trouble)
            for (const auto& [place, agreement] : memory.agreements.of(view.installation)) note(view, place, agreement);
    for (const Standing& standing : standings) {
        if (standing.local->ignored || (standing.local->company && !is_refused(standing))) continue;
        if (const Agreement* known = memory.agreements.find({standing.view->installation, standing.local->place}))
            note(*standing.view, standing.local->place, *known);
    }
    return unseen;
}

// The numbers that more than one place claims, or that one does and an installation that is offline had. There are many
// places and few such numbers, so the places are put in order of number, and only neighbours are looked at.
std::vector<Claimants> shared_numbers(const std::vector<Standing>& standings, const std::vector<LocalView>& views,
                                      const Memory& memory) {
    std::vector<std::pair<OrgNumber, std::size_t>> places;
    places.reserve(standings.size());
    for (std::size_t i = 0; i < standings.size(); ++i)
        if (const LocalCompany& local = *standings[i].local;
            local.company && !local.ignored && !local.follows && !is_refused(standings[i]))
            places.emplace_back(*local.company, i);
    std::sort(places.begin(), places.end());
    const auto unseen = unseen_places(standings, views, memory);
    std::vector<Claimants> shared;
    for (auto at = places.begin(); at != places.end();) {
        const auto end = std::find_if(at, places.end(), [&](const auto& one) { return one.first != at->first; });
        const auto elsewhere = unseen.find(at->first);
        if (end - at > 1 || elsewhere != unseen.end()) {
            Claimants& claimants = shared.emplace_back();
            if (elsewhere != unseen.end()) claimants.unseen = elsewhere->second;
            for (; at != end; ++at) {
                claimants.places.push_back(at->second);
                if (standings[at->second].agreement) claimants.agreed.push_back(at->second);
            }
        }
        at = end;
    }
    return shared;
}

// Where another place led before, what it and this one hold may differ for reasons that nobody here knows.
void note_new_leaders(std::vector<Standing>& standings, const std::vector<LocalView>& views, const Memory& memory) {
    std::map<OrgNumber, Standing*> unknown;
    for (Standing& standing : standings) {
        const LocalCompany& local = *standing.local;
        if (local.leads && local.company && !standing.agreement) unknown.emplace(*local.company, &standing);
    }
    if (unknown.empty()) return;
    for (const LocalView& view : views)
        for (const auto& [place, agreement] : memory.agreements.of(view.installation))
            if (const auto at = unknown.find(agreement.company); at != unknown.end() && !agreement.follows)
                at->second->new_part = true;
}

void set_aside_duplicates(std::vector<Standing>& standings, const Claimants& claimants) {
    if (claimants.places.size() + (claimants.unseen.empty() ? 0 : 1) < 2) return;
    // The configuration names the place, whatever stands where nothing can be read now.
    if (claimants.places.size() == 1 && standings[claimants.places.front()].local->leads) return;
    const bool one_goes_on = claimants.agreed.size() == 1 && claimants.unseen.empty();
    for (const std::size_t place : claimants.places) {
        Standing& standing = standings[place];
        if (standing.set_aside || (one_goes_on && standing.agreement)) continue;
        std::string others = claimants.unseen;
        for (const std::size_t other : claimants.places)
            if (other != place) others += (others.empty() ? "" : ", ") + where(standings[other]);
        standing.needs_person = true;
        standing.set_aside =
            fail(Errc::duplicate,
                 N_("{number} stands both in {place} and in {others}. Write “ignore: true” in samsynk/company.yaml of "
                    "those that are copies. Where both are in use, as for two businesses of one person, name under "
                    "companies: in the configuration which leads and which follow."),
                 {{"number", standing.local->company->masked()}, {"place", where(standing)}, {"others", others}});
    }
}

}  // namespace

std::size_t companies_in(const LocalView& view) {
    return static_cast<std::size_t>(std::count_if(view.companies.begin(), view.companies.end(), [](const auto& local) {
        return local->company && !local->ignored && !local->missing;
    }));
}

bool is_of_identity(Errc code) {
    return code == Errc::duplicate || code == Errc::identity_changed || code == Errc::new_company;
}

std::vector<Standing> identify(const std::vector<LocalView>& views, const Memory& memory) {
    std::vector<Standing> standings;
    std::size_t count = 0;
    for (const LocalView& view : views) count += view.companies.size();
    standings.reserve(count);
    PlacesByName places;
    for (const LocalView& view : views)
        for (const LocalCompanyPtr& local : view.companies) standings.push_back(stand(view, local, memory, places));
    for (const Claimants& claimants : shared_numbers(standings, views, memory))
        set_aside_duplicates(standings, claimants);
    note_new_leaders(standings, views, memory);
    return standings;
}

}  // namespace samsynk::sync
