// A store whose disk outlives the agent: what `commit` returned from is there after a crash.
#pragma once

#include <map>

#include "agent/ports.hpp"
#include "support/gate.hpp"

namespace samsynk::support {

struct Disk {
    sync::Memory memory;
    std::map<OrgNumber, sync::Record> records;
    std::vector<sync::HistoryEntry> history;  ///< oldest run first
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
        remember(commit);
        if (base_before_reply)
            for (const sync::Operation& operation : commit.operations) agree_too_early(operation);
    }

    /// As the store would tell it: newest run first.
    std::vector<sync::HistoryEntry> find(const sync::HistoryQuery& query) const {
        std::vector<sync::HistoryEntry> found;
        for (auto run = history.rbegin(); run != history.rend() && found.size() < query.limit; ++run) {
            if (!query.run.empty() && run->run.id != query.run) continue;
            sync::HistoryEntry entry = *run;
            if (query.company)
                std::erase_if(entry.changes, [&](const auto& change) { return change.company != *query.company; });
            if (!query.company || !entry.changes.empty()) found.push_back(std::move(entry));
        }
        return found;
    }

private:
    sync::HistoryEntry& entry(const std::string& run) {
        for (sync::HistoryEntry& known : history)
            if (known.run.id == run) return known;
        history.push_back({.run = {.id = run, .error = {}}, .changes = {}});
        return history.back();
    }
    void remember(const sync::Commit& commit) {
        for (const sync::HistoryRun& run : commit.runs) entry(run.id).run = run;
        for (const sync::HistoryChange& change : commit.history) entry(change.run).changes.push_back(change);
    }
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

    agent::Async<std::vector<sync::HistoryEntry>> history(sync::HistoryQuery query) override {
        const Fate fate = co_await gate_.pass("history");
        co_await gate_.settle(fate);
        if (fate != Fate::go_on) co_return full();
        co_return disk_.find(query);
    }

private:
    static Error full() { return fail(Errc::state_failed, "disk full"); }

    Disk& disk_;
    Gate& gate_;
};

}  // namespace samsynk::support
