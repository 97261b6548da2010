// What all parts of one run work with.
#pragma once

#include "agent/ledger.hpp"
#include "agent/sides.hpp"
#include "core/event.hpp"

namespace samsynk::agent {

inline constexpr std::size_t batch_size = 500;  ///< operations a call, files a flush, rows a transaction

struct RunContext {
    Sides& sides;
    Ledger& ledger;
    Store& store;
    Clock& clock;
    EventSink& events;
    const bool& stopping;
    std::string run;  ///< its id

    const sync::Memory& memory() const { return ledger.memory(); }
    /// Between steps. Error cancelled, where the agent stops.
    Result<void> going_on() const {
        if (!stopping) return {};
        return fail(Errc::cancelled, N_("The run was stopped. What is not done is done by the next one."));
    }
};

}  // namespace samsynk::agent
