// What people do on the stage: each act is told to the checker before it takes effect.
#include <algorithm>

#include "simulation/stage.hpp"

namespace samsynk::simulation {

using support::Books;
using sync::Choice;
using sync::Preference;

namespace {

std::string where(const Spot& spot) { return spot.books->name + ":" + spot.place; }

}  // namespace

void Stage::add_company(const OrgNumber& company, sync::CollaborationState state) {
    world.service.add(company, "Bolag " + company.digits(), state);
}

Spot Stage::add_place(Site& site, Books& books, const std::string& place, const OrgNumber& company) {
    books.add(place, company);
    spots_.push_back({&site, &books, place});
    checker.appears(spots_.back().key(), company, {}, world.service.record(company).preferences);
    return spots_.back();
}

const sync::Settled* Stage::parts(const Spot& spot) {
    const auto& settled = spot.site->host.policy.settled;
    const auto at = spot.company().company ? settled.find(*spot.company().company) : settled.end();
    return at == settled.end() ? nullptr : &at->second;
}

bool Stage::follows(const Spot& spot) {
    const sync::Settled* said = parts(spot);
    return said && std::find(said->followers.begin(), said->followers.end(), spot.key()) != said->followers.end();
}

bool Stage::is_named_for_another(const Spot& spot) {
    for (const auto& [company, said] : spot.site->host.policy.settled) {
        const bool named = *said.leader == spot.key() ||
                           std::find(said.followers.begin(), said.followers.end(), spot.key()) != said.followers.end();
        if (named && company != spot.company().company) return true;
    }
    return false;
}

bool Stage::is_choice_at_leader(const sync::HoldRow& row, std::optional<sync::Side> take) const {
    const Spot* at = spot(row.key.installation, row.key.place);
    return at && follows(*at) && row.preference && row.local && take == sync::Side::local;
}

// Where the configuration says who leads, the number stands nowhere else.
bool Stage::shared(const Spot& spot, const sync::Memory* memory) const {
    if (parts(spot)) return false;
    return std::any_of(spots_.begin(), spots_.end(), [&](const Spot& other) {
        if (memory && other.books->offline && !memory->agreements.find(other.key())) return false;
        if (other.is_away() || !other.books->configured) return false;
        return other.site == spot.site && other.key() != spot.key() && !other.company().ignored &&
               other.company().company == spot.company().company;
    });
}

bool Stage::held_for(const Spot& spot, const sync::Memory& memory) const {
    if (parts(spot)) return false;
    return std::any_of(spots_.begin(), spots_.end(), [&](const Spot& other) {
        const auto* agreed = memory.agreements.find(other.key());
        return other.site == spot.site && other.key() != spot.key() && !other.company().ignored && !other.is_away() &&
               other.books->configured && agreed && agreed->company == spot.company().company &&
               other.company().company != agreed->company;
    });
}

void Stage::observe(const OrgNumber& company) {
    if (!world.service.records().contains(company)) return;
    for (const Spot& spot : spots_)
        if (spot.company().company == company)
            for (const auto preference : sync::all_preferences)
                checker.observe({spot.key(), company, preference}, spot.company().preferences[preference],
                                world.service.record(company).preferences[preference]);
}

void Stage::choose_online(const OrgNumber& company, Preference preference, Choice value) {
    if (!world.service.has(company)) return;
    disturb();
    checker.chooses_online(company, preference, world.service.record(company).preferences[preference], value);
    world.service.choose(company, preference, value);
    observe(company);
    say("person online: " + company.digits() + " " + std::string{name_of(preference)} + " := " + word(value));
}

void Stage::choose_locally(const Spot& spot, Preference preference, Choice value) {
    disturb();
    sync::LocalCompany& company = spot.company();
    checker.chooses_locally({spot.key(), *company.company, preference}, company.preferences[preference], value);
    company.preferences[preference] = value;
    spot.books->tell(spot.place);
    observe(*company.company);
    say("person local: " + where(spot) + " " + std::string{name_of(preference)} + " := " + word(value));
}

void Stage::set_state(const OrgNumber& company, sync::CollaborationState state) {
    if (!world.service.has(company)) return;
    disturb();
    world.service.set_state(company, state);
    say("collaboration of " + company.digits() + ": " + std::string{name_of(state)});
}

void Stage::leave_or_return(const OrgNumber& company) {
    disturb();
    if (world.service.has(company)) {
        world.service.leave(company);
        return say(company.digits() + " leaves the account");
    }
    world.service.come_back(company);
    say(company.digits() + " comes back");
}

void Stage::lock(const Spot& spot) {
    disturb();
    if (!spot.books->locked.erase(spot.place)) spot.books->locked.insert(spot.place);
    say(where(spot) + (spot.books->locked.contains(spot.place) ? " is in use" : " is free again"));
}

void Stage::hide(const Spot& spot) {
    disturb();
    Reason& trouble = spot.company().trouble;
    trouble = trouble ? Reason{} : Reason{fail(Errc::unreadable, "no permission")};
    spot.books->tell(spot.place);
    say(where(spot) + (trouble ? " can't be read" : " can be read again"));
}

void Stage::cut_off(Books& books) {
    disturb();
    books.offline = books.offline ? std::optional<Error>{} : fail(Errc::installation_offline, "gone");
    say(books.name + (books.offline ? " is offline" : " is there again"));
}

void Stage::remove_or_return(Books& books) {
    disturb();
    note_origins();
    books.configured = !books.configured;
    say(books.name + (books.configured ? " is in the configuration again" : " is taken out of the configuration"));
}

void Stage::vanish(const Spot& spot) {
    disturb();
    note_origins();
    were_away_.insert(spot.key());
    if (!spot.books->away.erase(spot.place)) spot.books->away.insert(spot.place);
    spot.books->tell(spot.place);
    say(where(spot) + (spot.is_away() ? " is not there any more" : " is back"));
}

void Stage::lead(Site& site, const OrgNumber& company, const sync::PlaceKey& leader,
                 std::vector<sync::PlaceKey> followers) {
    disturb();
    note_origins();
    if (site.host.policy.settled.contains(company)) new_leaders_.insert(leader);
    say("in " + site.host.name + ", " + leader.place + " leads " + followers.front().place);
    site.host.policy.settled[company] = {.installation = leader.installation,
                                         .place = leader.place,
                                         .followers = std::move(followers),
                                         .leader = std::make_shared<const sync::PlaceKey>(leader)};
}

void Stage::renumber(const Spot& spot, const OrgNumber& company, bool by_person) {
    sync::LocalCompany& local = spot.company();
    if (local.company == company && local.settled == by_person) return;
    disturb();
    note_origins();
    renumbered_.insert(spot.key());
    if (local.company != company) {
        checker.leaves(spot.key(), *local.company);
        const auto record = world.service.records().find(company);
        checker.appears(spot.key(), company, local.preferences,
                        record == world.service.records().end() ? sync::Preferences{} : record->second.preferences);
    }
    local.company = company;
    local.settled = by_person;
    spot.books->tell(spot.place);
    say(where(spot) + " shows " + company.digits() + (by_person ? ", named by a person" : ""));
}

void Stage::ignore(const Spot& spot) {
    disturb();
    note_origins();
    bool& ignored = spot.company().ignored;
    ignored = !ignored;
    spot.books->tell(spot.place);
    say(where(spot) + (ignored ? " is to be ignored" : " is not to be ignored any more"));
}

void Stage::take_backup() {
    backup_ = world.service.backup();
    say("the service makes a backup");
}

void Stage::restore() {
    if (backup_.records.empty()) return take_backup();
    disturb();
    world.service.restore(backup_);
    checker.service_was_restored(world.service.records());
    for (const auto& [company, record] : world.service.records()) {
        claim_moved_[company] = world.now;
        observe(company);
    }
    say("the service is restored: epoch " + world.service.epoch());
}

void Stage::lose_state(Site& site) {
    disturb();
    site.disk.lose();
    for (const auto& books : site.host.books) checker.state_was_lost(books->name);
    say("the state of " + site.host.name + " is lost");
}

void Stage::release(const OrgNumber& company) {
    if (world.service.holder(company).empty()) return;
    disturb();
    world.service.release(company);
    checker.claim_moves(company);
    claim_moved_[company] = world.now;
    say("the claim on " + company.digits() + " is released");
}

void Stage::garble(const OrgNumber& company) {
    if (!world.service.has(company)) return;
    disturb();
    world.service.garble(company);
    say("the record of " + company.digits() +
        (world.service.is_garbled(company) ? " can't be understood" : " can be understood again"));
}

void Stage::repeat_a_request(std::size_t n) {
    if (world.service.sent.empty()) return;
    disturb();
    const auto request = world.service.sent[n % world.service.sent.size()];
    say("the network brings a request again: " + named(request.operations.front().id) +
        (request.operations.size() > 1 ? " and others" : ""));
    (void)world.service.push(request.epoch, request.operations);
}

void Stage::forgive_everything() {
    disturb();
    world.service.catch_up();
    for (const auto& [company, record] : world.service.records())
        if (world.service.is_garbled(company)) world.service.garble(company);
    for (const auto& site : sites_) {
        site->disk.fill(false);
        for (const auto& books : site->host.books) {
            books->configured = true;
            books->offline.reset();
            books->no_room = false;
            books->locked.clear();
            books->away.clear();
            for (auto& [place, company] : books->places) company.trouble.reset();
        }
    }
}

}  // namespace samsynk::simulation
