// The store as the agent sees it: SQLite's blocking work runs on a pool, the agent's thread never waits for a disk.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <filesystem>
#include <memory>

#include "agent/ports.hpp"

namespace samsynk::store {

/// Opens (blocking) the state in `directory`, making it where there is none. Calls run one after another on `pool`,
/// and each coroutine goes on where it was. The pool must be joined before it goes away, as usual.
/// A damaged state that was moved aside is told to `events` as `state.quarantined`.
/// Errors: state_failed, state_newer.
Result<std::unique_ptr<agent::Store>> open_store(std::filesystem::path directory, boost::asio::thread_pool& pool,
                                                 EventSink* events = nullptr);

/// A copy of a store that `open_store` made, as the private file `to`, made between two of its other calls.
/// Error state_failed.
agent::Async<> copy_store(agent::Store& store, std::filesystem::path to);

}  // namespace samsynk::store
