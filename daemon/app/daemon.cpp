#include "app/daemon.hpp"

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <optional>

#include "agent/agent.hpp"
#include "app/adapters.hpp"
#include "app/doctor.hpp"
#include "app/maintenance.hpp"
#include "app/offline_backup.hpp"
#include "app/print_run.hpp"
#include "app/systemd.hpp"
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

constexpr std::chrono::seconds rest_before_trimming{10};
// What an installation is at when all stops. A write that hangs is in the journal; the supervisor waits for a minute.
constexpr std::chrono::seconds patience_at_the_end{20};

void print_error(const std::string& text) { std::fprintf(stderr, "samsynkd: %s\n", plain(text).c_str()); }
int failed(const Error& error, int exit_code) {
    print_error(to_text(error.message) + (error.detail.empty() ? "" : " (" + error.detail + ")"));
    return exit_code;
}

// What bridges left behind is ended and reaped, also where it goes on doing what it did.
class OrphanReaper {
public:
    explicit OrphanReaper(asio::any_io_executor executor) : timer_{executor} {}

    void start() {
        const bool found = installations::end_what_bridges_left();
        timer_.expires_after(found ? std::chrono::milliseconds{200} : std::chrono::seconds{10});
        timer_.async_wait([this](const boost::system::error_code& code) {
            if (!code && !stopped_) start();
        });
    }

    void stop() {
        stopped_ = true;
        timer_.cancel();
        (void)installations::end_what_bridges_left();
    }

private:
    asio::steady_timer timer_;
    bool stopped_ = false;
};

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
          maintenance_{context.get_executor(),     settings_, options_.config, agent_, *store_, bus_,
                       [this] { return reload(); }},
          routes_{agent_, settings_.service.url, [this] { return bus_events_.newest(); }, &maintenance_},
          actions_{routes_, bus_},
          live_{context.get_executor(), agent_, bus_events_},
          control_{context.get_executor(), actions_, &live_,
                   control::ControlOptions{.socket = settings_.control.socket,
                                           .passed = passed_socket,
                                           .observers = settings_.control.observers,
                                           .on_fault = [this](Event event) { bus_.publish(std::move(event)); }}},
          metrics_{context.get_executor(), agent_, [this](Event event) { bus_.publish(std::move(event)); }},
          systemd_{context.get_executor()},
          watchdog_{context.get_executor(), systemd_, agent_, bus_, [this] { return patience(); }},
          orphans_{context.get_executor()},
          prepared_{context.get_executor(), file_patience},
          reloads_{context.get_executor()},
          signals_{context, SIGTERM, SIGINT, SIGHUP},
          rest_{context} {}

    int run() {
        signals_.add(SIGUSR1);
        if (!options_.once) {
            if (const auto opened = control_.open(); opened.has_error()) return failed(opened.error(), 5);
            if (const auto served = metrics_.listen(settings_.metrics); served.has_error())
                return failed(served.error(), 2);
        }
        listen_for_signals();
        asio::co_spawn(context_, options_.once ? once() : serve(), [this](std::exception_ptr problem) {
            shut_down();
            if (problem) std::rethrow_exception(problem);
        });
        context_.run();
        return exit_code_;
    }

private:
    asio::awaitable<bool> open_memory() {
        const auto opened = co_await agent_.open();
        if (opened.has_error()) exit_code_ = failed(opened.error(), 5);
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
        systemd_.notify_ready();
        show_status();
        watchdog_.start();
        orphans_.start();
        co_await agent_.serve();
        systemd_.notify_stopping();
        publish("daemon.stopping", Level::info, {N_("Stopping."), {}});
    }

    // A tenth more or less between two runs, and what may come late on a busy machine.
    Watchdog::Patience patience() const {
        return {.rest = settings_.sync.interval * 5 / 4 + std::chrono::minutes{1},
                .step = max_step_duration(settings_)};
    }

    void show_status() {
        const auto sign_in = agent_.sign_in();
        systemd_.show_status(status_line(*agent_.status(), sign_in ? sign_in->status().state : std::string{}));
    }

    // What a run needed is given back, but not between two runs that follow on each other: the next one would miss it.
    void rest() {
        show_status();
        if (stopping_) return;
        rest_.expires_after(rest_before_trimming);
        rest_.async_wait([](const boost::system::error_code& code) {
            if (!code) ::malloc_trim(0);
        });
    }

    void shut_down() {
        rest_.cancel();
        agent_.close();
        control_.stop();
        metrics_.close();
        watchdog_.stop();
        systemd_.close();
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
        systemd_.notify_reloading();
        Result<void> taken;
        try {
            taken = co_await apply_configuration();
        } catch (const std::exception& problem) {  // no memory is left, say
            taken = refused(problem.what());
        }
        if (stopping_) co_return fail(Errc::cancelled, N_("Stopping."));
        if (taken.has_error()) publish("config.refused", Level::error, taken.error().message);
        systemd_.notify_ready();
        co_return taken;
    }

    static Error refused(const std::string& mistakes) {
        return fail(Errc::bad_settings, N_("The new configuration is refused and the old one kept: {mistakes}"),
                    {{"mistakes", mistakes}});
    }

    // Everything that can be refused comes before anything that changes. The files are read aside: some of them may lie
    // on a share that hangs.
    agent::Async<> apply_configuration() {
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
        apply(std::move(*prepared->settings), std::move(prepared->sides), std::move(prepared->log));
        co_return Result<void>{};
    }

    void apply(settings::Settings settings, std::shared_ptr<agent::Sides> sides,
               std::unique_ptr<telemetry::LogSink> log) {
        const bool moved = settings.control.socket != settings_.control.socket ||
                           settings.state_directory != settings_.state_directory;
        settings_ = std::move(settings);
        bus_.log_to(std::move(log));
        maintenance_.reloaded();
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
        bus_.publish(Event{.name = name, .level = level, .message = std::move(message)});
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
    Maintenance maintenance_;
    control::Routes routes_;
    control::ActionLog actions_;
    control::LiveAnswers live_;
    control::ControlServer control_;
    control::MetricsPort metrics_;
    SystemdNotifier systemd_;
    Watchdog watchdog_;
    OrphanReaper orphans_;
    AskedAside<PreparedConfiguration> prepared_;
    TaskGroup reloads_;
    std::shared_ptr<AsyncMutex> reloading_ = std::make_shared<AsyncMutex>();
    asio::signal_set signals_;
    asio::steady_timer rest_;
    bool stopping_ = false;
    int exit_code_ = 0;
};

Result<std::unique_ptr<agent::Store>> open_store(const settings::Settings& settings, const Options& options,
                                                 asio::thread_pool& pool, telemetry::EventBus& bus) {
    if (options.dry_run && !std::filesystem::exists(settings.state_directory)) return std::make_unique<NullStore>();
    return store::open_store(settings.state_directory, pool, &bus);
}

int run(const Options& options, settings::Settings settings) {
    const auto passed = options.once ? std::nullopt : passed_socket();  // changes the environment: before any thread
    asio::io_context context{1};
    asio::thread_pool pool{2};  // after the context: it goes first, and its threads post there
    auto log = make_log(settings.log);
    if (log.has_error()) return failed(log.error(), 2);
    telemetry::EventBus bus{context.get_executor(), std::move(*log)};
    const Shared shared = make_shared_parts(settings, pool, bus);
    // Before the state: where the configuration turns out to be wrong here, nothing was touched.
    auto sides = make_sides(settings, context.get_executor(), shared, !options.dry_run);
    if (sides.has_error()) return failed(sides.error(), sides.error().code == Errc::bad_settings ? 2 : 5);
    auto store = open_store(settings, options, pool, bus);
    if (store.has_error()) return failed(store.error(), store.error().code == Errc::state_newer ? 2 : 5);
    Daemon daemon{options, std::move(settings), shared, std::move(*sides), std::move(*store), bus, context, passed};
    const int code = daemon.run();
    pool.join();
    return code;
}

// From here on the process leaves no core, neither in a file nor to a collector such as systemd-coredump, and only root
// may look into its memory, where secrets are.
void disable_core_dumps() {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__  // the leak checker looks into its own process
    ::prctl(PR_SET_DUMPABLE, 0);
#endif
}

// One arena: the agent is small. What a change needs is kept in store for the next one, and given back at rest.
void tune_allocator() {
    ::mallopt(M_ARENA_MAX, 1);
    ::mallopt(M_MMAP_THRESHOLD, 2 * 1024 * 1024);
    ::mallopt(M_TRIM_THRESHOLD, 4 * 1024 * 1024);
}

}  // namespace

int run_daemon(const Options& options) {
    std::signal(SIGPIPE, SIG_IGN);
    ::tzset();  // read once, and not on the loop
    disable_core_dumps();
    installations::adopt_orphans();
    tune_allocator();
    if (options.doctor) return examine_configuration(options);
    if (!options.backup.empty() || options.restore) return back_up_or_restore(options);
    auto loaded = settings::load(options.config);
    for (const auto& mistake : loaded.mistakes) print_error(settings::to_text(mistake));
    return loaded.settings ? run(options, std::move(*loaded.settings)) : 2;
}

}  // namespace samsynk::app
