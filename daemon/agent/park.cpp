#include "agent/park.hpp"

#include <algorithm>

namespace samsynk::agent {
namespace {

const sync::Parking* find(const sync::Memory& memory, const sync::PlaceKey& key) {
    const auto at = memory.parked.find(key);
    return at == memory.parked.end() ? nullptr : &at->second;
}

// A step that was tried and failed; or what kept it from being tried.
struct Trouble {
    const Error* reason = nullptr;
    bool tried = false;
};

Trouble trouble_of(const sync::CompanyPlan& plan, const Error* failed) {
    if (failed && failed->code != Errc::collaboration_not_active) return {failed, true};
    const bool aside = plan.verdict == sync::Verdict::failed || plan.verdict == sync::Verdict::held;
    return {aside && plan.reason ? &*plan.reason : nullptr, false};
}

class Parker {
public:
    Parker(const ParkingInput& input, const sync::Memory& memory, Time now, const std::function<double()>& random)
        : input_{input}, memory_{memory}, now_{now}, random_{random} {}

    sync::Commit result() {
        for (std::size_t index = 0; index < input_.plans.size(); ++index) {
            if (input_.resting.contains(index)) continue;
            const auto failed = input_.troubles.find(index);
            look(input_.plans[index], failed == input_.troubles.end() ? nullptr : &failed->second);
        }
        if (!memory_.parked.empty()) forget_vanished();
        return std::move(commit_);
    }

private:
    void look(const sync::CompanyPlan& plan, const Error* failed) {
        const sync::PlaceKey key = plan.key();
        const sync::Parking* before = find(memory_, key);
        const Trouble trouble = trouble_of(plan, failed);
        if (!trouble.reason) {
            if (before) commit_.unparked.push_back(key);
            return;
        }
        // What stands in the way is seen anew at each run, at no cost; only what is in use is worth a look before that.
        const bool own_time = trouble.tried || trouble.reason->code == Errc::busy;
        if (!own_time && before && before->reason == *trouble.reason) return;
        const CompanyStatus* known = input_.known.find(key);
        const auto last_success = known ? known->last_success : std::nullopt;
        sync::Parking parking = sync::parked(before, plan, *trouble.reason, last_success, now_, random_());
        if (!own_time) parking.next_try = {};
        commit_.parked.push_back(std::move(parking));
    }

    void forget_vanished() {
        std::set<std::string> listed;
        for (const sync::LocalView& view : input_.views)
            if (view.listed) listed.insert(view.installation);
        std::set<sync::PlaceKey> there;
        for (const sync::CompanyPlan& plan : input_.plans)
            if (find(memory_, plan.key())) there.insert(plan.key());
        for (const auto& [key, parking] : memory_.parked)
            if (listed.contains(key.installation) && !there.contains(key)) commit_.unparked.push_back(key);
    }

    const ParkingInput& input_;
    const sync::Memory& memory_;
    Time now_;
    const std::function<double()>& random_;
    sync::Commit commit_;
};

}  // namespace

std::set<std::size_t> let_rest(std::vector<sync::CompanyPlan>& plans, const sync::Memory& memory, Trigger trigger,
                               const Scope& scope, Time now) {
    std::set<std::size_t> resting;
    if (memory.parked.empty()) return resting;
    const bool asked = trigger == Trigger::manual || trigger == Trigger::start || trigger == Trigger::once;
    for (std::size_t i = 0; i < plans.size(); ++i) {
        sync::CompanyPlan& plan = plans[i];
        if (!plan.acting() || (asked && scope.names(plan.standing.view->installation, *plan.standing.local))) continue;
        const sync::Parking* parking = find(memory, plan.key());
        if (!parking || !sync::rests(*parking, plan, now)) continue;
        const bool for_a_person = sync::patience_with(parking->reason.code) == sync::Patience::for_a_person;
        if (trigger == Trigger::interval && !for_a_person) continue;
        plan.verdict = sync::Verdict::failed;
        plan.reason = parking->reason;
        resting.insert(i);
    }
    return resting;
}

sync::Commit parkings(const ParkingInput& input, const sync::Memory& memory, Time now,
                      const std::function<double()>& random) {
    return Parker{input, memory, now, random}.result();
}

}  // namespace samsynk::agent
