// What the configuration settles of a company for good: which of several places counts, or that none does.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sync/identity.hpp"

namespace samsynk::sync {

struct Settled {
    bool ignored = false;
    std::string installation;  ///< with `ignored` false: whose place counts
    std::string place;         ///< empty: whichever shows the number there
    /// The places that follow that one; with them `place` is not empty, and `leader` is the same place.
    std::vector<PlaceKey> followers;
    std::shared_ptr<const PlaceKey> leader;
};
using SettledCompanies = std::map<OrgNumber, Settled>;

/// The place that this one follows, if it follows one.
std::shared_ptr<const PlaceKey> leader_of(const PlaceKey& key, const OrgNumber& company,
                                          const SettledCompanies& settled);

/// The place as the configuration would have it: ignored where another one counts; settled where this one does, by
/// its name, or follows the one that does.
LocalCompanyPtr settle(LocalCompanyPtr local, const std::string& installation, const SettledCompanies& settled);
/// The same for all of them; also notes in each view which companies are settled to be elsewhere.
void settle(std::vector<LocalView>& views, const SettledCompanies& settled);

/// Adds to what was listed each place that there is an agreement with and that is not found there any more, set aside
/// as missing. Not where its number now stands in another place, which must be in one of the views: then it has moved;
/// nor where the configuration says otherwise. Also each place that the configuration says leads or follows and that is
/// not found.
void add_missing(std::vector<LocalView>& views, const Memory& memory, const SettledCompanies& settled);

/// A claim that is to be given up, as the company has been missing for so long.
struct LongMissing {
    PlaceKey key;
    OrgNumber company;
    Time since{};
};
std::vector<LongMissing> long_missing(const std::vector<LocalView>& views, const Memory& memory, Time now,
                                      std::chrono::hours most);

}  // namespace samsynk::sync
