// What a run looks at. All triggers lead to the same run and differ in this only.
#pragma once

#include <set>
#include <string>

#include "sync/model.hpp"

namespace samsynk::agent {

/// Everything, or what is named here. Whatever is not settled is looked at beside it.
struct Scope {
    bool all = false;
    std::set<std::string> installations;  ///< all of them: what changed there can't be told
    std::set<sync::PlaceKey> places;
    std::set<OrgNumber> companies;

    static Scope everything() { return {.all = true, .installations = {}, .places = {}, .companies = {}}; }
    static Scope of_company(const OrgNumber& company) {
        return {.all = false, .installations = {}, .places = {}, .companies = {company}};
    }

    bool names(const std::string& installation, const sync::LocalCompany& local) const;
    bool covers(const Scope& other) const;  ///< a run of this does what a run of `other` would
    void add(Scope other);
};

}  // namespace samsynk::agent
