// samsynk-sandbox: a stand-in for the online service, for trying out and for tests.
#include <CLI/CLI.hpp>
#include <iostream>

#include "sandbox/commands/commands.hpp"
#include "sandbox/server/https_server.hpp"

namespace {

struct SignInSeconds {
    long device = 600, poll = 5, grace = 30, refresh = 0;
};

void add_mail_options(CLI::App& serving, samsynk::sandbox::MailOptions& options, long& timeout) {
    auto* folder = serving.add_option("--mail-folder", options.folder,
                                      "Where letters are put as .eml files; mail in the data folder");
    auto* smtp = serving.add_option("--smtp", options.smtp.url, "Send letters: smtp://host:port or smtps://host:port")
                     ->excludes(folder);
    serving.add_option("--smtp-user", options.smtp.user)->needs(smtp);
    serving.add_option("--smtp-password-file", options.smtp.password_file)->needs(smtp);
    serving.add_option("--smtp-ca-file", options.smtp.ca_file, "Whose certificates the mail server may have")
        ->needs(smtp);
    serving.add_option("--smtp-timeout", timeout, "Seconds that sending a letter may take")
        ->needs(smtp)
        ->check(CLI::Range(1, 600))
        ->capture_default_str();
    serving.add_option("--mail-from", options.from, "The sender's address")->capture_default_str();
}

}  // namespace

int main(int argc, char** argv) try {
    using namespace samsynk::sandbox;
    CLI::App program{"A stand-in for Spiris with Byråstöd, for trying out Samsynk."};
    program.set_version_flag("--version", "samsynk-sandbox " SAMSYNK_VERSION);
    program.require_subcommand(1);
    auto data = std::make_shared<std::filesystem::path>("samsynk-sandbox-data");
    program.add_option("--data", *data, "The folder in which everything is kept")->capture_default_str();
    auto options = std::make_shared<ServeOptions>();
    auto lifetime = std::make_shared<long>(3600);
    auto sign_in = std::make_shared<SignInSeconds>();
    auto smtp_timeout = std::make_shared<long>(60);
    auto* serving = program.add_subcommand("serve", "Serve the contract over HTTPS");
    serving->add_option("--address", options->address)->capture_default_str();
    serving->add_option("--port", options->port, "0: any free one, written to the file port")->capture_default_str();
    serving->add_option("--url", options->url, "The address that clients use, where a proxy stands between");
    serving->add_option("--token-lifetime", *lifetime, "Seconds")->capture_default_str();
    serving->add_option("--device-lifetime", sign_in->device, "Seconds that a code is good")->capture_default_str();
    serving->add_option("--poll-interval", sign_in->poll, "Seconds between questions for a code")
        ->capture_default_str();
    serving->add_option("--refresh-grace", sign_in->grace, "Seconds in which a refresh token may be used again")
        ->capture_default_str();
    serving->add_option("--refresh-lifetime", sign_in->refresh, "Seconds that a sign-in lasts, as it says; 0: silent")
        ->capture_default_str();
    add_mail_options(*serving, options->mail, *smtp_timeout);
    serving->callback([=] {
        options->data = *data;
        options->mail.smtp.timeout = std::chrono::seconds{*smtp_timeout};
        options->sign_in = {.token_lifetime = std::chrono::seconds{*lifetime},
                            .device_lifetime = std::chrono::seconds{sign_in->device},
                            .poll_interval = std::chrono::seconds{sign_in->poll},
                            .refresh_grace = std::chrono::seconds{sign_in->grace},
                            .refresh_lifetime = std::chrono::seconds{sign_in->refresh}};
        serve(*options);
    });
    add_commands(program, data);
    try {
        program.parse(argc, argv);
    } catch (const CLI::RuntimeError& ended) {
        return ended.get_exit_code();
    } catch (const CLI::ParseError& problem) {
        return program.exit(problem) == 0 ? 0 : 2;
    }
    return 0;
} catch (const std::exception& problem) {
    std::cerr << "samsynk-sandbox: " << problem.what() << std::endl;
    return 1;
}
