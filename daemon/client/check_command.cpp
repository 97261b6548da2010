// For monitoring: asks the daemon, and says in one line how things are.
#include <unistd.h>

#include <future>
#include <iostream>
#include <thread>

#include "client/check.hpp"
#include "client/commands.hpp"
#include "client/language.hpp"
#include "core/plain_text.hpp"

namespace samsynk::client {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds longest{10};

Verdict ask(const std::string& path, const Limits& limits) {
    ControlSocket socket{path};
    const auto status = socket.get("/v1/status");
    if (status.has_error()) return judge(status.error());
    const auto companies = socket.get("/v1/companies");
    if (companies.has_error()) return judge(companies.error());
    const auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    return judge(*status, *companies, limits, now);
}

Result<Limits> read(const CheckLimits& given) {
    Limits limits;
    for (const auto& [text, limit] : {std::pair{&given.warning_age, &limits.warning_age},
                                      {&given.critical_age, &limits.critical_age},
                                      {&given.signin_warning, &limits.signin_warning},
                                      {&given.signin_critical, &limits.signin_critical}}) {
        const auto time = read_duration(*text);
        if (time.has_error()) return time.error();
        *limit = *time;
    }
    const auto share = read_share(given.warning_failed);
    if (share.has_error()) return share.error();
    limits.warning_failed = *share;
    return limits;
}

// What follows on a bar is taken for figures, so there is none in what is told.
std::string without_bars(std::string text) {
    for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at)) text[at] = '/';
    return text;
}

std::string line_of(const Verdict& verdict) {
    std::string told;
    for (const Message& one : verdict.told) told += (told.empty() ? "" : "; ") + say(one);
    return without_bars(told);
}

void print_json(const Verdict& verdict) {
    json::object figures;
    for (const Figure& one : verdict.figures) figures[one.label] = one.value;
    json::array companies;
    for (const Message& one : verdict.companies) companies.push_back(json::string{say(one)});
    std::cout << json::object{{"state", std::string{word_of(verdict.gravity)}},
                              {"exit_code", static_cast<int>(verdict.gravity)},
                              {"message", line_of(verdict)},
                              {"details", std::move(companies)},
                              {"figures", std::move(figures)}}
              << "\n";
}

int tell(const Options& options, const Verdict& verdict) {
    if (options.json) {
        print_json(verdict);
    } else {
        std::cout << "SAMSYNK " << word_of(verdict.gravity) << " - " << line_of(verdict);
        if (!verdict.figures.empty()) std::cout << " | " << performance_data(verdict.figures);
        std::cout << "\n";
        for (const Message& one : verdict.companies) std::cout << without_bars(say(one)) << "\n";
    }
    std::cout << std::flush;
    return static_cast<int>(verdict.gravity);
}

}  // namespace

int check_command(const Options& options, const CheckLimits& given) {
    const auto limits = read(given);
    if (limits.has_error()) return tell(options, judge(limits.error()));
    std::packaged_task<Verdict()> task{[path = options.socket, asked = *limits] { return ask(path, asked); }};
    auto verdict = task.get_future();
    std::thread asking{std::move(task)};
    if (verdict.wait_for(longest) == std::future_status::ready) {
        asking.join();
        return tell(options, verdict.get());
    }
    // Who waits for an answer can't be told to give up; the process ends with it.
    ::_exit(tell(options, judge(fail(Errc::busy, N_("samsynkd did not answer within {seconds} seconds"),
                                     {{"seconds", std::to_string(longest.count())}}))));
}

}  // namespace samsynk::client
