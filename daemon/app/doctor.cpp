#include "app/doctor.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <cstdio>

#include "app/wiring.hpp"
#include "control/to_json.hpp"
#include "core/plain_text.hpp"
#include "store/check_state.hpp"
#include "telemetry/event_bus.hpp"

namespace samsynk::app {
namespace {

namespace asio = boost::asio;
using doctor::Findings;

void append(Findings& all, Findings more) {
    for (Finding& finding : more) all.push_back(std::move(finding));
}

Findings not_made(const Error& error) {
    return {{.area = "configuration", .severity = Severity::error, .what = error.message}};
}

// With a client's own secret or key it is simply tried. A person's sign-in is the daemon's alone: its tokens are good
// once, and two that use them would end it.
asio::awaitable<Findings> try_sign_in(agent::OnlineSide& online) {
    const auto sign_in = online.sign_in();
    if (!sign_in) co_return Findings{};
    if (sign_in->status().method == "device") {
        Findings findings{{.area = "signin",
                           .severity = Severity::notice,
                           .what = {N_("A person's sign-in is tried by the daemon only."), {}},
                           .advice = {N_("Start it and ask again: samsynk doctor"), {}}}};
        co_return findings;
    }
    std::string from_the_first;
    const auto page = co_await online.list(std::move(from_the_first));
    Findings findings = doctor::of_sign_in(sign_in->status());
    if (page.has_error() && sign_in->status().state == "ok")
        findings.push_back({.area = "network", .severity = Severity::error, .what = page.error().message});
    co_return findings;
}

Findings of_runs(const agent::Status& status) {
    const auto& last = status.last_run;
    return doctor::of_runs(status.service_trouble,
                           last && last->outcome == agent::Outcome::failed ? last->error : Reason{});
}

// A daemon that runs looks itself at what it opens.
Findings of_database(const std::filesystem::path& directory) {
    const auto found = store::check_state(directory);
    if (found.has_error()) return {{.area = "state", .severity = Severity::error, .what = found.error().message}};
    if (*found != store::StateFound::whole) return {};
    return {{.area = "state", .what = {N_("The state in {directory} is whole."), {{"directory", directory.string()}}}}};
}

asio::awaitable<Findings> examine_alone(asio::any_io_executor executor, const settings::Settings& settings,
                                        std::filesystem::path file, std::shared_ptr<agent::Sides> sides) {
    OnDisk on_disk = examine_disk(settings, file);
    Findings all = std::move(on_disk.findings);
    append(all, of_database(settings.state_directory));
    service::Endpoint endpoint = endpoint_of(settings.service);
    auto network = co_await doctor::examine_network(executor, std::move(endpoint), std::move(on_disk.transport));
    const bool reached = worst_of(network) != Severity::error;
    append(all, std::move(network));
    for (const auto& local : sides->locals) {
        const auto probes = co_await local->test();
        append(all, doctor::of_installation(local->name(), probes));
        local->close();
    }
    if (reached) {
        auto signed_in = co_await try_sign_in(*sides->online);
        append(all, std::move(signed_in));
    }
    co_return all;
}

Finding files_hang() {
    return {.area = "configuration",
            .severity = Severity::error,
            .what = {N_("The files that the configuration names do not answer. A share that hangs, most likely."), {}},
            .advice = {N_("Look at the disks and shares that they lie on."), {}}};
}

int print(const Findings& findings) {
    std::printf("%s\n", control::to_text(control::to_json(findings)).c_str());
    return worst_of(findings) == Severity::error ? 1 : 0;
}

}  // namespace

Findings examine_before_use(const settings::Settings& settings, const std::filesystem::path& file) {
    Findings all{{.area = "configuration", .what = {N_("{file} is right."), {{"file", file.string()}}}}};
    append(all, doctor::examine_files(settings, file));
    return all;
}

OnDisk examine_disk(const settings::Settings& settings, const std::filesystem::path& file) {
    OnDisk on_disk{examine_before_use(settings, file), service::make_transport(endpoint_of(settings.service))};
    append(on_disk.findings, doctor::examine_state(settings.state_directory));
    append(on_disk.findings, doctor::examine_system());
    return on_disk;
}

asio::awaitable<Findings> examine_daemon(asio::any_io_executor executor, settings::Settings settings,
                                         std::optional<OnDisk> on_disk, agent::Commands& agent) {
    Findings all;
    if (on_disk) {
        all = std::move(on_disk->findings);
        service::Endpoint endpoint = endpoint_of(settings.service);
        auto network = co_await doctor::examine_network(executor, std::move(endpoint), std::move(on_disk->transport));
        append(all, std::move(network));
    } else {
        all.push_back(files_hang());
    }
    append(all, of_runs(*agent.status()));
    if (const auto sign_in = agent.sign_in()) append(all, doctor::of_sign_in(sign_in->status()));
    for (const settings::Installation& installation : settings.installations) {
        const auto probes = co_await agent.test_installation(installation.id, std::nullopt);
        if (probes.has_value())
            append(all, doctor::of_installation(installation.id, *probes));
        else
            all.push_back({.area = "installation",
                           .severity = Severity::error,
                           .subject = installation.id,
                           .what = probes.error().message});
    }
    co_return all;
}

int examine_configuration(const Options& options) {
    const auto loaded = settings::load(options.config);
    for (const auto& mistake : loaded.mistakes) std::fprintf(stderr, "%s\n", plain(settings::to_text(mistake)).c_str());
    if (!loaded.settings) return 2;
    asio::thread_pool pool{2};
    asio::io_context context{1};
    telemetry::EventBus bus{context.get_executor()};
    const Shared shared = make_shared_parts(*loaded.settings, pool, bus);
    auto sides = make_sides(*loaded.settings, context.get_executor(), shared, false);
    if (sides.has_error()) return print(not_made(sides.error()));
    Findings findings;
    asio::co_spawn(context, examine_alone(context.get_executor(), *loaded.settings, options.config, *sides),
                   [&](std::exception_ptr problem, Findings found) {
                       if (problem) std::rethrow_exception(problem);
                       findings = std::move(found);
                       context.stop();
                   });
    context.run();
    pool.join();
    return print(findings);
}

}  // namespace samsynk::app
