// A machine whose agent keeps its memory in the real store, on a disk that fails when it is told to.
#pragma once

#include <filesystem>
#include <optional>

#include "support/faulty_vfs.hpp"
#include "support/sqlite_disk.hpp"
#include "unit/agent/support.hpp"
#include "unit/store/support.hpp"

namespace samsynk::support {

/// From the start of an agent to its end.
class StoreLife {
public:
    StoreLife(World& world, std::unique_ptr<store::SqliteStore> store, std::vector<Error>& errors)
        : store_{std::move(store)},
          gate_{context_->get_executor(), *world.script},
          clock_{context_->get_executor(), world.now, right_, 1},
          disk_{*store_, gate_, errors},
          events_{world.events},
          agent_{std::make_unique<agent::Agent>(context_->get_executor(), clock_, disk_, events_, sides(world))} {}
    ~StoreLife() { context_->stop(); }

    bool open() {
        const auto opened = finish(agent_->open());
        return opened && opened->has_value();
    }
    std::optional<agent::RunResult> once() { return finish(agent_->once({})); }
    bool crashed() const { return gate_.crashed(); }
    store::SqliteStore& store() { return *store_; }

private:
    template <class T>
    std::optional<T> finish(boost::asio::awaitable<T> work) {
        auto result = std::make_shared<std::optional<T>>();
        boost::asio::co_spawn(*context_, std::move(work), [result](std::exception_ptr problem, T value) {
            if (problem) std::rethrow_exception(problem);
            *result = std::move(value);
        });
        context_->restart();
        context_->poll();
        return *result;
    }

    std::shared_ptr<agent::Sides> sides(World& world) {
        auto sides = std::make_shared<agent::Sides>();
        sides->online = std::make_unique<FakeServicePort>(world.service, gate_, world.clock_error);
        sides->locals.push_back(std::make_unique<FakeBooks>(world.main(), gate_));
        sides->uuids.emplace("main", "uuid-main");
        sides->host = "test";
        sides->program_version = "0";
        return sides;
    }

    // The store outlives the context, whose frames refer to what stands between.
    std::unique_ptr<store::SqliteStore> store_;
    std::unique_ptr<boost::asio::io_context> context_ = std::make_unique<boost::asio::io_context>();
    Gate gate_;
    const std::chrono::milliseconds right_{0};
    VirtualClock clock_;
    SqliteDisk disk_;
    Events events_;
    std::unique_ptr<agent::Agent> agent_;
};

/// The world, the disk and one agent after another.
class Rig {
public:
    Rig() { world.script = &plot; }

    /// As the daemon at a run: it is started where it isn't there. Nothing where that fails, or where it is cut off.
    std::optional<agent::RunResult> run() {
        if (!life_ && !start()) {
            plot = {};
            return std::nullopt;
        }
        auto result = life_->once();
        plot = {};
        if (life_->crashed()) crash();
        return result;
    }

    /// An orderly stop.
    void stop() { life_.reset(); }

    /// A stop without a last word: what is on disk now is all that the next one finds.
    void crash() {
        const auto next = folder_ / ("life-" + std::to_string(++lives_));
        std::filesystem::create_directories(next);
        for (const auto& file : std::filesystem::directory_iterator{state()})
            if (file.path().extension() != ".db-shm") std::filesystem::copy(file.path(), next / file.path().filename());
        life_.reset();
        state_ = next;
    }

    const std::filesystem::path& state() const { return state_; }
    store::SqliteStore& store() { return life_->store(); }
    bool alive() const { return life_ != nullptr; }

    World world;
    agent::Plot plot;
    std::vector<Error> errors;  ///< all that the store ever told

private:
    bool start() {
        auto store = store::SqliteStore::open(state_);
        if (store.has_error()) {
            errors.push_back(store.error());
            return false;
        }
        life_ = std::make_unique<StoreLife>(world, std::move(*store), errors);
        if (life_->open()) return true;
        life_.reset();
        return false;
    }

    store::Folder folder_;
    int lives_ = 0;
    std::filesystem::path state_ = folder_ / "life-0";
    std::unique_ptr<StoreLife> life_;
};

}  // namespace samsynk::support
