// The machine on which an agent runs: it can be switched off at any await, and on again with the same disk.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>

#include "agent/agent.hpp"
#include "support/fake_books.hpp"
#include "support/fake_service.hpp"
#include "support/fake_store.hpp"
#include "support/virtual_clock.hpp"

namespace samsynk::support {

/// What belongs to one machine and outlives the agent on it.
struct Host {
    std::string name = "test";
    std::string uuids = "uuid-";  ///< an installation's id online is this and its name
    std::vector<std::unique_ptr<Books>> books;
    Disk disk;
    agent::Policy policy;
    std::vector<Event> events;
    std::chrono::milliseconds clock_error{0};
    Script calm;
    Script* script = &calm;
    /// The store that the agent gets; without it, one on `disk`.
    std::function<std::unique_ptr<agent::Store>(Gate&)> open_store;

    Books& install(const std::string& installation) {
        books.push_back(std::make_unique<Books>());
        books.back()->name = installation;
        return *books.back();
    }
    Books& main() { return *books.front(); }
};

/// One machine, the service, and the time.
struct World : Host {
    Time now{std::chrono::seconds{1'793'000'000}};
    FakeService service{now};

    World() { install("main"); }
};

class Events : public EventSink {
public:
    explicit Events(std::vector<Event>& kept) : kept_{kept} {}
    void publish(Event event) override { kept_.push_back(std::move(event)); }

private:
    std::vector<Event>& kept_;
};

class Machine {
public:
    static constexpr const char* machine_id = "0123456789abcdef0123456789abcdef";

    explicit Machine(World& world, std::uint64_t seed = 1) : Machine{world, world, seed} {}
    Machine(World& world, Host& host, std::uint64_t seed)
        : world_{world},
          host_{host},
          gate_{context_.get_executor(), *host.script},
          clock_{context_.get_executor(), world.now, host.clock_error, seed},
          store_{host.open_store ? host.open_store(gate_) : std::make_unique<FakeStore>(host.disk, gate_)},
          events_{host.events},
          agent_{std::make_unique<agent::Agent>(context_.get_executor(), clock_, *store_, events_, sides())} {
        gate_.sleep = [this](std::chrono::milliseconds time, Bell* bell) { return clock_.sleep(time, bell); };
    }

    ~Machine() {
        // Frames that still wait hold references to the rest.
        context_.stop();
    }

    agent::Agent& agent() { return *agent_; }
    boost::asio::any_io_executor executor() { return context_.get_executor(); }
    VirtualClock& clock() { return clock_; }
    bool crashed() const { return gate_.crashed(); }

    /// Runs everything that can run without time passing.
    void settle() {
        context_.restart();
        context_.poll();
    }

    /// Runs one thing that can run without time passing; false where there is none.
    bool step() {
        context_.restart();
        return context_.poll_one() > 0;
    }

    void spawn(boost::asio::awaitable<void> work) {
        boost::asio::co_spawn(context_, std::move(work), [](std::exception_ptr problem) {
            if (problem) std::rethrow_exception(problem);
        });
    }

    /// Spawns, settles, and returns what came of it; nothing where it waits still (or the machine crashed).
    template <class T>
    std::optional<T> run(boost::asio::awaitable<T> work) {
        auto result = std::make_shared<std::optional<T>>();
        boost::asio::co_spawn(context_, std::move(work), [result](std::exception_ptr problem, T value) {
            if (problem) std::rethrow_exception(problem);
            *result = std::move(value);
        });
        settle();
        return *result;
    }

    /// Opens the memory and makes one run. Nothing where the machine crashed in it.
    std::optional<agent::RunResult> once(agent::SyncRequest request = {}) {
        if (!opened_) {
            const auto opened = run(agent_->open());
            if (!opened || opened->has_error()) return std::nullopt;
            opened_ = true;
        }
        return run(agent_->once(std::move(request)));
    }

    /// Serves from now on, as the daemon does.
    void serve() {
        const auto opened = run(agent_->open());
        if (!opened || opened->has_error()) return;
        boost::asio::co_spawn(context_, agent_->serve(), boost::asio::detached);
        settle();
    }

    /// Lets the next sleeper wake.
    bool pass_time() {
        const bool moved = clock_.advance();
        settle();
        return moved;
    }

private:
    std::shared_ptr<agent::Sides> sides() {
        auto sides = std::make_shared<agent::Sides>();
        sides->online = std::make_unique<FakeServicePort>(world_.service, gate_, host_.clock_error);
        for (const auto& books : host_.books) {
            if (!books->configured) continue;
            sides->locals.push_back(std::make_unique<FakeBooks>(*books, gate_));
            sides->uuids.emplace(books->name, host_.uuids + books->name);
        }
        sides->machine = machine_id;
        sides->host = host_.name;
        sides->program_version = "0";
        sides->policy = host_.policy;
        return sides;
    }

    World& world_;
    Host& host_;
    // Last of all the context, so that the frames in it end before what they refer to.
    struct Context : boost::asio::io_context {};
    std::unique_ptr<Context> owned_ = std::make_unique<Context>();
    Context& context_ = *owned_;
    Gate gate_;
    VirtualClock clock_;
    std::unique_ptr<agent::Store> store_;
    Events events_;
    std::unique_ptr<agent::Agent> agent_;
    bool opened_ = false;
};

}  // namespace samsynk::support
