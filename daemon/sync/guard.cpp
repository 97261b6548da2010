#include "sync/guard.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace samsynk::sync {
namespace {

using Where = std::pair<std::string, Side>;  // installation, and whose value wins

Side winner(const Step& step) { return step.action == Action::write_local ? Side::online : Side::local; }

struct Overwritten {
    const LocalView* view = nullptr;
    std::vector<OrgNumber> companies;
};

// The companies that would be overwritten now. Plans of one installation lie together, so it is looked up once.
std::map<Where, Overwritten> would_be_overwritten(const std::vector<CompanyPlan>& plans,
                                                  const std::vector<std::size_t>& chosen) {
    std::map<Where, Overwritten> overwritten;
    const LocalView* view = nullptr;
    std::array<Overwritten*, 2> of_view{};
    for (const std::size_t index : chosen) {
        const CompanyPlan& plan = plans[index];
        if (!plan.acting()) continue;
        if (std::exchange(view, plan.standing.view) != plan.standing.view) of_view = {};
        for (const Step& step : plan.steps) {
            if (!step.overwrites() || step.approved) continue;
            Overwritten*& list = of_view[static_cast<std::size_t>(winner(step))];
            if (!list) list = &overwritten[{view->installation, winner(step)}];
            list->view = view;
            list->companies.push_back(*plan.standing.local->company);
        }
    }
    return overwritten;
}

// Those that are held of places that are not planned now.
void add_held(std::vector<OrgNumber>& companies, const Where& where, const std::vector<CompanyPlan>& plans,
              const Memory& memory) {
    std::set<PlaceKey> planned;
    for (const Hold& hold : memory.holds) {
        if (hold.kind != HoldKind::mass_change || hold.installation != where.first || hold.planned != where.second)
            continue;
        if (planned.empty())
            for (const CompanyPlan& plan : plans) planned.insert(plan.key());
        for (const HoldRow& row : hold.rows)
            if (!planned.contains(row.key)) companies.push_back(row.company);
    }
}

// Those, and the ones that have been overwritten lately, each once.
std::map<Where, Overwritten> overwritten(const std::vector<CompanyPlan>& plans, const std::vector<std::size_t>& chosen,
                                         const Memory& memory, Time now) {
    std::map<Where, Overwritten> all = would_be_overwritten(plans, chosen);
    for (auto& [where, overwritten] : all) {
        std::vector<OrgNumber>& companies = overwritten.companies;
        add_held(companies, where, plans, memory);
        if (const auto lately = memory.overwrites.find(where); lately != memory.overwrites.end())
            for (const auto& [company, at] : lately->second)
                if (now - at <= overwrites_kept) companies.push_back(company);
        // Under way when the agent was cut off, at places that can't be looked at yet: they may have been made.
        if (where.second == Side::online)
            for (const LocalIntent& intent : memory.intents)
                if (intent.overwrites && intent.key.installation == where.first) companies.push_back(intent.company);
        std::sort(companies.begin(), companies.end());
        companies.erase(std::unique(companies.begin(), companies.end()), companies.end());
    }
    return all;
}

// What a person said yes to does not count.
void respect_answers(CompanyPlan& plan, const Memory& memory) {
    if (!plan.acting()) return;
    for (const Preference preference : all_preferences) {
        Step& step = plan.step(preference);
        if (step.overwrites() && approved(memory, HoldKind::mass_change, plan.row(preference)) == winner(step))
            step.approved = true;
    }
}

void hold_steps(CompanyPlan& plan, Side won) {
    bool held = false;
    for (const Preference preference : all_preferences) {
        Step& step = plan.step(preference);
        if (!step.overwrites() || step.approved || winner(step) != won) continue;
        step.action = Action::hold;
        step.held = HoldKind::mass_change;
        held = true;
    }
    if (held) judge(plan);
}

// The side that would win, for the one kind of hold that has a planned side.
std::optional<Side> planned_side(const Step& step) {
    if (step.held != HoldKind::mass_change) return std::nullopt;
    return step.value == step.online ? Side::online : Side::local;
}

std::optional<HoldKind> question_of_place(const Standing& standing) {
    if (!standing.set_aside) return std::nullopt;
    if (standing.set_aside->code == Errc::identity_changed) return HoldKind::identity_changed;
    if (standing.set_aside->code == Errc::new_company) return HoldKind::new_company;
    return std::nullopt;
}

using HoldKey = std::tuple<HoldKind, std::string, std::optional<Side>>;

std::map<HoldKey, std::vector<HoldRow>> rows_of(const std::vector<CompanyPlan>& plans) {
    std::map<HoldKey, std::vector<HoldRow>> rows;
    for (const CompanyPlan& plan : plans) {
        const std::string& installation = plan.standing.view->installation;
        if (const auto kind = question_of_place(plan.standing))
            rows[{*kind, installation, std::nullopt}].push_back(
                {plan.key(), *plan.standing.local->company, std::nullopt, {}, {}});
        if (!plan.acting()) continue;
        for (const Preference preference : all_preferences)
            if (const Step& step = plan.step(preference); step.action == Action::hold)
                rows[{*step.held, installation, planned_side(step)}].push_back(plan.row(preference));
    }
    return rows;
}

// Whether a place was looked at, so that what is asked of it can be told anew.
class Looked {
public:
    Looked(const std::vector<CompanyPlan>& plans, const std::vector<LocalView>& views, const PlanOptions& options) {
        for (const LocalView& view : views)
            if (view.listed && !view.trouble) listed_.insert(view.installation);
        for (const CompanyPlan& plan : plans) {
            if (!plan.standing.view->listed) places_.insert(plan.key());
            const auto& company = plan.standing.local->company;
            if (company && options.unsettled.contains(*company)) unsettled_.insert(plan.key());
        }
    }
    bool at(const PlaceKey& key) const {
        if (unsettled_.contains(key)) return false;
        return listed_.contains(key.installation) || places_.contains(key);
    }

private:
    std::set<std::string> listed_;
    std::set<PlaceKey> places_, unsettled_;
};

// The rows of a hold as they stand: those of places that were not looked at, and those that are asked now.
std::vector<HoldRow> rows_now(const Hold& hold, const std::vector<HoldRow>* asked, const Looked& looked) {
    std::vector<HoldRow> rows;
    for (const HoldRow& row : hold.rows)
        if (!looked.at(row.key)) rows.push_back(row);
    const bool stands =
        !rows.empty() || (asked && std::any_of(asked->begin(), asked->end(), [&](const HoldRow& row) {
                              return std::find(hold.rows.begin(), hold.rows.end(), row) != hold.rows.end();
                          }));
    if (!stands || !asked) return rows;
    rows.insert(rows.end(), asked->begin(), asked->end());
    std::sort(rows.begin(), rows.end(), [](const HoldRow& a, const HoldRow& b) {
        return std::tie(a.key, a.preference) < std::tie(b.key, b.preference);
    });
    return rows;
}

std::vector<Hold> holds_now(const std::vector<CompanyPlan>& plans, const Memory& memory, const Looked& looked,
                            const PlanOptions& options) {
    auto rows = rows_of(plans);
    std::vector<Hold> holds;
    for (const Hold& hold : memory.holds) {
        const auto asked = rows.find({hold.kind, hold.installation, hold.planned});
        auto left = rows_now(hold, asked == rows.end() ? nullptr : &asked->second, looked);
        if (left.empty()) continue;
        holds.push_back(hold);
        holds.back().rows = std::move(left);
        if (asked != rows.end()) rows.erase(asked);
    }
    std::int64_t number = memory.last_hold;
    for (auto& [key, asked] : rows) {
        const auto& [kind, installation, planned] = key;
        holds.push_back({.id = "h-" + std::to_string(++number),
                         .kind = kind,
                         .installation = installation,
                         .planned = planned,
                         .since = options.now,
                         .rows = std::move(asked)});
    }
    return holds;
}

// Whether an answered question is still the same one: the row as it was, and not yet carried out.
bool good(const Approval& approval, const CompanyPlan& plan) {
    if (plan.standing.local->company != approval.row.company) return false;
    if (!approval.row.preference) return plan.standing.take.has_value();
    if (!plan.acting()) return true;  // set aside for now, for another reason
    const Step& step = plan.step(*approval.row.preference);
    return step.rule != Rule::agree && plan.row(*approval.row.preference) == approval.row;
}

}  // namespace

std::optional<Side> approved(const Memory& memory, HoldKind kind, const HoldRow& row) {
    const auto found = memory.approvals.find({row.key, row.preference});
    if (found == memory.approvals.end() || found->second.kind != kind || found->second.row != row) return std::nullopt;
    return found->second.take;
}

void guard(std::vector<CompanyPlan>& plans, const std::vector<std::size_t>& chosen, const Memory& memory,
           const PlanOptions& options) {
    if (!memory.approvals.empty())
        for (const std::size_t index : chosen) respect_answers(plans[index], memory);
    for (const auto& [where, overwritten] : overwritten(plans, chosen, memory, options.now)) {
        const std::vector<OrgNumber>& companies = overwritten.companies;
        const double most = options.mass_change_limit * static_cast<double>(overwritten.view->size);
        if (companies.size() <= few || static_cast<double>(companies.size()) <= most) continue;
        for (const std::size_t index : chosen)
            if (plans[index].acting() && plans[index].standing.view->installation == where.first)
                hold_steps(plans[index], where.second);
    }
}

Commit questions(const std::vector<CompanyPlan>& plans, const std::vector<LocalView>& views, const Memory& memory,
                 const PlanOptions& options) {
    Commit commit;
    const Looked looked{plans, views, options};
    if (auto holds = holds_now(plans, memory, looked, options); holds != memory.holds) commit.holds = std::move(holds);
    if (memory.approvals.empty() && memory.doubts.empty()) return commit;
    std::map<PlaceKey, const CompanyPlan*> by_place;
    std::map<OrgNumber, const CompanyPlan*> by_company;
    for (const CompanyPlan& plan : plans) {
        by_place.emplace(plan.key(), &plan);
        const LocalCompany& local = *plan.standing.local;
        if (local.company && !local.follows && plan.acting()) by_company.emplace(*plan.standing.local->company, &plan);
    }
    for (const auto& [key, approval] : memory.approvals) {
        const auto plan = by_place.find(key.first);
        if (looked.at(key.first) && (plan == by_place.end() || !good(approval, *plan->second)))
            commit.approvals_done.push_back(key);
    }
    for (const auto& [key, doubt] : memory.doubts) {
        const auto online = memory.online.find(doubt.company);
        const auto plan = by_company.find(doubt.company);
        const bool moved = online != memory.online.end() && !online->second.gone &&
                           online->second.preferences[doubt.preference] != doubt.online;
        const bool agreed =
            plan != by_company.end() && plan->second->standing.local->preferences[doubt.preference] == doubt.online;
        if (moved || agreed) commit.doubts_settled.push_back(key);
    }
    return commit;
}

Commit forget_removed_installations(const Memory& memory, const std::set<std::string>& configured) {
    Commit commit;
    std::vector<Hold> left;
    for (const Hold& hold : memory.holds)
        if (configured.contains(hold.installation)) left.push_back(hold);
    if (left.size() != memory.holds.size()) commit.holds = std::move(left);
    for (const auto& [key, approval] : memory.approvals)
        if (!configured.contains(key.first.installation)) commit.approvals_done.push_back(key);
    for (const auto& [key, parking] : memory.parked)
        if (!configured.contains(key.installation)) commit.unparked.push_back(key);
    return commit;
}

std::vector<Doubt> doubts_in(const std::vector<Record>& records, const Memory& memory, bool new_epoch) {
    std::vector<Doubt> doubts;
    if (memory.epoch.empty()) return doubts;
    for (const Record& record : records) {
        const auto known = memory.online.find(record.company);
        if (known == memory.online.end() || record.gone || record.preferences_unread) continue;
        if (!new_epoch && known->second.version != of_another_epoch) continue;
        for (const Preference preference : all_preferences) {
            if (record.preferences[preference] == known->second.preferences[preference]) continue;
            const auto doubt = memory.doubts.find({record.company, preference});
            const bool lost = doubt != memory.doubts.end() && doubt->second.kind == HoldKind::base_lost;
            doubts.push_back({record.company, preference, record.preferences[preference],
                              lost ? HoldKind::base_lost : HoldKind::service_restored});
        }
    }
    return doubts;
}

}  // namespace samsynk::sync
