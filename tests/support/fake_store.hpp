// A store whose disk outlives the agent: what `commit` returned from is there after a crash.
#pragma once

#include <map>

#include "agent/ports.hpp"
#include "support/gate.hpp"

namespace samsynk::support {

struct Disk {
    sync::Memory memory;
    std::map<OrgNumber, sync::Record> records;
    std::size_t commits = 0;
    bool base_before_reply = false;  ///< a planted fault

    void apply(const sync::Commit& commit) {
        ++commits;
        if (commit.new_epoch)
            for (auto& [company, record] : records) record.version = sync::of_another_epoch;
        for (const sync::Record& record : commit.records) {
            const auto [at, added] = records.try_emplace(record.company, record);
            if (!added && at->second.version <= record.version) at->second = record;
        }
        for (const OrgNumber& company : commit.missing)
            if (const auto at = records.find(company); at != records.end()) at->second.gone = true;
        memory.apply(commit);
        if (base_before_reply)
            for (const sync::Operation& operation : commit.operations) agree_too_early(operation);
    }

private:
    void agree_too_early(const sync::Operation& operation) {
        for (const auto& [place, agreement] : memory.agreements.of("main")) {
            if (agreement.company != operation.company) continue;
            sync::Agreement early = agreement;
            for (const auto preference : sync::all_preferences)
                if (operation.set[preference]) early.base[preference] = operation.set[preference];
            memory.agreements.put({"main", place}, early);
            return;
        }
    }
};

class FakeStore : public agent::Store {
public:
    FakeStore(Disk& disk, Gate& gate) : disk_{disk}, gate_{gate} {}

    agent::Async<sync::Memory> load() override {
        const Fate fate = co_await gate_.pass("load");
        co_await gate_.settle(fate);
        if (fate != Fate::go_on) co_return full();
        co_return disk_.memory;
    }

    agent::Async<> commit(sync::Commit commit) override {
        const Fate fate = co_await gate_.pass("commit");
        // A transaction that was told to have failed was rolled back: there is no lost answer here.
        if (fate == Fate::go_on || fate == Fate::do_then_crash) disk_.apply(commit);
        co_await gate_.settle(fate);
        if (fate != Fate::go_on) co_return full();
        co_return Result<void>{};
    }

    agent::Async<std::vector<sync::Record>> records(std::vector<OrgNumber> companies) override {
        const Fate fate = co_await gate_.pass("records");
        co_await gate_.settle(fate);
        if (fate != Fate::go_on) co_return full();
        std::vector<sync::Record> found;
        for (const OrgNumber& company : companies)
            if (const auto at = disk_.records.find(company); at != disk_.records.end() && !at->second.gone)
                found.push_back(at->second);
        co_return found;
    }

private:
    static Error full() { return fail(Errc::state_failed, "disk full"); }

    Disk& disk_;
    Gate& gate_;
};

}  // namespace samsynk::support
