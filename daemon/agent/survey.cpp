#include "agent/survey.hpp"

#include <algorithm>

#include "core/ids.hpp"
#include "sync/settled.hpp"

namespace samsynk::agent {
namespace {

constexpr std::size_t most_reads = 500;  ///< for more places than that, lists are as quick

// All but when it was chosen, which is for people only.
bool same_content(const sync::LocalCompany& a, const sync::LocalCompany& b) {
    return a.place == b.place && a.company == b.company && a.name == b.name && a.preferences == b.preferences &&
           a.notice == b.notice && a.trouble == b.trouble && a.ignored == b.ignored && a.settled == b.settled &&
           (a.follows != nullptr) == (b.follows != nullptr);
}

// Whether anything would be written, sent or remembered by it.
bool has_work(const sync::CompanyPlan& plan, const sync::Memory& memory) {
    if (!plan.acting()) return false;
    if (plan.bind || plan.has(sync::Action::push) || plan.has(sync::Action::write_local) ||
        plan.has(sync::Action::rebase))
        return true;
    const auto online = memory.online.find(*plan.standing.local->company);
    return plan.standing.view->keeps_notices && online != memory.online.end() &&
           online->second.notice != plan.standing.local->notice;
}

// The places that belong together: those of one number, whoever shows it or was agreed with it, and who leads.
class Closure {
public:
    Closure(const Inventory& known, const sync::Memory& memory) : known_{known}, memory_{memory} {}

    /// `local`: what stands there, as far as that is known.
    void add(const sync::PlaceKey& key, const sync::LocalCompany* local) {
        if (const CompanyStatus* known = known_.find(key)) add_numbers(*known->found);
        if (local) add_numbers(*local);
        if (const auto* agreed = memory_.agreements.find(key)) add_number(agreed->company);
    }
    void add_number(const OrgNumber& number) {
        if (numbers_.insert(number).second) open_.push_back(number);
    }
    /// The next place to be added; null where there is none.
    const CompanyStatus* next() {
        while (places_.empty() && !open_.empty()) {
            places_ = known_.with_number(open_.back());
            open_.pop_back();
        }
        if (places_.empty()) return nullptr;
        const CompanyStatus* place = places_.back();
        places_.pop_back();
        return place;
    }

private:
    void add_numbers(const sync::LocalCompany& local) {
        if (local.company) add_number(*local.company);
        if (!local.follows) return;
        if (const CompanyStatus* leader = known_.find(*local.follows)) places_.push_back(leader);
    }

    const Inventory& known_;
    const sync::Memory& memory_;
    std::set<OrgNumber> numbers_;
    std::vector<OrgNumber> open_;
    std::vector<const CompanyStatus*> places_;
};

}  // namespace

Survey::Survey(Sides& sides, const sync::Memory& memory, const Status& before, SurveyOptions options)
    : sides_{sides}, memory_{memory}, before_{before}, known_{*before.companies}, options_{options} {}

LocalSide* Survey::side(const std::string& installation) const {
    for (const auto& local : sides_.locals)
        if (local->name() == installation) return local.get();
    return nullptr;
}

Reason Survey::error_of(const std::string& installation) const {
    if (const auto listed = lists_.find(installation); listed != lists_.end()) return listed->second.error;
    for (const InstallationStatus& known : before_.installations)
        if (known.id == installation) return known.trouble;
    return {};
}

bool Survey::is_fresh(const sync::PlaceKey& key) const { return is_listed(key.installation) || read_.contains(key); }

boost::asio::awaitable<void> Survey::discover(Scope scope, std::set<OrgNumber> changed) {
    changed_ = std::move(changed);
    bool all = scope.all || known_.empty();
    std::map<sync::PlaceKey, bool> wanted;  // and whether it is of interest where nothing changed
    for (const sync::PlaceKey& key : scope.places) wanted.emplace(key, false);
    for (const sync::LocalIntent& intent : memory_.intents) wanted[intent.key] = true;
    for (const sync::PlaceKey& key : known_.unsettled())
        if (known_.find(key)->unread) wanted[key] = true;
    for (const OrgNumber& company : changed_)
        for (const CompanyStatus* place : known_.with_number(company)) wanted[place->key()] = true;
    for (const OrgNumber& company : scope.companies) {
        const auto places = known_.with_number(company);
        for (const CompanyStatus* place : places) wanted[place->key()] = true;
        all = all || (places.empty() && options_.by_person);
    }
    if (all || wanted.size() > most_reads) {
        co_await list_all();
    } else {
        for (const std::string& installation : scope.installations) co_await list(installation);
        for (const auto& [key, keep] : wanted) co_await look(key, keep);
    }
    co_await close();
}

boost::asio::awaitable<bool> Survey::read_before_acting(const std::vector<sync::CompanyPlan>& plans) {
    std::vector<sync::PlaceKey> unread;
    for (const sync::CompanyPlan& plan : plans)
        if (has_work(plan, memory_) && !is_fresh(plan.key())) unread.push_back(plan.key());
    for (const sync::PlaceKey& key : unread) co_await look(key, true);
    if (!unread.empty()) co_await close();
    co_return !unread.empty();
}

boost::asio::awaitable<void> Survey::list_all() {
    for (const auto& local : sides_.locals) co_await list(local->name());
}

boost::asio::awaitable<void> Survey::list(const std::string& installation) {
    LocalSide* local = side(installation);
    if (!local || lists_.contains(installation)) co_return;
    auto companies = co_await scan(*local);
    Listed& listed = lists_[installation];
    if (companies.has_error())
        listed.error = companies.error();
    else
        listed.companies = std::move(*companies);
}

Async<std::vector<sync::LocalCompanyPtr>> Survey::scan(LocalSide& local) {
    auto companies = co_await local.scan(options_.trusting);
    ++sides_.answers;
    if (companies.has_error()) co_return companies;
    auto marker = co_await local.mark();
    if (marker.has_error()) co_return marker.error();
    const auto known = memory_.marks.find(local.name());
    if (known != memory_.marks.end()) {
        if (*marker == known->second) co_return companies;
        co_return fail(Errc::installation_offline,
                       N_("{path} is not the folder that it was: {file} should say {mark}. Nothing is changed until it "
                          "does. If it is the right folder, write that into the file."),
                       {{"path", local.location()}, {"file", local.mark_file()}, {"mark", known->second}});
    }
    if (options_.look_only) co_return companies;
    if (marker->empty()) {
        *marker = new_uuid();
        // Where nothing can be left, the folder can't be told from another: that is so, and is no reason to stop.
        if (auto left = co_await local.leave_mark(*marker); left.has_error()) co_return companies;
    }
    markers_.marks.push_back({local.name(), *marker});
    co_return companies;
}

boost::asio::awaitable<bool> Survey::is_same_root(LocalSide& local) {
    if (error_of(local.name())) co_return false;
    const auto known = memory_.marks.find(local.name());
    if (known == memory_.marks.end() || same_roots_.contains(local.name())) co_return true;
    const auto marker = co_await local.mark();
    if (marker.has_error() || *marker != known->second) co_return false;
    same_roots_.insert(local.name());
    co_return true;
}

// `keep`: also where nothing changed there.
boost::asio::awaitable<void> Survey::look(sync::PlaceKey key, bool keep) {
    LocalSide* local = side(key.installation);
    if (!local || is_fresh(key)) co_return;
    const CompanyStatus* known = known_.find(key);
    if (!known || !co_await is_same_root(*local)) co_return co_await list(key.installation);
    auto now = co_await local->read(key.place);
    ++sides_.answers;
    if (now.has_error() && now.error().code == Errc::not_found && known->found->missing) co_return;
    if (now.has_error()) co_return co_await list(key.installation);
    *now = sync::settle(std::move(*now), key.installation, sides_.policy.settled);
    if (!keep && known->settled && same_content(*known->found, **now)) co_return;
    const auto* agreed = memory_.agreements.find(key);
    const bool another = agreed && (*now)->company && *(*now)->company != agreed->company;
    if ((!agreed && !(*now)->ignored) || another) co_return co_await list(key.installation);
    read_.insert_or_assign(std::move(key), std::move(*now));
}

// A company that is missing at one place, and shown by another one now, has moved: a list tells.
boost::asio::awaitable<void> Survey::close() {
    for (bool again = true; std::exchange(again, false);) {
        looked_.clear();
        Closure closure{known_, memory_};
        const auto see = [&](const sync::PlaceKey& key, sync::LocalCompanyPtr local) {
            if (is_listed(key.installation) || error_of(key.installation) || looked_.contains(key)) return;
            closure.add(key, local.get());
            looked_.emplace(key, std::move(local));
        };
        std::set<OrgNumber> shown;
        for (const auto& [key, local] : read_) {
            see(key, local);
            if (local->company && !local->ignored && !local->follows) shown.insert(*local->company);
        }
        if (!is_complete())
            for (const auto& [installation, listed] : lists_) {
                for (const auto& [place, agreed] : memory_.agreements.of(installation))
                    closure.add_number(agreed.company);
                for (const sync::LocalCompanyPtr& local : listed.companies) {
                    closure.add({installation, local->place}, local.get());
                    if (local->company) shown.insert(*local->company);
                }
            }
        for (const sync::PlaceKey& key : known_.unsettled())
            if (side(key.installation)) see(key, known_.find(key)->found);
        while (const CompanyStatus* place = closure.next()) see(place->key(), place->found);
        for (const auto& [key, local] : looked_)
            if (local->missing && shown.contains(*local->company)) {
                again = true;
                co_await list(key.installation);
                break;
            }
    }
}

sync::LocalView Survey::view_of(const LocalSide& local) const {
    sync::LocalView view{.installation = local.name(), .companies = {}, .trouble = error_of(local.name())};
    view.keeps_notices = local.capabilities().write_collaboration;
    view.asks_for_new = sides_.policy.asks_for_new.contains(local.name());
    if (const auto listed = lists_.find(local.name()); listed != lists_.end()) {
        view.listed = !listed->second.error;
        view.companies = listed->second.companies;
        return view;
    }
    for (auto at = looked_.lower_bound({local.name(), {}});
         at != looked_.end() && at->first.installation == local.name(); ++at)
        view.companies.push_back(at->second);
    return view;
}

// Whether there is more to be told of a place than that nothing changed.
bool Survey::is_open(const CompanyStatus* known, const sync::LocalCompany& now) const {
    return !known || !known->settled || known->state == CompanyState::offline ||
           (known->found.get() != &now && !same_content(*known->found, now)) ||
           (now.company && changed_.contains(*now.company));
}

void Survey::set_settled_apart(std::vector<sync::LocalView>& views) const {
    if (options_.anew || known_.empty()) return;
    Closure closure{known_, memory_};
    for (const auto& [key, local] : looked_) closure.add(key, local.get());
    std::vector<std::vector<bool>> open(views.size());
    for (std::size_t i = 0; i < views.size(); ++i) {
        if (!views[i].listed) continue;
        Inventory::Lookup lookup{known_, views[i].installation};
        for (const sync::LocalCompanyPtr& local : views[i].companies) {
            open[i].push_back(is_open(lookup.find(local->place), *local));
            if (open[i].back()) closure.add({views[i].installation, local->place}, local.get());
        }
    }
    std::set<sync::PlaceKey> related;
    while (const CompanyStatus* place = closure.next()) related.insert(place->key());
    for (std::size_t i = 0; i < views.size(); ++i) {
        std::vector<sync::LocalCompanyPtr> in_question;
        for (std::size_t at = 0; at < open[i].size(); ++at) {
            sync::LocalCompanyPtr& local = views[i].companies[at];
            const bool asked = open[i][at] || related.contains({views[i].installation, local->place});
            (asked ? in_question : views[i].others).push_back(std::move(local));
        }
        if (views[i].listed) views[i].companies = std::move(in_question);
    }
}

std::vector<sync::LocalView> Survey::views() const {
    std::vector<sync::LocalView> views;
    for (const auto& local : sides_.locals) views.push_back(view_of(*local));
    sync::settle(views, sides_.policy.settled);
    sync::add_missing(views, memory_, sides_.policy.settled);
    for (sync::LocalView& view : views)
        view.size = view.listed ? sync::companies_in(view) : known_.companies_in(view.installation);
    set_settled_apart(views);
    return views;
}

}  // namespace samsynk::agent
