#include "simulation/stage.hpp"

#include <algorithm>

namespace samsynk::simulation {

using support::Books;
using support::Fate;
using support::Machine;
using sync::Choice;
using sync::Preference;

namespace {

boost::asio::awaitable<void> live(Site* site, bool serving, agent::SyncRequest request) {
    agent::Agent& agent = site->machine->agent();
    const auto opened = co_await agent.open();
    if (opened.has_error()) {
        site->stage.say("  " + site->host.name + ": the state could not be read");
    } else if (serving) {
        co_await agent.serve();
    } else {
        const agent::RunResult result = co_await agent.once(std::move(request));
    }
    site->over = true;
}

// What is told to be approved is what stands when the agent takes the answer.
boost::asio::awaitable<void> approve(Site* site, std::string hold, std::optional<sync::Side> take) {
    std::vector<std::size_t> at_leaders;
    for (sync::Hold one : site->machine->agent().held()) {
        if (one.id != hold) continue;
        std::erase_if(one.rows, [&](const sync::HoldRow& row) {
            if (!site->stage.is_choice_at_leader(row, take)) return false;
            at_leaders.push_back(++site->commands);
            site->commanded.push_back({{row.company, *row.preference, *row.local}, site->commands});
            return true;
        });
        site->stage.checker.person_approves(one);
    }
    const auto result = co_await site->machine->agent().approve(hold, take, "anna");
    if (result.has_error()) site->stage.say("  the answer is not taken: " + to_text(result.error().message));
    std::erase_if(site->commanded, [&](const Site::Commanded& one) {
        return std::find(at_leaders.begin(), at_leaders.end(), one.number) != at_leaders.end();
    });
}

boost::asio::awaitable<void> once_more(Site* site) {
    agent::SyncRequest request{.trigger = agent::Trigger::manual};
    const agent::RunResult result = co_await site->machine->agent().once(std::move(request));
    site->over = true;
}

}  // namespace

std::string text_of(const sync::Preferences& set) {
    std::string text;
    for (const auto preference : sync::all_preferences)
        if (set[preference])
            text += std::string{text.empty() ? "" : ", "} + std::string{name_of(preference)} +
                    " := " + word(set[preference]);
    return text;
}

Site::Site(Stage& on, support::Host& of) : stage{on}, host{of} {
    host.script = this;
    host.open_store = [this](support::Gate& gate) { return std::make_unique<support::SqlStore>(disk, gate); };
}

Fate Site::next(std::string_view what) {
    ++stage.outcome_.awaits;
    if (what == "push") stage.note_known(*this);
    last_fate = stage.next(*this, what);
    if (last_fate == Fate::go_on) return last_fate;
    commit_failed = commit_failed || what == "commit";
    stage.disturb();
    constexpr std::array words{"goes on", "fails", "is done, then fails", "crash before it", "crash after it"};
    stage.say("  " + host.name + ": " + std::string{what} + ": " + words[static_cast<std::size_t>(last_fate)]);
    return last_fate;
}

std::size_t Site::of(std::size_t count) { return stage.of(count); }
std::optional<Error> Site::trouble(std::string_view what) { return stage.trouble(*this, what); }
std::chrono::milliseconds Site::delay(std::string_view what) { return stage.delay(what); }
std::chrono::seconds Site::retry_after() { return stage.retry_after(); }

Stage::Stage() : begin_{world.now} {
    world.books.clear();
    world.name = "one";
    sites_.push_back(std::make_unique<Site>(*this, world));
    world.service.on_push = [this](const std::string&, const auto& operations) { pushes_arrive(operations); };
    world.service.on_apply = [this](const auto& operation, const auto& before) {
        operation_applies(operation, before);
    };
}

Site& Stage::add_site(const std::string& name) {
    hosts_.push_back(std::make_unique<support::Host>());
    hosts_.back()->name = name;
    return *sites_.emplace_back(std::make_unique<Site>(*this, *hosts_.back()));
}

Books& Stage::install(Site& site, const std::string& installation) {
    Books& books = site.host.install(installation);
    wire(site, books);
    return books;
}

void Stage::wire(Site& site, Books& books) {
    books.on_write = [this, &site, &books](const agent::PreferenceWrite& write, const sync::LocalCompany& before) {
        local_write(site, books, write, before);
    };
    books.on_notice = [this, &books](const agent::NoticeWrite& write, const sync::LocalCompany& before) {
        checker.agent_tells({books.name, write.place}, before, write.notice);
    };
}

void Stage::say(const std::string& line) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(world.now - begin_).count();
    char at[32];
    std::snprintf(at, sizeof at, "%3lldd %02lld:%02lld:%02lld  ", static_cast<long long>(seconds / 86400),
                  static_cast<long long>(seconds / 3600 % 24), static_cast<long long>(seconds / 60 % 60),
                  static_cast<long long>(seconds % 60));
    outcome_.trace.push_back(at + line);
}

void Stage::disturb() {
    for (const auto& site : sites_) site->quiet = false;
}

std::string Stage::named(const std::string& operation) {
    return "op " + std::to_string(operations_.try_emplace(operation, operations_.size() + 1).first->second);
}

void Stage::start(Site& site, std::uint64_t seed, bool serving, agent::SyncRequest request) {
    say(site.host.name + (serving ? " serves" : " runs"));
    site.host.events.clear();
    site.machine = std::make_unique<Machine>(world, site.host, seed);
    site.over = false;
    site.seen.reset();
    site.quiet = true;
    site.machine->spawn(live(&site, serving, std::move(request)));
}

void Stage::answer(Site& site, const std::string& hold, std::optional<sync::Side> take) {
    say("person at " + site.host.name + " approves " + hold + (take ? ", takes " + std::string{name_of(*take)} : ""));
    site.machine->spawn(approve(&site, hold, take));
}

void Stage::again(Site& site) {
    site.over = false;
    site.machine->spawn(once_more(&site));
}

bool Stage::step(Site& site) {
    if (!site.machine) return false;
    const bool moved = site.machine->step();
    look(site);
    return moved;
}

void Stage::end(Site& site) {
    if (!site.machine) return;
    if (site.machine->crashed()) ++outcome_.crashes;
    site.machine.reset();
    site.commanded.clear();
}

Installation Stage::installation(const Site& site, const Books& books) const {
    Installation installation{.name = books.name,
                              .now = world.now + site.host.clock_error,
                              .limit = site.host.policy.mass_change_limit,
                              .asks_first = site.host.policy.first_contact == sync::FirstContact::hold};
    // Also those that are away now: they may have been there when it was planned.
    for (const auto& [place, company] : books.places) installation.size += company.company && !company.ignored;
    return installation;
}

void Stage::local_write(Site& site, Books& books, const agent::PreferenceWrite& write,
                        const sync::LocalCompany& before) {
    const std::tuple asked{write.company, write.preference, write.to};
    const auto at = std::find_if(site.commanded.begin(), site.commanded.end(),
                                 [&](const Site::Commanded& one) { return one.choice == asked; });
    if (at != site.commanded.end()) {
        site.commanded.erase(at);
        disturb();
        say("  person by command: local " + books.name + ":" + write.place + " " +
            std::string{name_of(write.preference)} + " := " + word(write.to));
        const Thread thread{{books.name, write.place}, write.company, write.preference};
        checker.chooses_locally(thread, before.preferences[write.preference], write.to);
        const auto online = world.service.records().find(write.company);
        if (online != world.service.records().end())
            checker.observe(thread, write.to, online->second.preferences[write.preference]);
        return;
    }
    ++outcome_.changes;
    say("  " + site.host.name + ": local " + books.name + ":" + write.place + " " +
        std::string{name_of(write.preference)} + " := " + word(write.to));
    const sync::PlaceKey key{books.name, write.place};
    const auto memory = site.disk.memory();
    const auto* agreed = memory.agreements.find(key);
    Checker::Standpoint standpoint{.settled = before.settled};
    if (agreed) standpoint.agreed = agreed->company;
    // What stands in an installation that is offline, and is not remembered, nobody can know of.
    const Spot& here = *spot(key.installation, key.place);
    standpoint.others = shared(here, &memory);
    standpoint.settled = standpoint.settled || parts(here);
    // What follows is the company's by the claim of what leads.
    const std::string& holder = follows(here) ? parts(here)->installation : books.name;
    if (const auto claims = memory.claims.find(holder); claims != memory.claims.end())
        standpoint.held = claims->second.status(write.company) == sync::ClaimStatus::held;
    checker.agent_acts(key, write.company, standpoint);
    const bool ours = agreed && agreed->company == write.company && agreed->follows == follows(here);
    Installation where = installation(site, books);
    where.follows = follows(here);
    where.asks_first = where.asks_first || where.follows || is_new_leader(here, memory);
    checker.agent_writes(where, write, before, ours ? agreed->base[write.preference] : Choice{});
}

bool Stage::is_new_leader(const Spot& spot, const sync::Memory& memory) const {
    const auto* agreed = memory.agreements.find(spot.key());
    return new_leaders_.contains(spot.key()) && !follows(spot) &&
           !(agreed && agreed->company == spot.company().company && !agreed->follows);
}

bool Stage::leader_is_open(const Spot& spot, const agent::Status& status) const {
    const sync::Settled* said = parts(spot);
    return std::none_of(status.companies->begin(), status.companies->end(), [&](const agent::CompanyStatus& one) {
        return said && sync::PlaceKey{one.installation, one.place()} == *said->leader &&
               one.company() == spot.company().company && one.state == agent::CompanyState::synced;
    });
}

Site& Stage::site_of(const std::string& uuid, std::string& name) {
    for (const auto& site : sites_)
        for (const auto& books : site->host.books)
            if (site->host.uuids + books->name == uuid) {
                name = books->name;
                return *site;
            }
    throw std::logic_error{"an installation that is not there"};
}

// What was known of a collaboration when an operation was first to be sent: later it is sent again as it was.
void Stage::note_known(Site& site) {
    for (const sync::Operation& operation : site.disk.journal()) {
        const auto [known, news] = known_.try_emplace(operation.id);
        if (!news) continue;
        if (const auto records = site.disk.store().records({operation.company}); !records->empty())
            known->second = records->front().collaboration.state;
    }
}

void Stage::pushes_arrive(const std::vector<sync::Operation>& operations) {
    std::string name;
    Site& site = site_of(operations.front().installation, name);
    const auto journal = site.disk.journal();
    for (const sync::Operation& operation : operations) {
        checker.operation_arrives(operation, journal, known_.at(operation.id));
    }
}

void Stage::operation_applies(const sync::Operation& operation, const sync::Record& before) {
    ++outcome_.changes;
    say("  online " + operation.company.digits() + " " + text_of(operation.set) + " (" + named(operation.id) + " of " +
        operation.installation + ")");
    std::string name;
    Site& site = site_of(operation.installation, name);
    const auto books = std::find_if(site.host.books.begin(), site.host.books.end(),
                                    [&](const auto& one) { return one->name == name; });
    Installation where = installation(site, **books);
    const std::set<std::string> from = origins(site, **books, operation);
    sync::Preferences base;
    const auto memory =
        where.asks_first || from.size() > 1 || !new_leaders_.empty() ? site.disk.memory() : sync::Memory{};
    for (const auto& [place, agreed] : memory.agreements.of(name))
        if (agreed.company == operation.company && from.contains(place) && !agreed.follows) base = agreed.base;
    for (const std::string& place : from)
        where.asks_first = where.asks_first || is_new_leader(*spot(name, place), memory);
    checker.agent_pushes(where, operation, before, base, from);
}

// Whose choice an operation carries: the places that were the company's when it was journalled.
const std::set<std::string>& Stage::origins(Site& site, const support::Books& books, const sync::Operation& operation) {
    const auto [known, news] = origins_.try_emplace(operation.id);
    if (!news) return known->second;
    std::set<std::string> from, agreed_at;
    for (const auto& [place, company] : books.places)
        if (company.company == operation.company && !company.ignored && !books.away.contains(place) &&
            !follows(*spot(books.name, place)))
            from.insert(place);
    const auto memory = from.size() > 1 ? site.disk.memory() : sync::Memory{};
    for (const auto& [place, agreed] : memory.agreements.of(books.name))
        if (agreed.company == operation.company && !agreed.follows && from.contains(place)) agreed_at.insert(place);
    known->second = agreed_at.empty() ? from : agreed_at;
    return known->second;
}

void Stage::note_origins() {
    for (const auto& site : sites_)
        for (const sync::Operation& operation : site->disk.journal()) {
            std::string name;
            if (&site_of(operation.installation, name) != site.get()) continue;
            for (const auto& books : site->host.books)
                if (books->name == name) origins(*site, *books, operation);
        }
}

const Spot* Stage::spot(const std::string& installation, const std::string& place) const {
    for (const Spot& one : spots_)
        if (one.books->name == installation && one.place == place) return &one;
    return nullptr;
}

bool Stage::is_clear() const {
    if (world.service.is_behind()) return false;
    return std::all_of(sites_.begin(), sites_.end(), [](const auto& site) {
        return !site->disk.is_full() &&
               std::all_of(site->host.books.begin(), site->host.books.end(),
                           [](const auto& books) { return !books->offline && !books->no_room; });
    });
}

// Called after each thing that ran: whether a run ended with it, and what can be seen of it from outside.
void Stage::look(Site& site) {
    const auto status = site.machine->agent().status();
    if (!status->last_run) return;
    if (site.seen && site.seen->last_run == status->last_run) {
        // A run for news that were none leaves the last one standing.
        if (site.seen->companies != status->companies)
            for (const auto& company : *status->companies) checker.success_is_told(site.host.name, company, true);
        site.seen = status;
        return;
    }
    ++outcome_.runs;
    const agent::RunResult& result = *status->last_run;
    const bool completed = result.outcome == agent::Outcome::completed;
    say("  " + site.host.name + ": run (" + std::string{agent::name_of(result.trigger)} + ") " +
        std::string{agent::name_of(result.outcome)} + (result.error ? ": " + to_text(result.error->message) : ""));
    for (const auto& company : *status->companies) {
        checker.success_is_told(site.host.name, company, completed);
    }
    look_at_what_is_told(site, *status);
    look_at_history(site, result);
    // A run for some companies says nothing of the others.
    // One that was made for news knows what was read before it began, and nothing newer.
    const bool whole = result.companies == status->companies->size() && result.trigger != agent::Trigger::change;
    const bool undisturbed = site.quiet && is_clear();
    if (undisturbed && !completed) checker.complain("a run that nothing disturbed did not complete");
    if (completed && whole) {
        const auto memory = site.disk.memory();
        look_at_companies(site, *status, memory);
        if (undisturbed) check_journal(site, memory);
    }
    outcome_.quiet += undisturbed;
    site.seen = status;
    site.quiet = true;  // until the next run is disturbed
}

// What was known stands until something else is known; and what is said of a run is what was done.
void Stage::look_at_what_is_told(Site& site, const agent::Status& status) {
    const agent::RunResult& run = *status.last_run;
    const std::size_t sum =
        run.synced + run.waiting + run.held + run.failed + run.ignored + run.pending + run.offline_companies;
    if (sum != run.companies)
        checker.complain(site.host.name + ": the states add up to " + std::to_string(sum) + " of " +
                         std::to_string(run.companies) + " companies");
    if (!site.seen) return;
    // Since it was last looked at, another run may have ended, too.
    if (status.totals.completed == site.seen->totals.completed && status.last_success != site.seen->last_success)
        checker.complain(site.host.name + ": a run that failed is told as a success");
    std::set<std::pair<std::string, std::string>> told;
    for (const auto& company : *status.companies) told.emplace(company.installation, company.place());
    for (const auto& company : *site.seen->companies) {
        const Spot* at = spot(company.installation, company.place());
        if (at && !at->is_away() && !told.contains({company.installation, company.place()}))
            checker.complain(site.host.name + ": " + company.installation + ":" + company.place() +
                             " is there and not told of any more");
    }
}

void Stage::look_at_history(Site& site, const agent::RunResult& result) {
    const auto told = std::find_if(site.host.events.rbegin(), site.host.events.rend(), [&](const Event& event) {
        return event.run == result.run && event.name == "run." + std::string{agent::name_of(result.outcome)};
    });
    if (told == site.host.events.rend())
        checker.complain(site.host.name + ": the end of a run was not told as what it was");
    // Where it can't be kept, the next run tells of the disk.
    if (std::exchange(site.commit_failed, false) || site.disk.is_full()) return;
    if (result.changed == 0 || result.outcome != agent::Outcome::completed) return;
    const auto kept = site.disk.store().history({.company = {}, .run = result.run, .limit = 1});
    if (kept.has_error() || kept->empty())
        checker.complain(site.host.name + ": a run that changed something is not in the history");
    else if (kept->front().run.outcome != agent::name_of(result.outcome) ||
             kept->front().run.changed != static_cast<std::int64_t>(result.changed))
        checker.complain(site.host.name + ": the history tells of a run otherwise than it went");
}

void Stage::look_at_companies(Site& site, const agent::Status& status, const sync::Memory& memory) {
    const bool undisturbed = site.quiet && is_clear();
    std::size_t places = 0;
    bool all_there = true;
    for (const auto& books : site.host.books) {
        if (!books->configured) continue;
        places += books->places.size();
        all_there = all_there && books->away.empty();
        // One that came back, and was never agreed with, is found by the next run that looks at all.
        for (const auto& [place, company] : books->places)
            all_there = all_there &&
                        (!were_away_.contains({books->name, place}) || memory.agreements.find({books->name, place}));
    }
    if (undisturbed && all_there && status.companies->size() != places)
        checker.complain(std::to_string(status.companies->size()) + " companies are told of, and " +
                         std::to_string(places) + " are there");
    for (const auto& company : *status.companies) {
        const Spot* at = spot(company.installation, company.place());
        if (at && !at->books->configured)
            checker.complain(company.installation + " is not in the configuration, and " + company.place() +
                             " is told of");
        if (!at || at->is_away() || at->company().company != company.company()) continue;
        if (undisturbed) check_stands(*at, company, memory, status);
        if (company.state != agent::CompanyState::synced || !world.service.has(*company.company())) continue;
        const auto* agreed = memory.agreements.find(at->key());
        if (!agreed || agreed->company != *company.company() || agreed->follows != follows(*at)) continue;
        const auto& online = world.service.record(*company.company()).preferences;
        for (const auto preference : sync::all_preferences) {
            const Choice local = at->company().preferences[preference];
            // While reading lags behind, a value from before may still come to be read.
            if (local == online[preference] && agreed->base[preference] == local && !world.service.is_behind() &&
                world.service.on_the_way == 0)
                checker.settled({at->key(), *company.company(), preference}, local);
        }
    }
}

void Stage::check_stands(const Spot& at, const agent::CompanyStatus& company, const sync::Memory& memory,
                         const agent::Status& status) {
    const sync::LocalCompany& local = at.company();
    if (local.trouble || at.books->locked.contains(at.place)) return;
    const OrgNumber& number = *local.company;
    Standing standing{.shared = shared(at) || held_for(at, memory),
                      .known = world.service.has(number) && !world.service.is_garbled(number)};
    const auto moved = claim_moved_.find(number);
    standing.claimed = world.service.holder(number) == at.site->host.uuids + at.books->name &&
                       (moved == claim_moved_.end() || world.now - moved->second > std::chrono::hours{1});
    standing.renumbered = renumbered_.contains(at.key());
    const auto* agreed = memory.agreements.find(at.key());
    standing.follows = follows(at);
    standing.led = parts(at) != nullptr;
    standing.contradicted = is_named_for_another(at);
    standing.leader_open = standing.follows && leader_is_open(at, status);
    standing.has_base = agreed && agreed->company == number && agreed->follows == standing.follows;
    const auto record = world.service.records().find(number);
    if (record != world.service.records().end())
        standing.may_send = sync::in_effect(record->second.collaboration.state);
    for (const auto preference : sync::all_preferences) {
        standing.local = local.preferences[preference];
        standing.online = record != world.service.records().end() ? record->second.preferences[preference] : Choice{};
        standing.agreed = standing.has_base ? agreed->base[preference] : Choice{};
        checker.stands({at.key(), number, preference}, standing, company);
    }
    if (company.state == agent::CompanyState::synced && record != world.service.records().end() &&
        local.notice != sync::fingerprint(sync::notice_of(record->second)))
        checker.complain(at.books->name + ":" + at.place + " was not told of its collaboration");
}

// Nothing is left to settle, but where a place can't be looked at.
void Stage::check_journal(Site& site, const sync::Memory& memory) {
    if (!memory.operations.empty()) checker.complain(site.host.name + ": an operation stays unclear");
    for (const sync::LocalIntent& intent : memory.intents) {
        const Spot* at = spot(intent.key.installation, intent.key.place);
        if (at && at->books->configured && !at->is_away() && !at->company().trouble &&
            !at->books->locked.contains(at->place))
            checker.complain(site.host.name + ": a local write stays unsettled at " + intent.key.place);
    }
    const auto removed = [&](const sync::PlaceKey& key) {
        const Spot* at = spot(key.installation, key.place);
        return at && !at->books->configured;
    };
    for (const sync::Hold& hold : memory.holds)
        for (const sync::HoldRow& row : hold.rows)
            if (removed(row.key)) checker.complain("what is held of " + row.key.installation + " outlives it");
    for (const auto& [key, parking] : memory.parked)
        if (removed(key)) checker.complain("a retry of " + key.installation + " outlives it");
}

}  // namespace samsynk::simulation
