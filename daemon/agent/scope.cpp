#include "agent/scope.hpp"

#include <algorithm>

namespace samsynk::agent {

bool Scope::names(const std::string& installation, const sync::LocalCompany& local) const {
    return all || (local.company && companies.contains(*local.company)) || installations.contains(installation) ||
           places.contains({installation, local.place});
}

bool Scope::covers(const Scope& other) const {
    if (all) return true;
    const bool places_too = std::all_of(other.places.begin(), other.places.end(), [&](const sync::PlaceKey& key) {
        return places.contains(key) || installations.contains(key.installation);
    });
    return !other.all && places_too &&
           std::includes(installations.begin(), installations.end(), other.installations.begin(),
                         other.installations.end()) &&
           std::includes(companies.begin(), companies.end(), other.companies.begin(), other.companies.end());
}

void Scope::add(Scope other) {
    all = all || other.all;
    installations.merge(other.installations);
    places.merge(other.places);
    companies.merge(other.companies);
}

}  // namespace samsynk::agent
