// Where a story is played: the world, the machines in it, what people can do there, and the checker that looks on.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "simulation/checker.hpp"
#include "support/machine.hpp"
#include "support/sql_disk.hpp"

namespace samsynk::simulation {

struct Outcome {
    std::vector<std::string> broken;  ///< empty: all that must hold held
    std::vector<std::string> trace;   ///< what happened, a line each
    std::size_t runs = 0, quiet = 0, awaits = 0, crashes = 0, changes = 0;
};

class Stage;

/// One machine: what outlives its agent, the agent while it lives, and what was last seen of it.
class Site : public support::Script {
public:
    Site(Stage& stage, support::Host& host);

    support::Fate next(std::string_view what) override;
    std::size_t of(std::size_t count) override;
    std::optional<Error> trouble(std::string_view what) override;
    std::chrono::milliseconds delay(std::string_view what) override;
    std::chrono::seconds retry_after() override;

    bool in_a_run() const { return machine && !machine->agent().status()->running.empty(); }
    bool lives() const { return machine && !machine->crashed() && !over; }

    Stage& stage;
    support::Host& host;
    support::SqlDisk disk;
    std::unique_ptr<support::Machine> machine;
    bool over = false;   ///< the agent has ended in order
    bool quiet = false;  ///< since the run began nothing went wrong and nobody acted
    std::shared_ptr<const agent::Status> seen;
    support::Fate last_fate = support::Fate::go_on;
    bool commit_failed = false;  ///< since the last run ended
    /// What a person asked the agent to write itself: a choice of the person's, not of the agent's.
    struct Commanded {
        std::tuple<OrgNumber, sync::Preference, bool> choice;
        std::size_t number = 0;  ///< of the command: the same may be asked for again
    };
    std::vector<Commanded> commanded;
    std::size_t commands = 0;
};

/// One place of one installation.
struct Spot {
    Site* site = nullptr;
    support::Books* books = nullptr;
    std::string place;

    bool is_away() const { return books->away.contains(place); }
    sync::LocalCompany& company() const { return books->places.at(place); }
    sync::PlaceKey key() const { return {books->name, place}; }
};

class Stage {
public:
    Stage();
    virtual ~Stage() = default;
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

    // What the machines ask while an agent works.
    virtual support::Fate next(Site& site, std::string_view what) = 0;
    virtual std::size_t of(std::size_t count) { return count; }
    virtual std::optional<Error> trouble(Site&, std::string_view) { return std::nullopt; }
    virtual std::chrono::milliseconds delay(std::string_view) { return std::chrono::milliseconds{0}; }
    virtual std::chrono::seconds retry_after() { return std::chrono::seconds{0}; }

    // Setting up.
    Site& first() { return *sites_.front(); }
    Site& add_site(const std::string& name);
    support::Books& install(Site& site, const std::string& installation);
    void add_company(const OrgNumber& company, sync::CollaborationState state);
    Spot add_place(Site& site, support::Books& books, const std::string& place, const OrgNumber& company);

    // What people do. Each tells the checker, and the trace.
    void choose_online(const OrgNumber& company, sync::Preference preference, sync::Choice value);
    void choose_locally(const Spot& spot, sync::Preference preference, sync::Choice value);
    void set_state(const OrgNumber& company, sync::CollaborationState state);
    void leave_or_return(const OrgNumber& company);
    void lock(const Spot& spot);
    void hide(const Spot& spot);  ///< it can't be read, or can again
    void cut_off(support::Books& books);
    void remove_or_return(
        support::Books& books);     ///< an installation, out of the configuration or back; not while it runs
    void vanish(const Spot& spot);  ///< its folder is moved away, or back
    /// The configuration says which of the company's places on this machine leads, and which follow; not while it runs.
    void lead(Site& site, const OrgNumber& company, const sync::PlaceKey& leader,
              std::vector<sync::PlaceKey> followers);
    void renumber(const Spot& spot, const OrgNumber& company, bool by_person);
    void ignore(const Spot& spot);
    void take_backup();
    void restore();
    void lose_state(Site& site);
    void release(const OrgNumber& company);
    void garble(const OrgNumber& company);
    void repeat_a_request(std::size_t n);
    void forgive_everything();  ///< all that stands in the way is cleared

    // The agent's life.
    void start(Site& site, std::uint64_t seed, bool serving, agent::SyncRequest request = {});
    void answer(Site& site, const std::string& hold, std::optional<sync::Side> take);
    /// One more run of the same agent, where each is made by itself.
    void again(Site& site);
    bool step(Site& site);  ///< one thing that can run; and what came of a run that ended with it
    void end(Site& site);
    void disturb();

    void say(const std::string& line);
    const Outcome& outcome() const { return outcome_; }

    support::World world;
    Checker checker;
    /// Whether a yes to this row is a choice at the place that leads.
    bool is_choice_at_leader(const sync::HoldRow& row, std::optional<sync::Side> take) const;

protected:
    bool is_clear() const;
    const Spot* spot(const std::string& installation, const std::string& place) const;
    /// The number stands at another place of this machine, too; with `memory`, at one that the agent can know of.
    bool shared(const Spot& spot, const sync::Memory* memory = nullptr) const;
    /// Whether another place was agreed to be its company, and says to be another one now.
    bool held_for(const Spot& spot, const sync::Memory& memory) const;
    /// What the configuration says of this company's places, if anything; and whether it says that this one follows.
    static const sync::Settled* parts(const Spot& spot);
    static bool follows(const Spot& spot);
    static bool is_named_for_another(const Spot& spot);
    Outcome outcome_;
    std::vector<std::unique_ptr<Site>> sites_;
    std::vector<Spot> spots_;

private:
    friend class Site;
    void wire(Site& site, support::Books& books);
    void look(Site& site);
    void look_at_what_is_told(Site& site, const agent::Status& status);
    void look_at_history(Site& site, const agent::RunResult& result);
    void look_at_companies(Site& site, const agent::Status& status, const sync::Memory& memory);
    void check_stands(const Spot& spot, const agent::CompanyStatus& company, const sync::Memory& memory,
                      const agent::Status& status);
    void check_journal(Site& site, const sync::Memory& memory);
    Installation installation(const Site& site, const support::Books& books) const;
    bool is_new_leader(const Spot& spot, const sync::Memory& memory) const;
    bool leader_is_open(const Spot& spot, const agent::Status& status) const;
    void local_write(Site& site, support::Books& books, const agent::PreferenceWrite& write,
                     const sync::LocalCompany& before);
    void pushes_arrive(const std::vector<sync::Operation>& operations);
    void operation_applies(const sync::Operation& operation, const sync::Record& before);
    const std::set<std::string>& origins(Site& site, const support::Books& books, const sync::Operation& operation);
    void note_known(Site& site);
    void note_origins();  ///< before a person makes a place another company's
    Site& site_of(const std::string& uuid, std::string& installation);
    void observe(const OrgNumber& company);
    std::string named(const std::string& operation);

    support::FakeService::Backup backup_;
    Time begin_;
    std::map<OrgNumber, Time> claim_moved_;
    std::set<sync::PlaceKey> were_away_;
    std::set<sync::PlaceKey> new_leaders_;                                  // where another place led before
    std::set<sync::PlaceKey> renumbered_;                                   // showed another number once
    std::map<std::string, std::optional<sync::CollaborationState>> known_;  // of operations, by their ids
    std::map<std::string, std::set<std::string>> origins_;                  // of operations, by their ids
    std::map<std::string, std::size_t> operations_;  // for the trace: their ids are another each time
    std::vector<std::unique_ptr<support::Host>> hosts_;
};

std::string text_of(const sync::Preferences& set);

}  // namespace samsynk::simulation
