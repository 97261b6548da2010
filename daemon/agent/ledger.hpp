// The agent's memory and its copy on disk, changed together: first the disk, then the memory.
#pragma once

#include "agent/ports.hpp"
#include "sync/memory.hpp"

namespace samsynk::agent {

class Ledger {
public:
    /// Without a store nothing is kept: for a dry run, on a copy of the memory.
    Ledger(sync::Memory memory, Store* store) : memory_{std::move(memory)}, store_{store} {}

    const sync::Memory& memory() const { return memory_; }

    Async<> commit(sync::Commit commit) {
        if (commit.empty()) co_return Result<void>{};
        for (sync::Record& record : commit.records) {
            const auto before = memory_.online.find(record.company);
            record = sync::completed(std::move(record), before == memory_.online.end() ? nullptr : &before->second,
                                     commit.new_epoch.has_value());
        }
        if (store_)
            if (auto kept = co_await store_->commit(commit); kept.has_error()) co_return kept.error();
        memory_.apply(commit);
        co_return Result<void>{};
    }

private:
    sync::Memory memory_;
    Store* store_;
};

}  // namespace samsynk::agent
