// The local side as one run sees it: what it read itself, and what is known of the rest. It reads what the scope names,
// and as much more as is needed to tell what that means.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "agent/scope.hpp"
#include "agent/sides.hpp"
#include "agent/status.hpp"
#include "sync/plan.hpp"

namespace samsynk::agent {

struct SurveyOptions {
    bool look_only = false;  ///< a dry run: no marker is left
    bool trusting = false;   ///< what a connector was not told of may be taken for unchanged (see LocalSide::scan)
    bool by_person = false;  ///< who names a number that stands nowhere may have put it somewhere just now
    bool anew = false;       ///< what is known can't be gone by: all that is found is in question
};

class Survey {
public:
    Survey(Sides& sides, const sync::Memory& memory, const Status& before, SurveyOptions options);

    /// Reads what is in scope, and the places of `changed`, whose records are news. What can't be told by itself is
    /// told by a list of its whole installation: a place that is not known, is there no more, or shows a number that
    /// was not agreed with it. An installation that is offline has an error; this never fails as a whole.
    boost::asio::awaitable<void> discover(Scope scope, std::set<OrgNumber> changed);
    /// Reads the places where these plans would do something and that are only known; false where there are none.
    boost::asio::awaitable<bool> read_before_acting(const std::vector<sync::CompanyPlan>& plans);

    /// All that the plan needs to see: what was listed or read and differs or is in scope, what is not settled, and
    /// every place that shows, or was agreed with, one of their numbers. One view an installation, in the order
    /// configured.
    std::vector<sync::LocalView> views() const;
    /// The markers that were left or found.
    sync::Commit take_markers() { return std::exchange(markers_, {}); }

    bool is_fresh(const sync::PlaceKey& key) const;  ///< it was read or listed in this run
    bool is_listed(const std::string& installation) const { return lists_.contains(installation); }
    /// Every installation was listed, or could not be.
    bool is_complete() const { return lists_.size() == sides_.locals.size(); }

private:
    struct Listed {
        std::vector<sync::LocalCompanyPtr> companies;
        Reason error;
    };

    boost::asio::awaitable<void> list(const std::string& installation);
    boost::asio::awaitable<void> list_all();
    Async<std::vector<sync::LocalCompanyPtr>> scan(LocalSide& local);
    boost::asio::awaitable<void> look(sync::PlaceKey key, bool keep);
    boost::asio::awaitable<bool> is_same_root(LocalSide& local);
    boost::asio::awaitable<void> close();
    sync::LocalView view_of(const LocalSide& local) const;
    bool is_open(const CompanyStatus* known, const sync::LocalCompany& now) const;
    void set_settled_apart(std::vector<sync::LocalView>& views) const;
    Reason error_of(const std::string& installation) const;
    LocalSide* side(const std::string& installation) const;

    Sides& sides_;
    const sync::Memory& memory_;
    const Status& before_;
    const Inventory& known_;
    SurveyOptions options_;
    std::map<std::string, Listed> lists_;
    std::map<sync::PlaceKey, sync::LocalCompanyPtr> read_;    ///< of installations that were not listed
    std::map<sync::PlaceKey, sync::LocalCompanyPtr> looked_;  ///< what the plan is to see of those, as read or as known
    std::set<OrgNumber> changed_;
    std::set<std::string> same_roots_;
    sync::Commit markers_;
};

}  // namespace samsynk::agent
