#include "client/keeping.hpp"

#include <memory>

#include "client/check.hpp"
#include "client/language.hpp"

namespace samsynk::client {
namespace {

struct Given {
    CheckLimits limits;
    Backup backup;
    std::string file;
    bool yes = false;
    Bundle bundle;
};
using Shared = std::shared_ptr<Given>;  // lives in the callbacks

void add_check(CLI::App& program, const Options& options, const Shared& given, int& code) {
    auto* check = program.add_subcommand("check", translated(N_("For monitoring: one line, figures and an exit code")));
    CheckLimits& limits = given->limits;
    const auto option = [&](const char* name, std::string& where, const char* what) {
        check->add_option(name, where, translated(what))->capture_default_str();
    };
    option("--warning-age", limits.warning_age, N_("Warn where the last success is older"));
    option("--critical-age", limits.critical_age, N_("Critical where the last success is older"));
    option("--warning-failed", limits.warning_failed, N_("Warn from so many failed companies on: 3, or 10%"));
    option("--signin-warning", limits.signin_warning, N_("Warn where the sign-in or the certificate ends sooner"));
    option("--signin-critical", limits.signin_critical, N_("Critical where they end sooner"));
    check->callback([&options, given, &code] { code = check_command(options, given->limits); });
}

}  // namespace

void add_keeping(CLI::App& program, const Options& options, int& code) {
    const auto given = std::make_shared<Given>();
    add_check(program, options, given, code);
}

int misused(const CLI::App& program) {
    return program.got_subcommand("check") ? static_cast<int>(Gravity::unknown) : static_cast<int>(usage);
}

}  // namespace samsynk::client
