// The page in a browser: starts the gateway to the daemon, and says where to open it.
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <iostream>

#include "client/commands.hpp"
#include "ui/browser.hpp"
#include "ui/enter_key.hpp"
#include "ui/gateway.hpp"

namespace samsynk::client {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::minutes browser_time{1};  // for a browser to start, and read the page that leads to ours

// `anna@server`, as they would write it on another computer.
std::string this_place() {
    std::array<char, 256> host{};
    ::gethostname(host.data(), host.size() - 1);
    const passwd* user = ::getpwuid(::geteuid());
    return (user ? std::string{user->pw_name} + "@" : std::string{}) + host.data();
}

class PageInBrowser {
public:
    PageInBrowser(const Options& options, std::uint16_t port)
        : json_{options.json},
          gateway_{context_.get_executor(), {.socket = options.socket, .port = port, .catalogs = catalog_folder()}} {}

    Result<void> run(bool open) {
        if (auto started = gateway_.start(); started.has_error()) return started.error();
        signals_.async_wait([this](const auto&, int) { stop(); });
        gateway_.on_opened([this] { leading_.remove(); });
        const std::string address = gateway_.new_address();
        if (json_) {
            print_json(boost::json::object{{"url", address}});
            std::cout.flush();
        } else {
            tell(address);
            if (open && ui::can_open_browser()) open_browser(address);
        }
        context_.run();
        return {};
    }

private:
    void tell(const std::string& address) {
        const std::string port = std::to_string(gateway_.port());
        const bool hears = enter_.listen([this] { tell_anew(); });
        std::cout << tr(N_("Open Samsynk in a browser. The address works once:")) << "\n\n  " << address << "\n\n"
                  << tr(N_("If you sit at another computer, first run this there: {command}"),
                        {{"command", "ssh -L " + port + ":127.0.0.1:" + port + " " + this_place()}})
                  << "\n"
                  << (hears ? tr(N_("Enter gives a new address. Ctrl-C ends.")) : tr(N_("Ctrl-C ends."))) << std::endl;
    }

    void tell_anew() {
        std::cout << tr(N_("A new address, which works once:")) << "\n\n  " << gateway_.new_address() << "\n"
                  << std::endl;
    }

    void open_browser(const std::string& address) {
        if (const auto written = leading_.write(address); written.has_error()) {
            std::cerr << "samsynk: " << tr(written.error().message) << "\n";
            return;
        }
        if (!ui::open_in_browser(leading_.file())) return leading_.remove();
        std::cout << tr(N_("It opens in your browser.")) << std::endl;
        forget_.expires_after(browser_time);
        forget_.async_wait([this](const boost::system::error_code& code) {
            if (!code) leading_.remove();
        });
    }

    void stop() {
        enter_.stop();
        forget_.cancel();
        gateway_.stop();
    }

    bool json_;
    asio::io_context context_{1};
    ui::Gateway gateway_;
    ui::EnterKey enter_{context_.get_executor()};
    ui::LeadingPage leading_;
    asio::steady_timer forget_{context_};
    asio::signal_set signals_{context_, SIGINT, SIGTERM, SIGHUP};
};

Outcome ui_command(const Options& options, const Arguments& given) {
    PageInBrowser page{options, given.port};
    const auto result = page.run(!given.no_open);
    if (result.has_error()) return result.error();
    return done;
}

}  // namespace

void add_ui(CommandLine& line) {
    auto* ui = line.add("ui", N_("Show the companies in a browser"), ui_command);
    ui->add_option("--port", line.given.port, tr(N_("Where it is served; else at any that is free")))
        ->type_name("PORT");
    ui->add_flag("--no-open", line.given.no_open, tr(N_("Do not open the browser")));
}

}  // namespace samsynk::client
