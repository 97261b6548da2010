#include "app/daemon.hpp"

#include <malloc.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <optional>

#include "agent/agent.hpp"
#include "app/bus_events.hpp"
#include "app/doctor.hpp"
#include "app/empty_store.hpp"
#include "app/housekeeper.hpp"
#include "app/keep_secrets_in.hpp"
#include "app/let_go_of_memory.hpp"
#include "app/longest_step.hpp"
#include "app/move_state.hpp"
#include "app/not_configured_yet.hpp"
#include "app/orphans.hpp"
#include "app/print_run.hpp"
#include "app/system_clock.hpp"
#include "app/systemd.hpp"
#include "app/watchdog.hpp"
#include "app/wiring.hpp"
#include "async/asked_aside.hpp"
#include "async/mutex.hpp"
#include "async/task_group.hpp"
#include "control/action_log.hpp"
#include "control/control_server.hpp"
#include "control/metrics_port.hpp"
#include "control/routes.hpp"
#include "core/plain_text.hpp"
#include "installations/exec/brood.hpp"
#include "store/open_store.hpp"
#include "telemetry/event_bus.hpp"

namespace samsynk::app {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds rest_before_letting_go{10};
// What an installation is at when all stops. A write that hangs is in the journal; the supervisor waits for a minute.
constexpr std::chrono::seconds patience_at_the_end{20};

void complain(const std::string& text) { std::fprintf(stderr, "samsynkd: %s\n", plain(text).c_str()); }

class Daemon {
public:
    Daemon(Options options, settings::Settings settings, Shared shared, std::shared_ptr<agent::Sides> sides,
           std::unique_ptr<agent::Store> store, telemetry::EventBus& bus, asio::io_context& context,
           std::optional<int> passed_socket)
        : options_{std::move(options)},
          settings_{std::move(settings)},
          shared_{std::move(shared)},
          context_{context},
          store_{std::move(store)},
          bus_{bus},
          bus_events_{bus_},
          clock_{context.get_executor()},
          agent_{context.get_executor(), clock_, *store_, bus_, std::move(sides)},
          housekeeper_{context.get_executor(),     settings_, options_.config, agent_, *store_, bus_,
                       [this] { return reload(); }},
          routes_{agent_, settings_.service.url, [this] { return bus_events_.newest(); }, &housekeeper_},
          actions_{routes_, bus_},
          live_{context.get_executor(), agent_, bus_events_},
          control_{context.get_executor(), actions_, &live_,
                   control::ControlOptions{.socket = settings_.control.socket,
                                           .passed = passed_socket,
                                           .observers = settings_.control.observers,
                                           .on_fault = [this](Event event) { bus_.publish(std::move(event)); }}},
          metrics_{context.get_executor(), agent_, [this](Event event) { bus_.publish(std::move(event)); }},
          supervisor_{context.get_executor()},
          watchdog_{context.get_executor(), supervisor_, agent_, bus_, [this] { return patience(); }},
          orphans_{context.get_executor()},
          prepared_{context.get_executor(), file_patience},
          reloads_{context.get_executor()},
          signals_{context, SIGTERM, SIGINT, SIGHUP},
          rest_{context} {}

    int run() {
        signals_.add(SIGUSR1);
        if (!options_.once) {
            if (const auto opened = control_.open(); opened.has_error()) {
                complain(to_text(opened.error().message));
                return 5;
            }
            if (const auto served = metrics_.listen(settings_.metrics); served.has_error()) {
                complain(to_text(served.error().message));
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
        agent::SyncRequest request{.dry_run = options_.dry_run, .trigger = agent::Trigger::once};
        const auto result = co_await agent_.once(std::move(request));
        print_run(result);
        const bool trouble = result.failed + result.held + result.offline.size() > 0;
        exit_code_ = result.outcome != agent::Outcome::completed ? 5 : trouble ? 1 : 0;
    }

    asio::awaitable<void> serve() {
        if (!co_await open_memory()) co_return;
        agent_.on_rest([this] { rest(); });
        control_.start();
        publish("daemon.ready", Level::info,
                {N_("Ready. Control socket: {socket}"), {{"socket", settings_.control.socket.string()}}});
        supervisor_.ready();
        tell_how_things_are();
        watchdog_.start();
        orphans_.look();
        co_await agent_.serve();
        supervisor_.stopping();
        publish("daemon.stopping", Level::info, {N_("Stopping."), {}});
    }

    // A tenth more or less between two runs, and what may come late on a busy machine.
    Watchdog::Patience patience() const {
        return {.rest = settings_.sync.interval * 5 / 4 + std::chrono::minutes{1}, .step = longest_step(settings_)};
    }

    void tell_how_things_are() {
        const auto sign_in = agent_.sign_in();
        supervisor_.status(status_line(*agent_.status(), sign_in ? sign_in->status().state : std::string{}));
    }

    // Not between two runs that follow on each other: what is given back is missed by the next one.
    void rest() {
        tell_how_things_are();
        if (stopping_) return;
        rest_.expires_after(rest_before_letting_go);
        rest_.async_wait([](const boost::system::error_code& code) {
            if (!code) let_go_of_memory();
        });
    }

    void wind_down() {
        rest_.cancel();
        agent_.close();
        control_.stop();
        metrics_.close();
        watchdog_.stop();
        supervisor_.close();
        orphans_.stop();
        bus_.close();
        signals_.cancel();
    }

    void listen_for_signals() {
        signals_.async_wait([this](const boost::system::error_code& code, int signal) {
            if (code) return;
            if (signal == SIGHUP)
                reload_unasked();
            else if (signal == SIGUSR1)
                bus_.reopen_log();
            else
                stop();
            listen_for_signals();
        });
    }

    void stop() {
        stopping_ = true;
        agent_.stop();
        rest_.expires_after(patience_at_the_end);
        rest_.async_wait([this](const boost::system::error_code& code) {
            if (!code) agent_.close();
        });
    }

    void reload_unasked() {
        const auto reloaded = [](Daemon& self) -> asio::awaitable<void> { (void)co_await self.reload(); };
        reloads_.spawn(reloaded(*this), [this](const std::exception_ptr& thrown) {
            if (thrown) bus_.publish(fault("reading the configuration again", what_of(thrown)));
        });
    }

    agent::Async<> reload() {
        const auto alone = co_await AsyncMutex::lock(reloading_);
        supervisor_.reloading();
        Result<void> taken;
        try {
            taken = co_await take_up_configuration();
        } catch (const std::exception& problem) {  // no memory is left, say
            taken = refused(problem.what());
        }
        if (stopping_) co_return fail(Errc::cancelled, N_("Stopping."));
        if (taken.has_error()) publish("config.refused", Level::error, taken.error().message);
        supervisor_.ready();
        co_return taken;
    }

    static Error refused(const std::string& mistakes) {
        return fail(Errc::bad_settings, N_("The new configuration is refused and the old one kept: {mistakes}"),
                    {{"mistakes", mistakes}});
    }

    // Everything that can be refused comes before anything that changes. The files are read aside: some of them may lie
    // on a share that hangs.
    agent::Async<> take_up_configuration() {
        std::function<PreparedConfiguration()> prepare = [file = options_.config, executor = context_.get_executor(),
                                                          shared = shared_] {
            return prepare_configuration(file, executor, shared);
        };
        auto prepared = co_await prepared_.answer_to(std::move(prepare));
        if (!prepared)
            co_return fail(
                Errc::bad_settings,
                N_("The new configuration is not taken up and the old one kept: the files that it names do not "
                   "answer. Look at the disks and shares that they lie on."));
        if (!prepared->mistakes.empty()) co_return refused(prepared->mistakes);
        if (stopping_) co_return fail(Errc::cancelled, N_("Stopping."));
        if (const auto served = metrics_.listen(prepared->settings->metrics); served.has_error())
            co_return refused(to_text(served.error().message));
        take_up(std::move(*prepared->settings), std::move(prepared->sides), std::move(prepared->log));
        co_return Result<void>{};
    }

    void take_up(settings::Settings settings, std::shared_ptr<agent::Sides> sides,
                 std::unique_ptr<telemetry::LogSink> log) {
        const bool moved = settings.control.socket != settings_.control.socket ||
                           settings.state_directory != settings_.state_directory;
        settings_ = std::move(settings);
        bus_.log_to(std::move(log));
        housekeeper_.reloaded();
        control_.let_look(settings_.control.observers);
        routes_.tell_service(settings_.service.url);
        agent_.replace(std::move(sides));
        publish("config.reloaded", moved ? Level::warning : Level::info,
                moved ? Message{N_("The configuration was read again. The control socket and the state directory "
                                   "change at the next restart."),
                                {}}
                      : Message{N_("The configuration was read again."), {}});
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
    Housekeeper housekeeper_;
    control::Routes routes_;
    control::ActionLog actions_;
    control::LiveAnswers live_;
    control::ControlServer control_;
    control::MetricsPort metrics_;
    Supervisor supervisor_;
    Watchdog watchdog_;
    Orphans orphans_;
    AskedAside<PreparedConfiguration> prepared_;
    TaskGroup reloads_;
    std::shared_ptr<AsyncMutex> reloading_ = std::make_shared<AsyncMutex>();
    asio::signal_set signals_;
    asio::steady_timer rest_;
    bool stopping_ = false;
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

namespace {

int live(const Options& options, settings::Settings settings, std::optional<int> passed_socket) {
    asio::io_context context{1};
    asio::thread_pool pool{2};  // after the context: it goes first, and its threads post there
    auto log = make_log(settings.log);
    if (log.has_error()) {
        complain(to_text(log.error().message));
        return 2;
    }
    telemetry::EventBus bus{context.get_executor(), std::move(*log)};
    const Shared shared = make_shared_parts(settings, pool, bus);
    // Before the state: where the configuration turns out to be wrong here, nothing was touched.
    auto sides = make_sides(settings, context.get_executor(), shared, !options.dry_run);
    if (sides.has_error()) {
        complain(to_text(sides.error().message));
        return sides.error().code == Errc::bad_settings ? 2 : 5;
    }
    auto store = open_memory(settings, options, pool, bus);
    if (store.has_error()) {
        complain(to_text(store.error().message) +
                 (store.error().detail.empty() ? "" : " (" + store.error().detail + ")"));
        return store.error().code == Errc::state_newer ? 2 : 5;
    }
    Daemon daemon{options, std::move(settings), shared, std::move(*sides), std::move(*store), bus,
                  context, passed_socket};
    const int code = daemon.run();
    pool.join();
    return code;
}

}  // namespace

int run_daemon(const Options& options) {
    std::signal(SIGPIPE, SIG_IGN);
    ::tzset();  // read once, and not on the loop
    keep_secrets_in();
    installations::adopt_orphans();
    // One arena: the agent is small. What a change needs is kept in store for the next one, and given back at rest.
    ::mallopt(M_ARENA_MAX, 1);
    ::mallopt(M_MMAP_THRESHOLD, 2 * 1024 * 1024);
    ::mallopt(M_TRIM_THRESHOLD, 4 * 1024 * 1024);
    if (options.doctor) return examine_configuration(options);
    if (!options.backup.empty() || options.restore) return move_state(options);
    const std::optional<int> passed = options.once ? std::nullopt : passed_socket();
    auto loaded = settings::load(options.config);
    if (loaded.nothing && !options.once) {
        if (!wait_for_configuration(options.config, passed)) return 0;
        loaded = settings::load(options.config);
    }
    for (const auto& mistake : loaded.mistakes) complain(settings::to_text(mistake));
    if (!loaded.settings) return 2;
    return live(options, std::move(*loaded.settings), passed);
}

}  // namespace samsynk::app
