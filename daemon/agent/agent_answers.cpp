// What waits for a person, and what becomes of the answer.
#include <algorithm>

#include "agent/agent.hpp"

namespace samsynk::agent {
namespace {

// Absence is no choice, so it can't be put in the place of one; nor may a no become a yes.
Error nothing_to_take(const std::string& id, const sync::HoldRow& row) {
    return fail(
        Errc::bad_request,
        N_("Nothing is chosen online for {place}, so there is nothing to put back. Take the choice away there, or "
           "answer {id} with --take local."),
        {{"place", row.key.installation + ":" + row.key.place}, {"id", id}});
}

Error no_leader(const sync::PlaceKey& leader) {
    return fail(Errc::waits_for_leader, N_("{place}, which leads, can't be written to now."),
                {{"place", leader.installation + ":" + leader.place}});
}

}  // namespace

std::vector<sync::Hold> Agent::held() const { return ledger_ ? ledger_->memory().holds : std::vector<sync::Hold>{}; }

Async<std::shared_ptr<const RunResult>> Agent::approve(std::string id, std::optional<sync::Side> take, std::string by) {
    const auto holds = held();
    const auto hold = std::find_if(holds.begin(), holds.end(), [&](const sync::Hold& one) { return one.id == id; });
    if (hold == holds.end())
        co_return fail(Errc::not_found, N_("Nothing is held under {id} any more. See: samsynk held"), {{"id", id}});
    if (!hold->planned && !take)
        co_return fail(Errc::bad_request,
                       N_("{id} needs an answer to whose choices are taken: --take local or --take online."),
                       {{"id", id}});
    if (hold->planned && take && take != hold->planned)
        co_return fail(
            Errc::bad_request,
            N_("{id} can only be approved as it is planned. To keep the other side's choices, make them there "
               "anew."),
            {{"id", id}});
    sync::Commit answers;
    LeaderWrites at_leaders;
    for (const sync::HoldRow& row : hold->rows) {
        const sync::Side side = hold->planned ? *hold->planned : take.value_or(sync::Side::local);
        // By the configuration, as nothing need have been looked at yet.
        const auto leader =
            row.preference && row.local ? sync::leader_of(row.key, row.company, sides_->policy.settled) : nullptr;
        // A yes to the choice of a place that follows is a choice at the place that leads.
        if (leader && side == sync::Side::online && !row.online) co_return nothing_to_take(id, row);
        if (leader && side == sync::Side::local)
            at_leaders[leader->installation].push_back(
                {leader->place, row.company, *row.preference, row.online, *row.local});
        else
            answers.approvals.push_back({hold->kind, row, side});
    }
    if (auto kept = co_await ledger_->commit(std::move(answers)); kept.has_error()) co_return kept.error();
    co_return co_await choose_at_leaders(std::move(at_leaders), std::move(by));
}

// By compare-and-set, as a person would make them there; the run carries them on.
Async<std::shared_ptr<const RunResult>> Agent::choose_at_leaders(LeaderWrites writes, std::string by) {
    const std::shared_ptr<Sides> sides = sides_;
    std::vector<sync::HistoryChange> made;
    Reason refused;
    for (auto& [installation, of_installation] : writes) {
        LocalSide* local = side(*sides, installation);
        if (!local) {
            refused = no_leader({installation, of_installation.front().place});
            continue;
        }
        const std::vector<PreferenceWrite> asked = of_installation;
        const auto results = co_await local->write_preferences(std::move(of_installation));
        for (std::size_t i = 0; i < asked.size() && i < results.size(); ++i) {
            if (results[i].has_error())
                refused = results[i].error();
            else
                made.push_back({.run = {},
                                .at = clock_.now(),
                                .kind = sync::ChangeKind::chosen,
                                .key = {installation, asked[i].place},
                                .company = asked[i].company,
                                .preference = asked[i].preference,
                                .from = asked[i].from,
                                .to = asked[i].to});
        }
    }
    const std::string run = co_await sync_choices(std::move(made), std::move(by), Scope::everything());
    auto synced = co_await result(run);
    if (refused) co_return *refused;
    co_return synced;
}

}  // namespace samsynk::agent
