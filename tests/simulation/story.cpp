#include "simulation/story.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

#include "simulation/plants.hpp"

namespace samsynk::simulation {
namespace {

using support::Books;
using support::Fate;
using sync::CollaborationState;
using sync::FirstContact;
using sync::Preference;
using sync::Side;

constexpr std::size_t spare_numbers = 2;

class Story : public Stage {
public:
    explicit Story(std::uint64_t seed) : random_{seed} { set_up(); }

    Outcome play() {
        const std::size_t chapters = 4 + below(10);
        for (std::size_t chapter = 0; chapter < chapters && holds(); ++chapter) {
            people_act(below(4));
            if (count_ > 10 && chance(0.25)) mass_choice();
            pass_time();
            change_policy();
            change_configuration();
            live(some_sites(), chance(serving_));
        }
        if (holds()) calm_down();
        outcome_.broken = checker.broken();
        return std::move(outcome_);
    }

    Fate next(Site& site, std::string_view what) override {
        if (calm_) return Fate::go_on;
        if (chance(0.06)) people_act(1);
        if (spell_left_ > 0) --spell_left_;
        if (full_left_ > 0 && --full_left_ == 0) fill(site, false);
        if (what == "load") return Fate::go_on;
        const bool online = is_online(what);
        if (online) world.service.answers_with_record_of_now = flag();
        if (online && spell_left_ > 0) return Fate::fail;
        if (!chance(trouble_)) return Fate::go_on;
        if (chance(0.1)) begin_spell();
        if (chance(0.1)) fill(site, true);
        return std::array{Fate::fail, Fate::do_then_fail, Fate::crash, Fate::do_then_crash}[below(4)];
    }

    std::size_t of(std::size_t count) override { return calm_ ? count : below(count + 1); }

    std::optional<Error> trouble(Site& site, std::string_view what) override {
        if (!is_online(what)) return std::nullopt;
        if (spell_left_ > 0) return fail(spell_, "for a while");
        if (site.last_fate == Fate::do_then_fail)
            return fail(std::array{Errc::service_unreachable, Errc::service_error, Errc::bad_reply}[below(3)],
                        "the answer was lost");
        if (what.ends_with("changes") && chance(0.2)) return fail(Errc::cursor_expired, "410");
        return fail(std::array{Errc::service_unreachable, Errc::tls_failed, Errc::rate_limited, Errc::service_error,
                               Errc::sign_in_failed, Errc::forbidden}[below(6)],
                    "no answer");
    }

    std::chrono::milliseconds delay(std::string_view) override {
        if (calm_ || !chance(slowness_)) return std::chrono::milliseconds{0};
        return std::chrono::milliseconds{1 + below(90'000)};
    }
    std::chrono::seconds retry_after() override { return std::chrono::seconds{chance(0.3) ? below(300) : 0}; }

private:
    std::size_t below(std::size_t n) {
        return n == 0 ? 0 : std::uniform_int_distribution<std::size_t>{0, n - 1}(random_);
    }
    bool chance(double p) { return std::bernoulli_distribution{p}(random_); }
    bool flag() { return chance(0.5); }
    bool holds() const { return checker.broken().empty(); }
    static bool is_online(std::string_view what) {
        return what == "list" || what == "changes" || what == "held_changes" || what == "register" || what == "push";
    }
    Preference any_preference() { return flag() ? Preference::send_all_invoices : Preference::receive_invoices; }
    const Spot& any_spot() { return spots_[below(spots_.size())]; }
    OrgNumber any_company() { return number(below(count_)); }
    Site& any_site() { return *sites_[below(sites_.size())]; }

    // --- how it begins

    void set_up() {
        const bool large = chance(0.15);
        count_ = large ? 13 + below(30) : 1 + below(5);
        trouble_ = std::array{0.0, 0.02, 0.08, 0.25}[below(4)];
        slowness_ = std::array{0.0, 0.0, 0.02, 0.1}[below(4)];
        serving_ = std::array{0.0, 0.3, 1.0}[below(3)];
        world.service.page_size = 1 + below(9);
        for (std::size_t n = 0; n < count_ + spare_numbers; ++n)
            add_company(number(n), chance(0.8) ? CollaborationState::active : CollaborationState::invited);
        install(first(), "main");
        if (chance(0.2)) install(first(), "second");
        for (std::size_t n = 0; n < count_; ++n)
            add_place(first(), *first().host.books[below(first().host.books.size())], place(n), number(n));
        if (chance(0.2)) set_up_followers();
        if (chance(0.25)) set_up_rival();
        for (const auto& site : sites_) {
            choose_policy(*site);
            site->host.policy.push = flag();
        }
        for (const Spot& spot : std::vector<Spot>{spots_})
            for (const auto preference : sync::all_preferences) {
                if (chance(0.3)) choose_online(*spot.company().company, preference, flag());
                if (chance(0.3)) choose_locally(spot, preference, flag());
            }
        world.service.new_id_on_retry = is_planted("new_id_on_retry");
        world.service.epoch_stamped_late = is_planted("epoch_409_ignored");
        for (const auto& site : sites_)
            for (const auto& books : site->host.books) {
                books->compare_and_set = !is_planted("no_compare_and_set");
                books->absence_is_false = is_planted("absence_is_false");
            }
    }

    // One company has two books on the first machine: one leads, the other follows.
    void set_up_followers() {
        const Spot leader = any_spot();
        led_ = leader.company().company;
        Books& books = *first().host.books[below(first().host.books.size())];
        const Spot follower = add_place(first(), books, "F" + leader.place, *led_);
        lead(first(), *led_, leader.key(), {follower.key()});
    }

    void lead_otherwise() {
        world.service.sent.clear();
        const sync::Settled& now = first().host.policy.settled.at(*led_);
        lead(first(), *led_, sync::PlaceKey{now.followers.front()}, {sync::PlaceKey{*now.leader}});
    }

    // Another machine that has some of the same companies in books of its own.
    void set_up_rival() {
        Site& rival = add_site("two");
        Books& books = install(rival, "other");
        for (std::size_t n = 0; n < count_; ++n)
            if (n == 0 || chance(0.6)) add_place(rival, books, place(n), number(n));
    }

    static std::string place(std::size_t n) { return "P" + std::to_string(100 + n); }

    void choose_policy(Site& site) {
        site.host.policy.first_contact =
            std::array{FirstContact::online, FirstContact::local, FirstContact::hold}[below(3)];
        if (site.host.policy.first_contact == FirstContact::hold) checker.policy_may_hold();
        site.host.policy.mass_change_limit = std::array{0.2, 0.2, 0.35, 0.5}[below(4)];
    }

    void change_policy() {
        Site& site = any_site();
        // What was sent under the old policy may be sent again under the new one.
        if (!chance(0.05) || !site.disk.journal().empty()) return;
        world.service.sent.clear();
        choose_policy(site);
        say(site.host.name + " has another policy: first contact " +
            std::array{"online", "local", "hold"}[static_cast<std::size_t>(site.host.policy.first_contact)]);
    }

    // An installation is taken out of the configuration, or put back.
    void change_configuration() {
        if (led_ && chance(0.1) && first().disk.journal().empty()) lead_otherwise();
        Site& site = any_site();
        if (site.host.books.size() > 1 && chance(0.15))
            remove_or_return(*site.host.books[below(site.host.books.size())]);
    }

    // --- what people do

    void people_act(std::size_t times) {
        for (; times > 0; --times) act();
    }

    void act() {
        const std::size_t what = below(100);
        if (what < 65) return choose(what);
        if (what < 72) return change_state();
        if (what < 75) return leave_or_return(any_company());
        if (what < 77) return lock(any_spot());
        if (what < 78) return hide(any_spot());
        if (what < 79) return vanish(any_spot());
        if (what < 81) return restore();
        if (what < 83) return take_backup();
        if (what < 85) return mass_choice();
        if (what < 86) return twice();
        if (what < 88) return release(any_company());
        if (what < 90) return garble(any_company());
        if (what < 93) return repeat_a_request(below(100));
        trouble_of_machines(what);
    }

    // Often the same choice that was made last, on either side: people change their minds, and disagree.
    void choose(std::size_t what) {
        if (!last_ || chance(0.6)) last_ = std::pair{below(spots_.size()), any_preference()};
        const Spot& spot = spots_[last_->first];
        if (what < 30) return choose_online(*spot.company().company, last_->second, flag());
        choose_locally(spot, last_->second, what < 60 ? sync::Choice{flag()} : sync::Choice{});
    }

    void trouble_of_machines(std::size_t what) {
        Site& site = any_site();
        Books& books = *site.host.books[below(site.host.books.size())];
        if (what < 94) return world.service.expire_cursors();
        if (what < 96) return fall_behind();
        if (what < 97) return flag() ? cut_off(books) : cut_what_is_held();
        if (what < 98) {
            disturb();
            books.no_room = !books.no_room;
            return say(books.name + (books.no_room ? " has no room left" : " has room again"));
        }
        if (what < 99) return turn_the_clock(site);
        if (!site.machine) return what_needs_rest(site);
    }

    // What is done to a machine or its books between two runs only.
    void what_needs_rest(Site& site) {
        if (flag()) {
            world.service.sent.clear();
            world.service.catch_up();  // else it would show again what the lost state knew to be old
            return lose_state(site);
        }
        const Spot& spot = any_spot();
        if (spot.site->machine) return;
        if (chance(0.3)) return ignore(spot);
        renumber(spot, number(below(count_ + spare_numbers)), chance(0.3));
    }

    void change_state() {
        set_state(any_company(), std::array{CollaborationState::active, CollaborationState::ended,
                                            CollaborationState::ending, CollaborationState::invited}[below(4)]);
    }

    // Someone who thinks again at once.
    void twice() {
        const Spot& spot = any_spot();
        const auto preference = any_preference();
        const bool value = flag();
        choose_locally(spot, preference, value);
        choose_locally(spot, preference, !value);
    }

    // Many change their minds: as many as may be overwritten at once and one more, or most of them.
    void mass_choice() {
        const bool online = flag();
        const auto preference = any_preference();
        std::vector<Spot> chosen{spots_};
        std::shuffle(chosen.begin(), chosen.end(), random_);
        const double share = any_site().host.policy.mass_change_limit * static_cast<double>(chosen.size());
        const auto too_many = static_cast<std::size_t>(std::max(10.0, std::floor(share))) + 1;
        chosen.resize(std::min(chosen.size(), flag() ? too_many : chosen.size() * 7 / 10), spots_.front());
        for (const Spot& spot : chosen) {
            const OrgNumber company = *spot.company().company;
            const auto& now = online ? world.service.record(company).preferences : spot.company().preferences;
            const bool value = !now[preference].value_or(flag());
            online ? choose_online(company, preference, value) : choose_locally(spot, preference, value);
        }
    }

    void fall_behind() {
        disturb();
        world.service.is_behind() ? world.service.catch_up() : world.service.fall_behind();
        say(world.service.is_behind() ? "what the service reads from falls behind" : "it catches up");
    }

    void cut_what_is_held() {
        world.service.longest_hold = std::chrono::seconds{std::array{3600, 30, 7, 2}[below(4)]};
        say("what is held is cut after " + std::to_string(world.service.longest_hold.count()) + " seconds");
    }

    void turn_the_clock(Site& site) {
        disturb();
        const std::chrono::minutes by{static_cast<long>(below(30 * 60)) - 6 * 60};
        site.host.clock_error += by;
        checker.time_jumped_far();
        checker.clock_was_turned(by);
        say("the clock of " + site.host.name + " jumps by " + std::to_string(by.count()) + " minutes");
    }

    void begin_spell() {
        spell_left_ = 3 + below(40);
        spell_ = std::array{Errc::sign_in_failed, Errc::rate_limited, Errc::service_error, Errc::service_unreachable,
                            Errc::forbidden}[below(5)];
        say("  for a while: " + std::string{samsynk::name_of(spell_)});
    }

    void fill(Site& site, bool full) {
        disturb();
        site.disk.fill(full);
        full_left_ = full ? 3 + below(30) : 0;
        say("  the disk of " + site.host.name + (full ? " is full" : " has room again"));
    }

    void pass_time() {
        world.now += std::chrono::minutes{below(60)};
        if (!chance(0.03)) return;
        world.now += std::chrono::hours{24 * 8};
        checker.time_jumped_far();
        say("eight days pass");
    }

    // --- the agents

    std::vector<Site*> some_sites() {
        if (sites_.size() == 1) return {sites_.front().get()};
        if (chance(0.5)) return {sites_.front().get(), sites_.back().get()};
        return {&any_site()};
    }

    // All of them at once, one thing at a time, until each has ended or was cut off.
    void live(const std::vector<Site*>& sites, bool serving, agent::SyncRequest request = {}) {
        if (chance(0.1))
            for (Site* site : sites) site->disk.reopen();
        for (Site* site : sites) start(*site, random_(), serving, request);
        wakes_ = serving ? 1 + below(sites.front()->host.policy.push ? 30 : 5) : 0;
        serves_ = serving;
        if (sites.size() > 1) disturb();
        answered_ = false;
        for (std::size_t steps = 0; holds(); ++steps) {
            if (steps > 100'000) checker.complain("it never comes to rest");
            if (step_one(sites)) continue;
            if (std::none_of(sites.begin(), sites.end(), [](Site* site) { return site->lives(); })) {
                if (!serving && !calm_ && chance(0.3) && ask_again(sites)) continue;
                break;
            }
            if (!rest(sites, serving)) break;
        }
        for (Site* site : sites) end(*site);
    }

    bool step_one(const std::vector<Site*>& sites) {
        // A single run of a single machine needs nobody between its steps.
        if (sites.size() == 1 && !serves_ && sites.front()->machine) sites.front()->machine->settle();
        const std::size_t begin = below(sites.size());
        for (std::size_t i = 0; i < sites.size(); ++i)
            if (step(*sites[(begin + i) % sites.size()])) {
                if (sites.size() > 1) disturb();
                return true;
            }
        return false;
    }

    // Nothing goes on without time passing: people act, and then it passes.
    bool rest(const std::vector<Site*>& sites, bool serving) {
        const bool in_a_run = std::any_of(sites.begin(), sites.end(), [](Site* site) { return site->in_a_run(); });
        if (serving && !in_a_run) {
            if (wakes_ == 0) return stop(sites);
            --wakes_;
            if (!calm_) people_act(below(3));
            for (Site* site : sites) site->quiet = sites.size() == 1;
            for (Site* site : sites)
                if (site->lives() && chance(0.4)) command(*site);
        } else if (chance(0.3) && !calm_) {
            people_act(1);
        }
        Site* next = nullptr;
        for (Site* site : sites)
            if (site->lives() && site->machine->clock().next())
                if (!next || *site->machine->clock().next() < *next->machine->clock().next()) next = site;
        return next && next->machine->clock().advance();
    }

    // In order, or by pulling the plug.
    bool stop(const std::vector<Site*>& sites) {
        if (flag()) return false;
        for (Site* site : sites)
            if (site->lives()) site->machine->agent().stop();
        return true;
    }

    void command(Site& site) {
        if (answer_one(site)) return;
        const Spot& spot = any_spot();
        if (flag()) {
            say("person at " + site.host.name + " presses Synkronisera");
            agent::SyncRequest request{};
            if (flag()) request.scope = agent::Scope::of_company(*spot.company().company);
            site.machine->agent().request_sync(request);
            return;
        }
        const auto preference = any_preference();
        sync::Preferences choices;
        choices[preference] = flag();
        if (spot.site != &site || !site.commanded.empty()) return;
        say("person at " + site.host.name + ": set " + spot.company().company->digits() + " " + text_of(choices));
        site.commanded.push_back({{*spot.company().company, preference, *choices[preference]}, ++site.commands});
        site.machine->spawn(set(&site, *spot.company().company, choices, site.commands));
    }

    // What the command did not come to write is no choice of anyone's.
    static boost::asio::awaitable<void> set(Site* site, OrgNumber company, sync::Preferences choices,
                                            std::size_t command) {
        const auto result = co_await site->machine->agent().set_preferences(company, choices, "anna");
        std::erase_if(site->commanded, [&](const Site::Commanded& one) { return one.number == command; });
        if (result.has_error()) site->stage.say("  set: " + to_text(result.error().message));
    }

    bool answer_one(Site& site) {
        const auto held = site.machine->agent().held();
        if (held.empty() || !chance(0.6)) return false;
        const sync::Hold& hold = held[below(held.size())];
        const std::optional<Side> take = hold.planned ? hold.planned : flag() ? Side::local : Side::online;
        answer(site, hold.id, take);
        return true;
    }

    // Where each run is made by itself: an answer, and the run that follows.
    bool ask_again(const std::vector<Site*>& sites) {
        Site& site = *sites.front();
        if (answered_ || !site.over || site.machine->crashed() || !answer_one(site)) return false;
        answered_ = true;
        while (step(site))
            ;
        again(site);
        return true;
    }

    // --- how it ends

    void calm_down() {
        say("calm");
        calm_ = true;
        spell_left_ = full_left_ = 0;
        forgive_everything();
        for (const Spot& spot : spots_)
            if (shared(spot) && flag()) ignore(spot);
        world.now += std::chrono::hours{2};
        const std::size_t quiet = outcome_.quiet;
        for (int i = 0; i < 3 && holds(); ++i)
            for (const auto& site : sites_) live({site.get()}, false, {.trigger = agent::Trigger::manual});
        if (holds() && outcome_.quiet < quiet + 3 * sites_.size()) checker.complain("a calm run did not end");
    }

    std::mt19937_64 random_;
    std::optional<std::pair<std::size_t, Preference>> last_;
    std::size_t count_ = 1;
    std::optional<OrgNumber> led_;
    double trouble_ = 0, slowness_ = 0, serving_ = 0;
    bool calm_ = false, answered_ = false, serves_ = false;
    std::size_t wakes_ = 0, spell_left_ = 0, full_left_ = 0;
    Errc spell_ = Errc::service_unreachable;
};

}  // namespace

OrgNumber number(std::size_t n) {
    const std::string nine = "556" + std::to_string(200000 + n);
    for (char check = '0'; check <= '9'; ++check)
        if (const auto found = OrgNumber::parse(nine + check); found.has_value()) return *found;
    throw std::logic_error{"no check digit"};
}

Outcome play(std::uint64_t seed) { return Story{seed}.play(); }

}  // namespace samsynk::simulation
