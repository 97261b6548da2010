#include "agent/gather.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "agent/note.hpp"
#include "agent/push_parts.hpp"
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

bool offline(const std::vector<sync::LocalView>& views, const std::string& installation) {
    return std::any_of(views.begin(), views.end(),
                       [&](const auto& view) { return view.installation == installation && view.trouble; });
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

Result<void> Gather::going_on() const {
    if (stopping_) return fail(Errc::cancelled, N_("The run was stopped. What is not done is done by the next one."));
    return {};
}

Async<> Gather::settle() {
    while (!ledger_.memory().operations.empty()) {
        const auto& waiting = ledger_.memory().operations;
        std::vector<sync::Operation> batch{waiting.begin(),
                                           waiting.begin() + static_cast<long>(std::min(waiting.size(), batch_size))};
        auto results = co_await push_in_parts(*sides_.online, ledger_.memory().epoch, batch);
        if (results.has_error()) {
            // A restored service remembers none of them, and values may have moved: the full list decides.
            if (results.error().code == Errc::epoch_changed) co_return co_await list_all();
            if (ends_the_run(results.error().code)) co_return results.error();
            shut_ = results.error();
            co_return Result<void>{};
        }
        auto outcome = outcome_of(batch, *results, ledger_.memory(), sides_, clock_.now());
        if (outcome.commit.settled.empty()) {
            shut_ = fail(Errc::bad_reply, N_("The service answered none of the operations that were sent again."));
            co_return Result<void>{};
        }
        if (auto kept = co_await ledger_.commit(std::move(outcome.commit)); kept.has_error()) co_return kept.error();
    }
    co_return Result<void>{};
}

Async<> Gather::refresh() {
    if (ledger_.memory().cursor.empty()) co_return co_await list_all();
    auto followed = co_await follow_changes();
    if (followed.has_error() &&
        (followed.error().code == Errc::cursor_expired || followed.error().code == Errc::epoch_changed))
        co_return co_await list_all();
    co_return followed;
}

Async<> Gather::follow_changes() {
    Reading reading{sides_, clock_.now()};
    for (bool more = true; more;) {
        if (auto on = going_on(); on.has_error()) co_return on.error();
        auto page = co_await sides_.online->changes(ledger_.memory().cursor);
        if (page.has_error()) co_return page.error();
        if (page->more && page->cursor == ledger_.memory().cursor) co_return endless();
        if (auto good = reading.look(page->items, page->more, clock_.now()); good.has_error()) co_return good.error();
        const auto last = co_await take(std::move(*page));
        if (last.has_error()) co_return last.error();
        more = !*last;
    }
    co_return Result<void>{};
}

Async<bool> Gather::take(ChangePage page) {
    if (page.epoch != ledger_.memory().epoch)
        co_return fail(Errc::epoch_changed, N_("The online service was restored. All companies are read anew."));
    for (const sync::Record& record : page.items) changed_.insert(record.company);
    note_names(page.items);
    sync::Commit commit;
    commit.records = std::move(page.items);
    commit.doubts = sync::doubts_in(commit.records, ledger_.memory(), false);
    if (page.cursor != ledger_.memory().cursor) commit.cursor = std::move(page.cursor);
    if (auto kept = co_await ledger_.commit(std::move(commit)); kept.has_error()) co_return kept.error();
    co_return !page.more;
}

void Gather::note_names(const std::vector<sync::Record>& records) {
    for (const sync::Record& record : records)
        if (!record.gone) names_.insert_or_assign(record.company, record.name);
}

Async<> Gather::list_all() {
    Reading reading{sides_, clock_.now()};
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
    for (const sync::Operation& operation : ledger_.memory().operations)
        for (const auto& [name, uuid] : sides_.uuids)
            if (operation.overwrites && uuid == operation.installation)
                commit.overwrites.push_back({name, sync::Side::local, operation.company, operation.created_at});
}

Async<bool> Gather::list_once(Reading& reading) {
    std::unordered_set<OrgNumber> seen;
    std::unordered_set<std::string> tokens;
    std::string first_cursor, epoch, after;
    for (bool first = true; first || !after.empty(); first = false) {
        if (auto on = going_on(); on.has_error()) co_return on.error();
        auto page = co_await sides_.online->list(after);
        if (page.has_error()) co_return page.error();
        sync::Commit commit;
        if (first) {
            first_cursor = page->cursor;
            epoch = page->epoch;
            if (epoch != ledger_.memory().epoch) begin_epoch(commit, epoch);
        }
        if (page->epoch != epoch) co_return false;
        if (page->next && !tokens.insert(*page->next).second) co_return endless();
        if (auto good = reading.look_at_list(*page, clock_.now()); good.has_error()) co_return good.error();
        for (const sync::Record& record : page->items) seen.insert(record.company);
        note_names(page->items);
        commit.records = std::move(page->items);
        commit.doubts = sync::doubts_in(commit.records, ledger_.memory(), commit.new_epoch.has_value());
        after = page->next.value_or("");
        if (after.empty()) {
            for (const auto& [company, view] : ledger_.memory().online)
                if (!view.gone && !seen.contains(company)) commit.missing.push_back(company);
            commit.cursor = first_cursor;
        }
        if (auto kept = co_await ledger_.commit(std::move(commit)); kept.has_error()) co_return kept.error();
    }
    co_return true;
}

boost::asio::awaitable<std::vector<sync::LocalView>> Gather::scan(bool look_only, bool trusting) {
    std::vector<sync::LocalView> views;
    for (const auto& local : sides_.locals) {
        sync::LocalView view{.installation = local->name(), .companies = {}, .trouble = {}};
        auto companies = co_await scan_one(*local, look_only, trusting);
        view.keeps_notices = local->capabilities().write_collaboration;
        view.asks_for_new = sides_.policy.asks_for_new.contains(local->name());
        if (companies.has_error())
            view.trouble = companies.error();
        else
            view.companies = std::move(*companies);
        views.push_back(std::move(view));
    }
    sync::settle(views, sides_.policy.settled);
    sync::add_missing(views, ledger_.memory(), sides_.policy.settled);
    co_return views;
}

Async<std::vector<sync::LocalCompanyPtr>> Gather::scan_one(LocalSide& local, bool look_only, bool trusting) {
    auto companies = co_await local.scan(trusting);
    ++sides_.answers;
    if (companies.has_error()) co_return companies;
    auto mark = co_await local.mark();
    if (mark.has_error()) co_return mark.error();
    const auto known = ledger_.memory().marks.find(local.name());
    if (known != ledger_.memory().marks.end()) {
        if (*mark == known->second) co_return companies;
        co_return fail(Errc::installation_offline,
                       N_("{path} is not the folder that it was: {file} should say {mark}. Nothing is changed until it "
                          "does. If it is the right folder, write that into the file."),
                       {{"path", local.location()}, {"file", local.mark_file()}, {"mark", known->second}});
    }
    if (look_only) co_return companies;
    if (mark->empty()) {
        *mark = new_uuid();
        // Where nothing can be left, the folder can't be told from another: that is so, and is no reason to stop.
        if (auto left = co_await local.leave_mark(*mark); left.has_error()) co_return companies;
    }
    new_marks_.marks.push_back({local.name(), *mark});
    co_return companies;
}

Async<> Gather::keep_marks() { co_return co_await ledger_.commit(std::exchange(new_marks_, {})); }

Async<> Gather::settle_writes(const std::vector<sync::LocalView>& views) {
    sync::Commit commit;
    std::map<sync::PlaceKey, sync::Agreement> agreed;
    for (const sync::LocalIntent& intent : ledger_.memory().intents) {
        if (offline(views, intent.key.installation)) continue;
        const sync::LocalCompanyPtr local = find_place(views, intent.key);
        if (local && local->trouble) continue;
        commit.intents_done.emplace_back(intent.key, intent.preference);
        // Done or not, which can't always be told any more: it counts.
        if (intent.overwrites)
            commit.overwrites.push_back(
                {intent.key.installation, sync::Side::online, intent.company, sides_.latest(clock_.now())});
        if (!local || local->company != intent.company || local->preferences[intent.preference] != intent.to) continue;
        commit.approvals_done.emplace_back(intent.key, intent.preference);
        commit.history.push_back(history_of(intent, clock_.now()));
        const sync::Agreement* known = ledger_.memory().agreements.find(intent.key);
        if (!known || known->company != intent.company) continue;
        auto& agreement = agreed.try_emplace(intent.key, *known).first->second;
        agreement.base[intent.preference] = intent.to;
    }
    for (const auto& [key, agreement] : agreed) commit.agreements.push_back({key, agreement});
    co_return co_await ledger_.commit(std::move(commit));
}

}  // namespace samsynk::agent
