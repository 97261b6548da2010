// What a run publishes: of each company and installation, with what was known before where it did not look.
#include <algorithm>
#include <unordered_map>

#include "agent/report.hpp"
#include "agent/run.hpp"

namespace samsynk::agent {
namespace {

struct PlaceHash {
    std::size_t operator()(const std::pair<std::string_view, std::string_view>& place) const {
        return std::hash<std::string_view>{}(place.first) * 31 + std::hash<std::string_view>{}(place.second);
    }
};

// Nearly always they are asked for in the order in which they stand.
class Published {
public:
    explicit Published(const CompanyList& all) : all_{all} {}

    const CompanyStatus* operator()(const std::string& installation, const std::string& place) {
        if (next_ < all_.size() && all_[next_].place() == place && all_[next_].installation == installation)
            return &all_[next_++];
        if (known_.empty())
            for (std::size_t i = 0; i < all_.size(); ++i)
                known_.emplace(std::pair{std::string_view{all_[i].installation}, std::string_view{all_[i].place()}}, i);
        const auto at = known_.find({installation, place});
        if (at == known_.end()) return nullptr;
        next_ = at->second + 1;
        return &all_[at->second];
    }

private:
    const CompanyList& all_;
    std::size_t next_ = 0;
    std::unordered_map<std::pair<std::string_view, std::string_view>, std::size_t, PlaceHash> known_;
};

// Of an installation that is there again, though this run did not come to the company.
CompanyStatus known(CompanyStatus company) {
    if (company.state != CompanyState::offline) return company;
    company.state = company.before_offline;
    company.reason.reset();
    return company;
}

// What a run that did not come to its plan has seen of one: a choice made here meanwhile is not sent yet.
CompanyStatus seen_only(const CompanyStatus* was, const std::string& installation, const sync::LocalCompanyPtr& local,
                        const Reason& failed) {
    if (!was || local->trouble) {
        CompanyStatus status = pending_status(installation, local);
        if (was) status.last_success = was->last_success;
        return status;
    }
    CompanyStatus status = known(*was);
    const bool chosen =
        std::any_of(sync::all_preferences.begin(), sync::all_preferences.end(), [&](sync::Preference preference) {
            return local->preferences[preference] && local->preferences[preference] != was->agreed[preference];
        });
    if (status.state != CompanyState::synced || !chosen || local->company != was->company()) return status;
    status.state = CompanyState::waiting;  // `found` stays: by it the next run tells that this one changed
    status.reason = failed;
    return status;
}

CompanyStatus offline(CompanyStatus company, const Reason& why) {
    if (company.state == CompanyState::ignored) return company;
    if (company.state != CompanyState::offline) company.before_offline = company.state;
    company.state = CompanyState::offline;
    company.reason = why;
    return company;
}

}  // namespace

// Of the companies whose name was not seen before here; after a start all of them are, and were told of before it.
std::vector<OrgNumber> Run::newly_named(const Status& before) const {
    std::vector<OrgNumber> companies;
    if (before.installations.empty()) return companies;
    Published old{*before.companies};
    for (std::size_t i = 0; i < plans_.size() && companies.size() < batch_size; ++i) {
        const sync::LocalCompanyPtr& local = plans_[i].standing.local;
        if (!local->company || local->ignored || local->name.empty()) continue;
        const CompanyStatus* was =
            part_ ? &(*before.companies)[part_->known[i]] : old(plans_[i].standing.view->installation, local->place);
        if (!was || (was->found != local && was->found->name != local->name)) companies.push_back(*local->company);
    }
    return companies;
}

// `names` are those that came in this run. Where the store can't be read, the next run tells of it.
boost::asio::awaitable<void> Run::tell_names(OnlineNames names, const Status& before) {
    std::vector<OrgNumber> companies = newly_named(before);
    if (!companies.empty()) {
        const auto records = co_await context_.store.records(std::move(companies));
        if (records.has_value())
            for (const sync::Record& record : *records) names.emplace(record.company, record.name);
    }
    context_.name_notices.tell(plans_, names, context_.events, id_);
}

// The counts, and a line for each company whose state is another than before.
void Run::tell_companies(RunReport& report, const CompanyList& before) const {
    const auto named = [this](const CompanyStatus& company) { return is_named(company.installation, *company.found); };
    if (!part_) {
        summarize(report.result, *report.companies, named);
        if (!request_.dry_run) publish_transitions(context_.events, id_, before, *report.companies);
        return;
    }
    std::vector<CompanyStatus> then, now;
    for (const std::size_t at : part_->known) {
        then.push_back(before[at]);
        now.push_back((*report.companies)[at]);
    }
    const CompanyList looked_at{std::move(now)};
    summarize(report.result, looked_at, named);
    publish_transitions(context_.events, id_, CompanyList{std::move(then)}, looked_at);
}

CompanyStatus Run::status_at(std::size_t index, const CompanyStatus* was, bool failed) const {
    const sync::CompanyPlan& plan = plans_[index];
    if (was && (failed || !asked_for(plan))) return known(*was);
    const auto trouble = troubles_.find(index);
    CompanyStatus company =
        status_of(plan, context_.ledger.memory(), trouble == troubles_.end() ? nullptr : &trouble->second);
    // After a restart it is what was remembered of a company that failed.
    if (was) company.last_success = was->last_success;
    const bool well = company.state == CompanyState::synced || company.state == CompanyState::waiting;
    if (well && shut_ && (unsent_.contains(index) || plan.standing.set_aside == shut_)) {
        company.state = CompanyState::waiting;
        company.reason = shut_;
        return company;
    }
    if (well && failed) company.state = CompanyState::pending;
    // Of a run that failed in one direction no success is told: how old the last one is shows that it lasts.
    const bool all_done = !failed && !shut_ && !unclaimed_ && !plan.standing.set_aside;
    if (well && all_done && !request_.dry_run) company.last_success = context_.clock.now();
    return company;
}

CompanyList Run::statuses(const CompanyList& before, const Reason& failed) const {
    if (!part_) return CompanyList{statuses_of_all(before, failed)};
    std::map<std::size_t, CompanyStatus> now;
    for (std::size_t i = 0; i < plans_.size(); ++i)
        now.emplace(part_->known[i], status_at(i, &before[part_->known[i]], failed.has_value()));
    return before.with(std::move(now));
}

std::vector<CompanyStatus> Run::statuses_of_all(const CompanyList& before, const Reason& failed) const {
    Published old{before};
    std::vector<CompanyStatus> now;
    now.reserve(std::max(plans_.size(), before.size()));
    if (plans_.empty())
        for (const sync::LocalView& view : views_)
            for (const sync::LocalCompanyPtr& local : view.companies)
                now.push_back(seen_only(old(view.installation, local->place), view.installation, local, failed));
    for (std::size_t i = 0; i < plans_.size(); ++i) {
        const sync::Standing& standing = plans_[i].standing;
        const CompanyStatus* was = old(standing.view->installation, standing.local->place);
        now.push_back(status_at(i, was, failed.has_value()));
    }
    for (const sync::LocalView& view : views_)
        if (view.trouble) add_offline(now, view, before);
    return now;
}

// An installation that is offline is not empty: what was known of it stands; after a start, what it was agreed with.
void Run::add_offline(std::vector<CompanyStatus>& all, const sync::LocalView& view, const CompanyList& before) const {
    const std::size_t others = all.size();
    for (const CompanyStatus& company : before)
        if (company.installation == view.installation) all.push_back(offline(company, view.trouble));
    if (all.size() > others) return;
    for (const auto& [place, agreement] : context_.ledger.memory().agreements.of(view.installation)) {
        sync::LocalCompany remembered{.place = place, .company = agreement.company};
        CompanyStatus company =
            pending_status(view.installation, std::make_shared<const sync::LocalCompany>(std::move(remembered)));
        company.agreed = agreement.base;
        all.push_back(offline(std::move(company), view.trouble));
    }
}

std::vector<InstallationStatus> Run::installations() const {
    std::vector<InstallationStatus> all;
    for (const auto& local : context_.sides.locals) {
        InstallationStatus status = status_of(*local);
        for (const sync::LocalView& view : views_)
            if (view.installation == status.id) {
                status.companies =
                    static_cast<std::size_t>(std::count_if(view.companies.begin(), view.companies.end(),
                                                           [](const auto& company) { return !company->missing; }));
                status.trouble = view.trouble;
            }
        all.push_back(std::move(status));
    }
    return all;
}

}  // namespace samsynk::agent
