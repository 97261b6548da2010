#include "app/not_configured_yet.hpp"

#include <systemd/sd-daemon.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <stdexcept>

#include "app/systemd.hpp"
#include "app/wiring.hpp"
#include "control/action_log.hpp"
#include "control/control_server.hpp"
#include "control/not_configured.hpp"
#include "settings/settings.hpp"
#include "telemetry/event_bus.hpp"

namespace samsynk::app {
namespace {

namespace asio = boost::asio;

class Waiting {
public:
    Waiting(std::filesystem::path file, std::optional<int> passed)
        : file_{std::move(file)},
          bus_{context_.get_executor(), *telemetry::make_log_sink({})},
          answerer_{file_, [this] { return look_again(); }},
          logged_{answerer_, bus_},
          server_{
              context_.get_executor(),
              logged_,
              nullptr,
              {.socket = settings::usual_socket(), .passed = passed, .observers = {}, .on_fault = [this](Event event) {
                   bus_.publish(std::move(event));
               }}} {}

    bool wait() {
        signals_.add(SIGUSR1);  // which would end it
        if (const auto opened = server_.open(); opened.has_error())
            throw std::runtime_error{to_text(opened.error().message)};
        server_.start();
        listen_for_signals();
        feed_watchdog();
        const Error why = control::not_configured(file_);
        bus_.publish(Event{.name = "daemon.not_configured", .level = Level::notice, .message = why.message});
        supervisor_.status(to_text(why.message));
        supervisor_.ready();
        context_.run();
        return configured_;
    }

private:
    // An answer that is under way is still given before all ends.
    void end() {
        asio::post(context_, [this] {
            asio::post(context_, [this] {
                server_.stop();
                signals_.cancel();
                watchdog_.cancel();
                supervisor_.close();
            });
        });
    }

    Result<void> look_again() {
        const auto loaded = settings::load(file_);
        if (loaded.nothing) return control::not_configured(file_);
        if (!loaded.settings) {
            std::string all;
            for (const auto& mistake : loaded.mistakes) all += (all.empty() ? "" : "; ") + settings::to_text(mistake);
            return fail(Errc::bad_settings, N_("The configuration is refused: {mistakes}"), {{"mistakes", all}});
        }
        if (const auto good = try_out(*loaded.settings, file_, context_.get_executor(), bus_); good.has_error())
            return fail(Errc::bad_settings, N_("The configuration is refused: {mistakes}"),
                        {{"mistakes", to_text(good.error().message)}});
        configured_ = true;
        end();
        return {};
    }

    void listen_for_signals() {
        signals_.async_wait([this](const boost::system::error_code& code, int signal) {
            if (code) return;
            if (signal == SIGTERM || signal == SIGINT) return end();
            if (signal == SIGHUP)
                if (const auto again = look_again(); again.has_error())
                    bus_.publish(
                        Event{.name = "config.refused", .level = Level::error, .message = again.error().message});
            listen_for_signals();
        });
    }

    void feed_watchdog() {
        std::uint64_t limit = 0;
        if (::sd_watchdog_enabled(0, &limit) <= 0) return;
        supervisor_.alive();
        watchdog_.expires_after(std::chrono::microseconds{limit / 4});
        watchdog_.async_wait([this](const boost::system::error_code& code) {
            if (!code) feed_watchdog();
        });
    }

    std::filesystem::path file_;
    asio::io_context context_{1};
    telemetry::EventBus bus_;
    control::NotConfigured answerer_;
    control::ActionLog logged_;
    control::ControlServer server_;
    asio::signal_set signals_{context_, SIGTERM, SIGINT, SIGHUP};
    Supervisor supervisor_{context_.get_executor()};
    asio::steady_timer watchdog_{context_};
    bool configured_ = false;
};

}  // namespace

bool wait_for_configuration(const std::filesystem::path& file, std::optional<int> passed_socket) {
    return Waiting{file, passed_socket}.wait();
}

}  // namespace samsynk::app
