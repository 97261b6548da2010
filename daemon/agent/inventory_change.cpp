#include "agent/inventory_change.hpp"

#include <algorithm>

#include "agent/report.hpp"

namespace samsynk::agent {
namespace {

// Of an installation that is there again, though this run did not come to the company.
CompanyStatus back(CompanyStatus company) {
    if (company.state != CompanyState::offline) return company;
    company.state = company.before_offline;
    company.reason.reset();
    return company;
}

CompanyStatus offline(CompanyStatus company, const Reason& why) {
    if (company.state == CompanyState::ignored) return company;
    if (company.state != CompanyState::offline) company.before_offline = company.state;
    company.state = CompanyState::offline;
    company.reason = why;
    return company;
}

class ChangeOf {
public:
    ChangeOf(const Findings& findings, const RunContext& context, const Inventory& known)
        : findings_{findings}, context_{context}, known_{known} {}

    InventoryChange result() {
        for (const sync::LocalView& view : findings_.views) {
            change_.installations.push_back(view.installation);
            if (!findings_.survey.is_listed(view.installation)) continue;
            if (view.trouble)
                add_offline(view);
            else
                change_.sizes.emplace(view.installation, view.size);
            change_.listed.try_emplace(view.installation);
        }
        if (findings_.plans.empty()) {
            for (const sync::LocalView& view : findings_.views)
                for (const sync::LocalCompanyPtr& local : view.companies) {
                    const CompanyStatus* was = known_.find({view.installation, local->place});
                    add(view, seen_only(view, local, was), was);
                }
        }
        for (std::size_t i = 0; i < findings_.plans.size(); ++i) {
            const CompanyStatus* was = known_.find(findings_.plans[i].key());
            add(*findings_.plans[i].standing.view, status_at(i, was), was);
        }
        for (const sync::LocalView& view : findings_.views)
            if (!view.others.empty()) add_others(view);
        return std::move(change_);
    }

private:
    void add(const sync::LocalView& view, CompanyStatus status, const CompanyStatus* was) {
        if (findings_.survey.is_listed(view.installation))
            change_.listed[view.installation].push_back(std::move(status));
        else if (!was || !(status == *was))
            change_.places.push_back(std::move(status));
    }

    bool all_done() const { return !findings_.failed && !findings_.shut && !findings_.unclaimed; }

    // What is equal on both sides still.
    void add_others(const sync::LocalView& view) {
        auto& all = change_.listed[view.installation];
        const auto in_question = static_cast<std::ptrdiff_t>(all.size());
        Inventory::Lookup lookup{known_, view.installation};
        for (const sync::LocalCompanyPtr& local : view.others) {
            CompanyStatus& status = all.emplace_back(*lookup.find(local->place));
            status.found = local;
            if (all_done() && !findings_.dry_run && status.state == CompanyState::synced)
                status.last_success = context_.clock.now();
        }
        std::inplace_merge(all.begin(), all.begin() + in_question, all.end(),
                           [](const auto& a, const auto& b) { return a.place() < b.place(); });
    }

    // An installation that is offline is not empty: what was known of it stands; after a start, what it was agreed
    // with.
    void add_offline(const sync::LocalView& view) {
        auto& all = change_.listed[view.installation];
        for (const CompanyStatus* company : known_.of(view.installation))
            all.push_back(offline(*company, view.trouble));
        if (!all.empty()) return;
        for (const auto& [place, agreement] : context_.memory().agreements.of(view.installation)) {
            sync::LocalCompany remembered{.place = place, .company = agreement.company};
            CompanyStatus company =
                pending_status(view.installation, std::make_shared<const sync::LocalCompany>(std::move(remembered)));
            company.agreed = agreement.base;
            all.push_back(offline(std::move(company), view.trouble));
        }
    }

    CompanyStatus status_at(std::size_t index, const CompanyStatus* was) const {
        const sync::CompanyPlan& plan = findings_.plans[index];
        const sync::LocalView& view = *plan.standing.view;
        const bool failed = findings_.failed.operator bool();
        if (was && (failed || findings_.left.contains(index))) return not_carried_out(view, *plan.standing.local, *was);
        const auto trouble = findings_.troubles.find(index);
        CompanyStatus company =
            status_of(plan, context_.memory(), trouble == findings_.troubles.end() ? nullptr : &trouble->second);
        // After a restart it is what was remembered of a company that failed.
        if (was) company.last_success = was->last_success;
        const Reason& shut = findings_.shut;
        const bool well = company.state == CompanyState::synced || company.state == CompanyState::waiting;
        if (well && shut && (findings_.unsent.contains(index) || plan.standing.set_aside == shut)) {
            company.state = CompanyState::waiting;
            company.reason = shut;
            return company;
        }
        if (well && failed) company.state = CompanyState::pending;
        company.unread = failed;
        // Of a run that failed in one direction no success is told: how old the last one is shows that it lasts.
        const bool done = all_done() && !plan.standing.set_aside;
        company.settled = done && is_settled(company, view);
        if (well && done && !findings_.dry_run && findings_.survey.is_fresh(plan.key()))
            company.last_success = context_.clock.now();
        return company;
    }

    // Where a run did not come to its plan: a choice that was made meanwhile is not sent yet.
    CompanyStatus seen_only(const sync::LocalView& view, const sync::LocalCompanyPtr& local,
                            const CompanyStatus* was) const {
        if (!was || local->trouble) {
            CompanyStatus status = pending_status(view.installation, local);
            if (was) status.last_success = was->last_success;
            status.unread = true;
            return status;
        }
        CompanyStatus status = not_carried_out(view, *local, *was);
        const bool chosen =
            std::any_of(sync::all_preferences.begin(), sync::all_preferences.end(), [&](sync::Preference preference) {
                return local->preferences[preference] && local->preferences[preference] != was->agreed[preference];
            });
        if (status.state != CompanyState::synced || !chosen || local->company != was->company()) return status;
        status.state = CompanyState::waiting;
        status.reason = findings_.failed;
        return status;
    }

    // What was planned on before still stands; unless that is equal on both sides now, too, it is read anew.
    CompanyStatus not_carried_out(const sync::LocalView& view, const sync::LocalCompany& local,
                                  const CompanyStatus& was) const {
        CompanyStatus status = back(was);
        const bool same = local.company == was.company() && local.preferences == was.local();
        status.settled = was.settled && same && is_settled(was, view);
        status.unread = !status.settled;
        return status;
    }

    // By what is remembered now.
    bool is_settled(const CompanyStatus& company, const sync::LocalView& view) const {
        const sync::Memory& memory = context_.memory();
        if (company.state == CompanyState::ignored) return !company.reason;
        if (company.state != CompanyState::synced) return false;
        const OrgNumber& number = *company.company();
        const sync::Agreement* agreed = memory.agreements.find_for(company.installation, *company.found);
        const auto online = memory.online.find(number);
        if (!agreed || online == memory.online.end()) return false;
        if (agreed->base != company.local() || online->second.preferences != company.local()) return false;
        if (view.keeps_notices && company.found->notice != online->second.notice) return false;
        const bool asked =
            std::any_of(sync::all_preferences.begin(), sync::all_preferences.end(), [&](auto preference) {
                return memory.approvals.contains({company.key(), preference}) ||
                       memory.doubts.contains({number, preference});
            });
        return !asked && !memory.parked.contains(company.key()) &&
               std::none_of(memory.operations.begin(), memory.operations.end(),
                            [&](const sync::Operation& operation) { return operation.company == number; }) &&
               std::none_of(memory.intents.begin(), memory.intents.end(),
                            [&](const sync::LocalIntent& intent) { return intent.key == company.key(); });
    }

    const Findings& findings_;
    const RunContext& context_;
    const Inventory& known_;
    InventoryChange change_;
};

}  // namespace

InventoryChange inventory_change(const Findings& findings, const RunContext& context, const Inventory& known) {
    return ChangeOf{findings, context, known}.result();
}

std::vector<InstallationStatus> installations_now(const Findings& findings, const Sides& sides,
                                                  const std::vector<InstallationStatus>& known) {
    std::vector<InstallationStatus> all;
    for (std::size_t i = 0; i < sides.locals.size(); ++i) {
        const sync::LocalView& view = findings.views[i];
        InstallationStatus status = status_of(*sides.locals[i]);
        status.trouble = view.trouble;
        const auto was = std::find_if(known.begin(), known.end(), [&](const auto& one) { return one.id == status.id; });
        const auto is_there = [](const sync::LocalCompanyPtr& company) { return !company->missing; };
        if (findings.survey.is_listed(status.id))
            status.companies = view.others.size() + static_cast<std::size_t>(std::count_if(
                                                        view.companies.begin(), view.companies.end(), is_there));
        else if (was != known.end())
            status.companies = was->companies;
        all.push_back(std::move(status));
    }
    return all;
}

}  // namespace samsynk::agent
