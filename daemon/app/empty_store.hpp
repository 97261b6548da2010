// Remembers nothing: for a dry run before the first real one, which must not even make the state folder.
#pragma once

#include "agent/ports.hpp"

namespace samsynk::app {

class EmptyStore : public agent::Store {
public:
    agent::Async<sync::Memory> load() override { co_return sync::Memory{}; }
    agent::Async<> commit(sync::Commit) override { co_return Result<void>{}; }
    agent::Async<std::vector<sync::Record>> records(std::vector<OrgNumber>) override {
        co_return std::vector<sync::Record>{};
    }
    agent::Async<std::vector<sync::HistoryEntry>> history(sync::HistoryQuery) override {
        co_return std::vector<sync::HistoryEntry>{};
    }
};

}  // namespace samsynk::app
