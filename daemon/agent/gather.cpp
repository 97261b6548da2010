#include "agent/gather.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "agent/note.hpp"
#include "agent/push.hpp"
#include "core/ids.hpp"
#include "sync/guard.hpp"

namespace samsynk::agent {
namespace {

sync::LocalCompanyPtr find_place(const std::vector<sync::LocalView>& views, const sync::PlaceKey& key) {
    for (const sync::LocalView& view : views) {
        if (view.installation != key.installation) continue;
        const auto at = std::lower_bound(view.companies.begin(), view.companies.end(), key.place,
                                         [](const auto& local, const auto& place) { return local->place < place; });
        if (at != view.companies.end() && (*at)->place == key.place) return *at;
    }
    return nullptr;
}

// Also where it is configured no more: should it come back, it is looked at then.
bool can_be_seen(const std::vector<sync::LocalView>& views, const std::string& installation) {
    return std::any_of(views.begin(), views.end(),
                       [&](const auto& view) { return view.installation == installation && !view.trouble; });
}

Error endless() {
    return fail(Errc::bad_reply, N_("The online service's pages lead back to themselves. Nothing of them was used."));
}

}  // namespace

// Nothing more can be asked of the service now; any other refusal is of that one call.
bool ends_the_run(Errc code) {
    return !is_of_service(code) || code == Errc::sign_in_failed || code == Errc::rate_limited ||
           code == Errc::epoch_changed || code == Errc::cursor_expired;
}

Async<> Gather::settle() {
    while (!context_.memory().operations.empty()) {
        const auto& waiting = context_.memory().operations;
        std::vector<sync::Operation> batch{waiting.begin(),
                                           waiting.begin() + static_cast<long>(std::min(waiting.size(), batch_size))};
        auto results = co_await push_in_parts(*context_.sides.online, context_.memory().epoch, batch);
        if (results.has_error()) {
            // A restored service remembers none of them, and values may have moved: the full list decides.
            if (results.error().code == Errc::epoch_changed) co_return co_await list_all();
            if (ends_the_run(results.error().code)) co_return results.error();
            shut_ = results.error();
            co_return Result<void>{};
        }
        auto outcome = outcome_of(batch, *results, context_.memory(), context_.sides, context_.clock.now());
        if (outcome.commit.settled.empty()) {
            shut_ = fail(Errc::bad_reply, N_("The service answered none of the operations that were sent again."));
            co_return Result<void>{};
        }
        if (auto kept = co_await context_.ledger.commit(std::move(outcome.commit)); kept.has_error())
            co_return kept.error();
    }
    co_return Result<void>{};
}

Async<> Gather::refresh() {
    if (context_.memory().cursor.empty()) co_return co_await list_all();
    auto followed = co_await follow_changes();
    if (followed.has_error() &&
        (followed.error().code == Errc::cursor_expired || followed.error().code == Errc::epoch_changed))
        co_return co_await list_all();
    co_return followed;
}

Async<> Gather::follow_changes() {
    Reading reading{context_.sides, context_.clock.now()};
    for (bool more = true; more;) {
        if (auto on = context_.going_on(); on.has_error()) co_return on.error();
        auto page = co_await context_.sides.online->changes(context_.memory().cursor);
        if (page.has_error()) co_return page.error();
        if (page->more && page->cursor == context_.memory().cursor) co_return endless();
        if (auto good = reading.look(page->items, page->more, context_.clock.now()); good.has_error())
            co_return good.error();
        const auto last = co_await take(std::move(*page));
        if (last.has_error()) co_return last.error();
        more = !*last;
    }
    co_return Result<void>{};
}

Async<bool> Gather::take(ChangePage page) {
    if (page.epoch != context_.memory().epoch)
        co_return fail(Errc::epoch_changed, N_("The online service was restored. All companies are read anew."));
    for (const sync::Record& record : page.items) changed_.insert(record.company);
    note_names(page.items);
    sync::Commit commit;
    commit.records = std::move(page.items);
    commit.doubts = sync::doubts_in(commit.records, context_.memory(), false);
    if (page.cursor != context_.memory().cursor) commit.cursor = std::move(page.cursor);
    if (auto kept = co_await context_.ledger.commit(std::move(commit)); kept.has_error()) co_return kept.error();
    co_return !page.more;
}

void Gather::note_names(const std::vector<sync::Record>& records) {
    for (const sync::Record& record : records)
        if (!record.gone) names_.insert_or_assign(record.company, record.name);
}

Async<> Gather::list_all() {
    listed_all_ = true;
    Reading reading{context_.sides, context_.clock.now()};
    for (int attempt = 0; attempt < 3; ++attempt) {
        auto whole = co_await list_once(reading);
        if (whole.has_error()) co_return whole.error();
        if (*whole) co_return Result<void>{};
    }
    co_return fail(Errc::bad_reply, N_("The list of companies changed its epoch again and again while it was read."));
}

// The unclear operations are forgotten with their epoch. They may have been done, so they count as if they were.
void Gather::begin_epoch(sync::Commit& commit, const std::string& epoch) const {
    commit.new_epoch = epoch;
    for (const sync::Operation& operation : context_.memory().operations)
        for (const auto& [name, uuid] : context_.sides.uuids)
            if (operation.overwrites && uuid == operation.installation)
                commit.overwrites.push_back({name, sync::Side::local, operation.company, operation.created_at});
}

Async<bool> Gather::list_once(Reading& reading) {
    std::unordered_set<OrgNumber> seen;
    std::unordered_set<std::string> tokens;
    std::string first_cursor, epoch, after;
    for (bool first = true; first || !after.empty(); first = false) {
        if (auto on = context_.going_on(); on.has_error()) co_return on.error();
        auto page = co_await context_.sides.online->list(after);
        if (page.has_error()) co_return page.error();
        sync::Commit commit;
        if (first) {
            first_cursor = page->cursor;
            epoch = page->epoch;
            if (epoch != context_.memory().epoch) begin_epoch(commit, epoch);
        }
        if (page->epoch != epoch) co_return false;
        if (page->next && !tokens.insert(*page->next).second) co_return endless();
        if (auto good = reading.look_at_list(*page, context_.clock.now()); good.has_error()) co_return good.error();
        for (const sync::Record& record : page->items) seen.insert(record.company);
        note_names(page->items);
        commit.records = std::move(page->items);
        commit.doubts = sync::doubts_in(commit.records, context_.memory(), commit.new_epoch.has_value());
        after = page->next.value_or("");
        if (after.empty()) {
            for (const auto& [company, view] : context_.memory().online)
                if (!view.gone && !seen.contains(company)) commit.missing.push_back(company);
            commit.cursor = first_cursor;
        }
        if (auto kept = co_await context_.ledger.commit(std::move(commit)); kept.has_error()) co_return kept.error();
    }
    co_return true;
}

Async<> Gather::settle_writes(const std::vector<sync::LocalView>& views) {
    sync::Commit commit;
    std::map<sync::PlaceKey, sync::Agreement> agreed;
    for (const sync::LocalIntent& intent : context_.memory().intents) {
        if (!can_be_seen(views, intent.key.installation)) continue;
        const sync::LocalCompanyPtr local = find_place(views, intent.key);
        if (local && local->trouble) continue;
        commit.intents_done.emplace_back(intent.key, intent.preference);
        // Done or not, which can't always be told any more: it counts.
        if (intent.overwrites)
            commit.overwrites.push_back({intent.key.installation, sync::Side::online, intent.company,
                                         context_.sides.latest(context_.clock.now())});
        if (!local || local->company != intent.company || local->preferences[intent.preference] != intent.to) continue;
        commit.approvals_done.emplace_back(intent.key, intent.preference);
        commit.history.push_back(history_of(intent, context_.clock.now()));
        const sync::Agreement* known = context_.memory().agreements.find(intent.key);
        if (!known || known->company != intent.company) continue;
        auto& agreement = agreed.try_emplace(intent.key, *known).first->second;
        agreement.base[intent.preference] = intent.to;
    }
    for (const auto& [key, agreement] : agreed) commit.agreements.push_back({key, agreement});
    co_return co_await context_.ledger.commit(std::move(commit));
}

}  // namespace samsynk::agent
