#include "simulation/cuts.hpp"
#include "simulation/story.hpp"

namespace samsynk::simulation {

using support::Fate;
using sync::CollaborationState;
using sync::Side;

namespace {

constexpr auto sending = sync::Preference::send_all_invoices;
constexpr auto receiving = sync::Preference::receive_invoices;
using Act = std::function<void(Stage&)>;

Act local(std::size_t n, sync::Preference preference, sync::Choice value) {
    return [=](Stage& stage) { stage.choose_locally(nth(stage, n), preference, value); };
}
Act online(std::size_t n, sync::Preference preference, sync::Choice value) {
    return [=](Stage& stage) { stage.choose_online(*nth(stage, n).company().company, preference, value); };
}
Act state(std::size_t n, CollaborationState now) {
    return [=](Stage& stage) { stage.set_state(*nth(stage, n).company().company, now); };
}
Act both(std::vector<Act> acts) {
    return [acts = std::move(acts)](Stage& stage) {
        for (const Act& act : acts) act(stage);
    };
}
// Every company has chosen true on both sides.
Act all_true(std::size_t companies) {
    return [=](Stage& stage) {
        for (std::size_t n = 0; n < companies; ++n)
            for (const auto preference : sync::all_preferences) {
                local(n, preference, true)(stage);
                online(n, preference, true)(stage);
            }
    };
}

Chapter settled(std::size_t companies) { return {.people = all_true(companies), .moment = {}, .take = {}}; }
Chapter chapter(Act people) { return {.people = std::move(people), .moment = {}, .take = {}}; }
Chapter chapter(Act people, Moment moment) {
    return {.people = std::move(people), .moment = std::move(moment), .take = {}};
}
Chapter answered(std::optional<Side> take) { return {.people = {}, .moment = {}, .answers = true, .take = take}; }

Chapter meanwhile(Act people, std::optional<Moment> moment = {}) {
    Chapter one{.people = {}, .moment = std::move(moment), .take = {}};
    one.meanwhile = std::move(people);
    return one;
}

FixedStory mass_change() {
    const std::size_t many = 12;
    const Act flip = [](Stage& stage) {
        for (std::size_t n = 0; n < many; ++n) online(n, sending, false)(stage);
    };
    return {"a mass change is held and approved", many, {settled(many), chapter(flip), answered(std::nullopt)}};
}

FixedStory epoch_in_mid_run() {
    const Act backup = [](Stage& stage) { stage.take_backup(); };
    const Act restore = [](Stage& stage) { stage.restore(); };
    return {"a new epoch in mid-run",
            2,
            {settled(2), chapter(both({backup, local(0, sending, false), online(1, receiving, false)})),
             chapter(local(0, receiving, false), {.at = "push", .act = restore}), answered(Side::local)}};
}

FixedStory leaves_and_returns() {
    const Act leave = [](Stage& stage) { stage.leave_or_return(*nth(stage, 0).company().company); };
    return {"a company leaves and comes back",
            2,
            {settled(2), chapter(leave), chapter(local(0, sending, false)), chapter(leave)}};
}

FixedStory another_number() {
    const Act renumber = [](Stage& stage) { stage.renumber(nth(stage, 0), number(900), false); };
    return {"a place shows another number", 2, {settled(2), chapter(renumber), answered(Side::local)}};
}

// Carried by the feed and the local watch, each by a life of its own.
FixedStory while_it_waits() {
    return {"online and local news while the feed is held",
            2,
            {settled(2), meanwhile(both({online(0, sending, false), online(1, receiving, false)})),
             meanwhile(local(0, receiving, false)),
             meanwhile(both({local(1, sending, false), online(0, receiving, true)}),
                       Moment{.at = "push", .act = {}, .fate = Fate::do_then_fail})}};
}

FixedStory lost_state() {
    const Act lose = both({local(0, sending, false), [](Stage& stage) { stage.lose_state(stage.first()); }});
    return {"the state file is lost", 2, {settled(2), chapter(lose), answered(Side::local)}};
}

// Two books of one company: a choice of the one that leads, one of the other that is said yes to, and another leader.
FixedStory one_leads() {
    const auto follower = [](Stage& stage) { return nth(stage, 1); };
    const Act begin = [](Stage& stage) {
        const Spot leader = nth(stage, 0);
        const Spot second = stage.add_place(stage.first(), *leader.books, "P900", *leader.company().company);
        stage.lead(stage.first(), *leader.company().company, leader.key(), {second.key()});
    };
    const Act choose_in_follower = [follower](Stage& stage) {
        stage.choose_locally(follower(stage), receiving, false);
    };
    const Act swap = [follower](Stage& stage) {
        const Spot leader = nth(stage, 0);
        stage.lead(stage.first(), *leader.company().company, follower(stage).key(), {leader.key()});
    };
    return {"one place leads and one follows",
            1,
            {chapter(both({begin, all_true(1)})), chapter(local(0, sending, false)), chapter(choose_in_follower),
             answered(Side::local), chapter(both({swap, online(0, sending, true)}))}};
}

FixedStory expired_cursor() {
    const Act expire = both({online(0, sending, false), local(1, receiving, false),
                             [](Stage& stage) { stage.world.service.expire_cursors(); }});
    return {"an expired cursor", 2, {settled(2), chapter(expire)}};
}

}  // namespace

std::vector<FixedStory> fixed_stories() {
    const Act differ = both({local(0, sending, true), online(0, receiving, false), local(1, sending, true),
                             online(1, sending, false), local(1, receiving, false)});
    return {
        {"first contact, both ways", 2, {chapter(differ)}},
        {"one change each way",
         2,
         {settled(2), chapter(both({online(0, sending, false), local(1, receiving, false)}))}},
        {"a lost answer, and a choice meanwhile",
         1,
         {settled(1), chapter(local(0, sending, false), {.at = "push", .act = {}, .fate = Fate::do_then_fail}),
          chapter(online(0, receiving, false))},
         true},
        {"both sides are overwritten in one run",
         1,
         {settled(1), chapter(both({online(0, sending, false), local(0, receiving, false)}))},
         true},
        {"a record that moved on is planned again",
         1,
         {settled(1), chapter(local(0, sending, false), {.at = "push", .act = online(0, receiving, false)})},
         true},
        {"a choice exactly between read and write",
         1,
         {chapter(local(0, sending, true)),
          chapter(online(0, receiving, true), {.at = "write_preferences", .act = local(0, receiving, false)})}},
        {"a wish before the collaboration is active, and its end",
         1,
         {chapter(both({state(0, CollaborationState::invited), local(0, sending, true), local(0, receiving, false)})),
          chapter(state(0, CollaborationState::active)), chapter(state(0, CollaborationState::ended))}},
        mass_change(),
        epoch_in_mid_run(),
        leaves_and_returns(),
        another_number(),
        lost_state(),
        while_it_waits(),
        one_leads(),
        expired_cursor(),
    };
}

}  // namespace samsynk::simulation
