// Whatever is committed, the store holds what the agent's memory holds, also after a restart.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "store/sqlite_store.hpp"
#include "unit/store/support.hpp"

namespace samsynk::store {
namespace {

using namespace sync;

template <class T>
T one_of(std::initializer_list<T> values) {
    return *rc::gen::elementOf(std::vector<T>(values));
}
OrgNumber any_company() { return company(*rc::gen::inRange(0, 5)); }
std::string any_text() {
    return one_of<std::string>({"", "Företag", "it's \"it\"", "two\nlines", std::string{"nul\0in", 6}});
}
std::string any_installation() { return one_of<std::string>({"main", "annex"}); }
Choice any_choice() { return one_of<Choice>({std::nullopt, true, false}); }
Preferences any_preferences() { return {any_choice(), any_choice()}; }
PlaceKey any_key() { return {any_installation(), one_of<std::string>({"Ovnbol2000", "Övn bol", "c"})}; }
Preference any_preference() { return one_of({Preference::send_all_invoices, Preference::receive_invoices}); }

Reason any_problem() {
    if (*rc::gen::inRange(0, 4) != 0) return std::nullopt;
    return fail(Errc::bad_record, "{what} is {strange}", {{"what", any_text()}, {"strange", "1:2"}}, any_text());
}

Collaboration any_collaboration() {
    return Collaboration{.id = any_text(),
                         .state = one_of({CollaborationState::none, CollaborationState::invited,
                                          CollaborationState::active, CollaborationState::ended}),
                         .awaiting = one_of({Awaiting::nothing, Awaiting::approval, Awaiting::terms}),
                         .office_company = any_text(),
                         .office_name = any_text(),
                         .assignment_id = any_text(),
                         .assignment_name = any_text(),
                         .invoice_recipient = one_of({Party::not_stated, Party::office, Party::customer}),
                         .payee = one_of({Party::not_stated, Party::office, Party::customer}),
                         .invited_at = any_text(),
                         .approved_at = any_text(),
                         .ends_on = any_text(),
                         .ended_at = any_text()};
}

Record any_record() {
    return Record{.company = any_company(),
                  .version = *rc::gen::inRange(0, 6),
                  .updated_at = any_text(),
                  .gone = *rc::gen::inRange(0, 5) == 0,
                  .name = any_text(),
                  .function_active = *rc::gen::arbitrary<bool>(),
                  .collaboration = any_collaboration(),
                  .preferences = any_preferences(),
                  .receiving = one_of({Receiving::none, Receiving::pending, Receiving::conflict}),
                  .registration_operator = any_text(),
                  .problem = any_problem()};
}

Claim any_claim() {
    return Claim{any_company(),
                 one_of({ClaimStatus::granted, ClaimStatus::held, ClaimStatus::unknown, ClaimStatus::released}),
                 any_text(), any_text()};
}

ClaimsUpdate any_claims() {
    ClaimsUpdate update{any_installation(), Time{std::chrono::milliseconds{*rc::gen::inRange(0, 1000)}}, {}};
    for (int n = *rc::gen::inRange(0, 4); n > 0; --n) update.claims.push_back(any_claim());
    return update;
}

Time any_time() { return Time{std::chrono::hours{*rc::gen::inRange(0, 60)}}; }
std::string any_id() { return "op-" + std::to_string(*rc::gen::inRange(0, 6)); }
Rule any_rule() { return one_of({Rule::agree, Rule::fill_local, Rule::first_contact, Rule::approved}); }
Operation any_operation() {
    return Operation{any_id(),
                     any_installation(),
                     any_company(),
                     *rc::gen::inRange(0, 9),
                     any_preferences(),
                     any_time(),
                     *rc::gen::arbitrary<bool>(),
                     {any_text(), any_preferences(), {any_rule(), any_rule()}}};
}
Parking any_parking() {
    Parking parking{.key = any_key(),
                    .reason = fail(Errc::busy, "{what}", {{"what", any_text()}}, any_text()),
                    .failures = static_cast<unsigned>(*rc::gen::inRange(0, 99)),
                    .since = any_time(),
                    .next_try = any_time(),
                    .last_success = {},
                    .version = *rc::gen::inRange(-1, 9),
                    .local = any_preferences()};
    if (*rc::gen::arbitrary<bool>()) parking.last_success = any_time();
    return parking;
}
LocalIntent any_intent() {
    return LocalIntent{any_key(),
                       any_company(),
                       any_preference(),
                       any_choice(),
                       *rc::gen::arbitrary<bool>(),
                       *rc::gen::arbitrary<bool>(),
                       any_text(),
                       any_rule()};
}

Side any_side() { return one_of({Side::local, Side::online}); }
HoldKind any_kind() {
    return one_of({HoldKind::first_contact, HoldKind::base_lost, HoldKind::service_restored, HoldKind::unclear_write,
                   HoldKind::identity_changed, HoldKind::mass_change});
}
std::optional<Preference> maybe_preference() {
    return *rc::gen::arbitrary<bool>() ? std::optional{any_preference()} : std::nullopt;
}
HoldRow any_row(const std::string& installation) {
    return {
        {installation, one_of<std::string>({"A", "Ö"})}, any_company(), maybe_preference(), any_choice(), any_choice()};
}
Doubt any_doubt() { return {any_company(), any_preference(), any_choice(), any_kind()}; }
Approval any_approval() { return {any_kind(), any_row(any_installation()), any_side()}; }
std::vector<Hold> any_holds() {
    std::vector<Hold> holds;
    for (int n = *rc::gen::inRange(0, 4), id = 0; n > 0; --n) {
        id += *rc::gen::inRange(1, 5);
        holds.push_back({"h-" + std::to_string(id), any_kind(), any_installation(), {}, any_time(), {}});
        if (*rc::gen::arbitrary<bool>()) holds.back().planned = any_side();
        for (int rows = *rc::gen::inRange(0, 3); rows > 0; --rows)
            holds.back().rows.push_back(any_row(holds.back().installation));
    }
    return holds;
}

template <class Make>
auto some(Make make) {
    std::vector<decltype(make())> values;
    for (int n = *rc::gen::inRange(0, 4); n > 0; --n) values.push_back(make());
    return values;
}

Commit any_commit() {
    Commit commit;
    if (*rc::gen::inRange(0, 6) == 0) commit.new_epoch = one_of<std::string>({"e1", "e2"});
    commit.records = some(any_record);
    if (*rc::gen::arbitrary<bool>()) commit.missing = some(any_company);
    if (*rc::gen::arbitrary<bool>()) commit.cursor = any_text();
    if (*rc::gen::arbitrary<bool>()) commit.claims = some(any_claims);
    commit.operations = some(any_operation);
    commit.settled = some(any_id);
    commit.intents = some(any_intent);
    commit.agreements = some([] { return AgreementUpdate{any_key(), {any_company(), any_preferences()}}; });
    commit.intents_done = some([] { return std::pair{any_key(), any_preference()}; });
    commit.overwrites = some([] { return Overwrite{any_installation(), any_side(), any_company(), any_time()}; });
    commit.doubts = some(any_doubt);
    commit.doubts_settled = some([] { return std::pair{any_company(), any_preference()}; });
    if (*rc::gen::arbitrary<bool>()) commit.holds = any_holds();
    commit.approvals = some(any_approval);
    commit.approvals_done = some([] { return ApprovalKey{any_key(), maybe_preference()}; });
    commit.marks = some([] { return InstallationMark{any_installation(), any_text()}; });
    commit.parked = some(any_parking);
    commit.unparked = some(any_key);
    return commit;
}

// The records as a whole, kept by the same rule as Memory keeps their views.
void keep_records(std::map<OrgNumber, Record>& kept, const Commit& commit) {
    if (commit.new_epoch)
        for (auto& [number, record] : kept) record.version = of_another_epoch;
    for (const Record& record : commit.records)
        if (const auto at = kept.find(record.company); at == kept.end())
            kept.emplace(record.company, record);
        else if (at->second.version <= record.version)
            at->second = record;
    for (const OrgNumber& number : commit.missing)
        if (const auto at = kept.find(number); at != kept.end()) at->second.gone = true;
}

}  // namespace

RC_GTEST_PROP(StoreContract, HoldsWhatTheMemoryHolds, ()) {
    const Folder folder;
    auto store = SqliteStore::open(folder.path());
    RC_ASSERT(store.has_value());
    Memory memory;
    std::map<OrgNumber, Record> kept;
    for (int n = *rc::gen::inRange(1, 8); n > 0; --n) {
        const Commit commit = any_commit();
        memory.apply(commit);
        keep_records(kept, commit);
        RC_ASSERT((*store)->commit(commit).has_value());
        RC_ASSERT((*store)->load().value() == memory);
    }
    std::vector<OrgNumber> asked;
    std::vector<Record> expected;
    for (const auto& [number, record] : kept) {
        asked.push_back(number);
        if (!record.gone) expected.push_back(record);
    }
    store->reset();
    store = SqliteStore::open(folder.path());
    RC_ASSERT(store.has_value());
    RC_ASSERT((*store)->load().value() == memory);
    RC_ASSERT((*store)->records(asked).value() == expected);
}

}  // namespace samsynk::store
