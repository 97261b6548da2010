#include "app/daemon.hpp"

#include <malloc.h>
#include <systemd/sd-daemon.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <cstdio>
#include <optional>

#include "agent/agent.hpp"
#include "app/empty_store.hpp"
#include "app/keep_secrets_in.hpp"
#include "app/let_go_of_memory.hpp"
#include "app/print_run.hpp"
#include "app/system_clock.hpp"
#include "app/watchdog.hpp"
#include "app/wiring.hpp"
#include "control/control_server.hpp"
#include "core/plain_text.hpp"
#include "store/open_store.hpp"
#include "telemetry/event_bus.hpp"

namespace samsynk::app {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds rest_before_letting_go{10};

void complain(const std::string& text) { std::fprintf(stderr, "samsynkd: %s\n", plain(text).c_str()); }

std::optional<settings::Settings> load_settings(const std::filesystem::path& file) {
    auto loaded = settings::load(file);
    for (const auto& mistake : loaded.mistakes) complain(settings::to_text(mistake));
    return std::move(loaded.settings);
}

class BusEvents : public control::EventStream {
public:
    explicit BusEvents(telemetry::EventBus& bus) : bus_{bus} {}
    asio::awaitable<std::vector<Event>> next(std::uint64_t after) override { co_return co_await bus_.next(after); }
    std::uint64_t last() const override { return bus_.last(); }

private:
    telemetry::EventBus& bus_;
};

class Daemon {
public:
    Daemon(Options options, settings::Settings settings, Shared shared, std::shared_ptr<agent::Sides> sides,
           std::unique_ptr<agent::Store> store, telemetry::EventBus& bus, asio::io_context& context)
        : options_{std::move(options)},
          settings_{std::move(settings)},
          shared_{std::move(shared)},
          context_{context},
          store_{std::move(store)},
          bus_{bus},
          bus_events_{bus_},
          clock_{context.get_executor()},
          agent_{context.get_executor(), clock_, *store_, bus_, std::move(sides)},
          control_{
              context.get_executor(), agent_, bus_events_,
              control::ControlOptions{settings_.control.socket, settings_.control.observers, settings_.service.url}},
          watchdog_{context.get_executor(), agent_, bus_},
          signals_{context, SIGTERM, SIGINT, SIGHUP},
          rest_{context} {}

    int run() {
        if (!options_.once) {
            if (const auto opened = control_.open(); opened.has_error()) {
                complain(to_text(opened.error().message));
                return 2;
            }
        }
        listen_for_signals();
        asio::co_spawn(context_, options_.once ? once() : serve(), [this](std::exception_ptr problem) {
            wind_down();
            if (problem) std::rethrow_exception(problem);
        });
        context_.run();
        return exit_code_;
    }

private:
    asio::awaitable<bool> open_memory() {
        const auto opened = co_await agent_.open();
        if (opened.has_error()) {
            complain(to_text(opened.error().message));
            exit_code_ = 5;
        }
        co_return opened.has_value();
    }

    asio::awaitable<void> once() {
        if (!co_await open_memory()) co_return;
        agent::SyncRequest request{.companies = {}, .dry_run = options_.dry_run, .trigger = agent::Trigger::once};
        const auto result = co_await agent_.once(std::move(request));
        print_run(result);
        const bool trouble = result.failed + result.held + result.offline.size() > 0;
        exit_code_ = result.outcome != agent::Outcome::completed ? 5 : trouble ? 1 : 0;
    }

    asio::awaitable<void> serve() {
        if (!co_await open_memory()) co_return;
        agent_.on_reload([this] { return reload(); });
        agent_.on_rest([this] { rest(); });
        control_.start();
        publish("daemon.ready", Level::info,
                {N_("Ready. Control socket: {socket}"), {{"socket", settings_.control.socket.string()}}});
        ::sd_notify(0, "READY=1");
        watchdog_.start();
        co_await agent_.serve();
        ::sd_notify(0, "STOPPING=1");
        publish("daemon.stopping", Level::info, {N_("Stopping."), {}});
    }

    // Not between two runs that follow on each other: what is given back is missed by the next one.
    void rest() {
        rest_.expires_after(rest_before_letting_go);
        rest_.async_wait([](const boost::system::error_code& code) {
            if (!code) let_go_of_memory();
        });
    }

    void wind_down() {
        rest_.cancel();
        agent_.close();
        control_.stop();
        watchdog_.stop();
        bus_.close();
        signals_.cancel();
    }

    void listen_for_signals() {
        signals_.async_wait([this](const boost::system::error_code& code, int signal) {
            if (code) return;
            if (signal == SIGHUP)
                (void)reload();
            else
                agent_.stop();
            listen_for_signals();
        });
    }

    Result<void> reload() {
        const auto refuse = [this](Message why) {
            publish("config.refused", Level::error, why);
            return Error{Errc::bad_settings, std::move(why), {}};
        };
        auto loaded = settings::load(options_.config);
        if (!loaded.settings) {
            std::string all;
            for (const auto& mistake : loaded.mistakes) all += (all.empty() ? "" : "; ") + settings::to_text(mistake);
            return refuse(
                {N_("The new configuration is refused and the old one kept: {mistakes}"), {{"mistakes", all}}});
        }
        auto sides = make_sides(*loaded.settings, context_.get_executor(), shared_);
        if (sides.has_error())
            return refuse({N_("The new configuration is refused and the old one kept: {mistakes}"),
                           {{"mistakes", to_text(sides.error().message)}}});
        const bool moved = loaded.settings->control.socket != settings_.control.socket ||
                           loaded.settings->state_directory != settings_.state_directory;
        bus_.log_to(make_log(loaded.settings->log));
        agent_.replace(std::move(*sides));
        publish("config.reloaded", moved ? Level::warning : Level::info,
                moved ? Message{N_("The configuration was read again. The control socket and the state directory "
                                   "change at the next restart."),
                                {}}
                      : Message{N_("The configuration was read again."), {}});
        return {};
    }

    void publish(const std::string& name, Level level, Message message) {
        bus_.publish(Event{.name = name,
                           .level = level,
                           .message = std::move(message),
                           .company = {},
                           .run = {},
                           .fields = {},
                           .code = {}});
    }

    Options options_;
    settings::Settings settings_;
    Shared shared_;
    asio::io_context& context_;
    std::unique_ptr<agent::Store> store_;
    telemetry::EventBus& bus_;
    BusEvents bus_events_;
    SystemClock clock_;
    agent::Agent agent_;
    control::ControlServer control_;
    Watchdog watchdog_;
    asio::signal_set signals_;
    asio::steady_timer rest_;
    int exit_code_ = 0;
};

}  // namespace

namespace {

Result<std::unique_ptr<agent::Store>> open_memory(const settings::Settings& settings, const Options& options,
                                                  asio::thread_pool& pool, telemetry::EventBus& bus) {
    if (options.dry_run && !std::filesystem::exists(settings.state_directory)) return std::make_unique<EmptyStore>();
    return store::open_store(settings.state_directory, pool, &bus);
}

}  // namespace

int run_daemon(const Options& options) {
    std::signal(SIGPIPE, SIG_IGN);
    keep_secrets_in();
    // One arena: the agent is small. What a change needs is kept in store for the next one, and given back at rest.
    ::mallopt(M_ARENA_MAX, 1);
    ::mallopt(M_MMAP_THRESHOLD, 2 * 1024 * 1024);
    ::mallopt(M_TRIM_THRESHOLD, 4 * 1024 * 1024);
    auto settings = load_settings(options.config);
    if (!settings) return 2;
    asio::thread_pool pool{2};
    asio::io_context context{1};
    telemetry::EventBus bus{context.get_executor(), make_log(settings->log)};
    const Shared shared = make_shared_parts(*settings, pool, bus);
    // Before the state: where the configuration turns out to be wrong here, nothing was touched.
    auto sides = make_sides(*settings, context.get_executor(), shared, !options.dry_run);
    if (sides.has_error()) {
        complain(to_text(sides.error().message));
        return sides.error().code == Errc::bad_settings ? 2 : 5;
    }
    auto store = open_memory(*settings, options, pool, bus);
    if (store.has_error()) {
        complain(to_text(store.error().message) +
                 (store.error().detail.empty() ? "" : " (" + store.error().detail + ")"));
        return 5;
    }
    int code = 0;
    {
        Daemon daemon{options, std::move(*settings), shared, std::move(*sides), std::move(*store), bus, context};
        code = daemon.run();
        pool.join();
    }
    return code;
}

}  // namespace samsynk::app
