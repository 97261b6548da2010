// Where a connector is tried: a small accounting installation of its kind, which a test can look into and change as the
// accounting program, or an accident, would.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/ports.hpp"

namespace samsynk::installations {

class Ground {
public:
    virtual ~Ground() = default;
    /// A connector as it is made at a start; `executor` is the test's.
    virtual std::unique_ptr<agent::LocalSide> open(boost::asio::any_io_executor executor) = 0;
    virtual void add(const std::string& place, const std::string& number, const std::string& name) = 0;
    /// As the accounting program does; absent: the choice is taken away.
    virtual void choose(const std::string& place, sync::Preference preference, sync::Choice choice) = 0;
    /// What stands there, looked at without the connector.
    virtual sync::Choice chosen(const std::string& place, sync::Preference preference) = 0;
    /// Makes what is chosen at a place unreadable, for that place only.
    virtual void spoil(const std::string& place) = 0;
    virtual void remove(const std::string& place) = 0;
    /// Takes all away from under the connector, and brings it back.
    virtual void hide() = 0;
    virtual void show() = 0;
    /// All that there is, as text: to tell whether something was changed.
    virtual std::string everything() = 0;
};

using GroundMaker = std::function<std::unique_ptr<Ground>()>;

std::unique_ptr<Ground> make_folder_ground();
std::unique_ptr<Ground> make_sqlite_ground();
std::unique_ptr<Ground> make_exec_ground();
/// The environment variable holds SOCI's connect text for an empty database, and its name says of which kind. With ODBC
/// in it the connector goes by the data source `samsynk-contract`, which must lead to the same one.
std::unique_ptr<Ground> make_server_ground(const char* variable);

/// Runs what a connector does until it is done.
template <class T>
T run(boost::asio::io_context& context, boost::asio::awaitable<T> work) {
    std::optional<T> result;
    boost::asio::co_spawn(context, std::move(work), [&](std::exception_ptr problem, T value) {
        if (problem) std::rethrow_exception(problem);
        result.emplace(std::move(value));
    });
    context.restart();
    while (!result) context.run_one();
    return std::move(*result);
}

}  // namespace samsynk::installations
