#include "client/check_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <optional>

#include "client/commands.hpp"
#include "client/formatting.hpp"
#include "core/duration.hpp"

namespace samsynk::client {
namespace {

namespace json = boost::json;
using std::chrono::seconds;

constexpr std::int64_t minute = 60, hour = 60 * minute, day = 24 * hour;

// Roughly, as people say it: what decides is the performance data.
std::string in_words(seconds age) {
    const std::int64_t count = age.count();
    if (count < 2 * minute) return fmt::format("{} s", count);
    if (count < 2 * hour) return fmt::format("{} min", count / minute);
    return count < 2 * day ? fmt::format("{} h", count / hour) : fmt::format("{} d", count / day);
}

std::optional<seconds> left_of(const json::value& object) {
    if (!object.is_object()) return std::nullopt;
    const auto* left = object.get_object().if_contains("seconds_left");
    return left && left->is_number() ? std::optional{seconds{left->to_number<std::int64_t>()}} : std::nullopt;
}

// Gathers what speaks against it.
class HealthCheck {
public:
    HealthCheck(const json::value& status, const CheckLimits& limits, Time now)
        : status_{status}, limits_{limits}, now_{now} {}

    Verdict evaluate() {
        look_at_age();
        look_at_sign_in();
        look_at_sides();
        look_at_last_run();
        look_at_companies();
        std::stable_sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
        Verdict verdict;
        for (auto& [grade, reason] : found_) verdict.reasons.push_back(std::move(reason));
        if (!found_.empty()) verdict.grade = found_.front().first;
        verdict.well = {N_("{companies} companies, last success {age} ago"),
                        {{"companies", std::to_string(count("companies"))}, {"age", in_words(age_)}}};
        verdict.performance = performance();
        return verdict;
    }

private:
    std::size_t count(const char* what) const {
        const auto* one = status_.at("counts").as_object().if_contains(what);
        return one ? one->to_number<std::size_t>() : 0;
    }

    seconds since(const char* key) const {
        auto at = parse_rfc3339(text_at(status_, key));
        if (at.has_error()) at = parse_rfc3339(text_at(status_, "started_at"));
        if (at.has_error()) return seconds{0};
        return std::max(seconds{0}, std::chrono::duration_cast<seconds>(now_ - *at));
    }

    void found(Grade grade, Message reason) { found_.emplace_back(grade, std::move(reason)); }

    // A daemon that has just begun has not had the time yet.
    void look_at_age() {
        age_ = since("last_success_at");
        oldest_ = since("oldest_success_at");
        const Message silent{N_("No company has been synced for {age}"), {{"age", in_words(age_)}}};
        if (age_ >= limits_.critical_age)
            found(Grade::critical, silent);
        else if (age_ >= limits_.warning_age)
            found(Grade::warning, silent);
        else if (oldest_ >= limits_.critical_age)
            found(Grade::warning, {N_("A company has had no success for {age}"), {{"age", in_words(oldest_)}}});
    }

    void look_at_time(std::optional<seconds> left, std::string sentence) {
        if (!left || *left >= limits_.sign_in_warning) return;
        found(*left < limits_.sign_in_critical ? Grade::critical : Grade::warning,
              {std::move(sentence), {{"left", in_words(std::max(seconds{0}, *left))}}});
    }

    void look_at_sign_in() {
        const auto* sign_in = status_.as_object().if_contains("signin");
        if (!sign_in || !sign_in->is_object()) return;
        if (text_at(*sign_in, "state") == "required" && sign_in->at("reason").is_object())
            found(Grade::critical, message_of(sign_in->at("reason").as_object()));
        sign_in_left_ = left_of(*sign_in);
        certificate_left_ = left_of(sign_in->at("certificate"));
        look_at_time(sign_in_left_, N_("A person must sign in again within {left}: samsynk login"));
        look_at_time(certificate_left_, N_("The daemon's certificate ends in {left}"));
    }

    void look_at_sides() {
        const auto& service = status_.at("service");
        const bool told = !found_.empty() && found_.front().first == Grade::critical;
        if (text_at(service, "state") == "failing" && !told)
            found(Grade::warning, message_of(service.at("reason").as_object()));
        for (const auto& installation : status_.at("installations").as_array())
            if (installation.at("reason").is_object())
                found(Grade::warning, message_of(installation.at("reason").as_object()));
    }

    // A full disk, for one: the service and the installations are well, and yet nothing is done.
    void look_at_last_run() {
        const auto* run = status_.as_object().if_contains("last_run");
        if (!run || !run->is_object() || text_at(*run, "outcome") != "failed" || !run->at("error").is_object()) return;
        Message why = message_of(run->at("error").as_object());
        const bool told = std::any_of(found_.begin(), found_.end(), [&](const auto& one) { return one.second == why; });
        if (!told) found(Grade::warning, std::move(why));
    }

    void look_at_companies() {
        const std::size_t trouble = count("failed") + count("held");
        const std::size_t limit =
            !limits_.failed_is_percent
                ? limits_.warning_failed
                : std::max<std::size_t>(1, (count("companies") * limits_.warning_failed + 99) / 100);
        if (trouble == 0 || trouble < limit) return;
        found(Grade::warning, {N_("{failed} companies have failed and {held} are held: samsynk companies"),
                               {{"failed", std::to_string(count("failed"))}, {"held", std::to_string(count("held"))}}});
    }

    std::string performance() const {
        std::string data = fmt::format("last_success_age={}s;{};{};0 oldest_company_age={}s;{};;0", age_.count(),
                                       limits_.warning_age.count(), limits_.critical_age.count(), oldest_.count(),
                                       limits_.critical_age.count());
        for (const char* what : {"companies", "synced", "waiting", "held", "failed", "pending", "offline"})
            data += fmt::format(" {}={};;;0", what, count(what));
        // Less is worse: a range of the guidelines, `N:`.
        const auto left = [&](const char* name, const std::optional<seconds>& value) {
            if (value)
                data += fmt::format(" {}={}s;{}:;{}:", name, value->count(), limits_.sign_in_warning.count(),
                                    limits_.sign_in_critical.count());
        };
        left("signin_left", sign_in_left_);
        left("certificate_left", certificate_left_);
        return data;
    }

    const json::value& status_;
    const CheckLimits& limits_;
    Time now_;
    std::vector<std::pair<Grade, Message>> found_;
    seconds age_{0}, oldest_{0};
    std::optional<seconds> sign_in_left_, certificate_left_;
};

constexpr std::size_t most_companies = 10;

// Nobody listening is worse than not being let in to ask.
Grade grade_of(const Error& error) { return error.code == Errc::daemon_unreachable ? Grade::critical : Grade::unknown; }

// What plugins print must have no `|` before its own.
std::string plugin_line(std::string text) {
    for (char& c : text)
        if (c == '|' || c == '\n') c = ' ';
    return text;
}

std::string troubled_companies(ControlSocket& socket) {
    const auto all = socket.get("/v1/companies");
    if (all.has_error()) return {};
    std::string lines;
    std::size_t listed = 0;
    for (const auto& company : all->at("companies").as_array()) {
        const std::string state = text_at(company, "state");
        if ((state != "failed" && state != "held") || !company.at("reason").is_object() || ++listed > most_companies)
            continue;
        lines += plugin_line(problem_line(company)) + "\n";
    }
    return lines;
}

Outcome print_grade(const Options& options, Grade grade, const std::string& said, const std::string& performance,
                    const std::string& more) {
    if (options.json)
        print_json(json::object{{"grade", name_of(grade)}, {"message", said}, {"performance", performance}});
    else
        std::cout << "SAMSYNK " << name_of(grade) << " - " << plugin_line(said)
                  << (performance.empty() ? "" : " | " + performance) << "\n"
                  << more;
    return static_cast<ExitCode>(grade);  // a number of its own, as plugins have it
}

Outcome check_command(const Options& options, const CheckLimits& limits) {
    ControlSocket socket{options.socket};
    socket.give_up_after(std::chrono::seconds{10});
    const auto status = socket.get("/v1/status");
    if (status.has_error()) {
        const Error error = diagnosed(options, status.error());
        return print_grade(options, grade_of(error), tr(error.message), {}, {});
    }
    const Time now = wall_clock();
    const Verdict verdict = evaluate(*status, limits, now);
    std::string said;
    for (const Message& reason : verdict.reasons) said += (said.empty() ? "" : "; ") + tr(reason);
    if (said.empty()) said = tr(verdict.well);
    const bool companies = verdict.grade != Grade::ok && !options.json;
    return print_grade(options, verdict.grade, said, verdict.performance, companies ? troubled_companies(socket) : "");
}

void add_time(CLI::App* check, const std::string& name, seconds& limit, const std::string& about) {
    const auto read = [&limit, name](const std::string& given) {
        const auto time = parse_duration(given);
        if (!time) throw CLI::ValidationError{name, tr(N_("must be a time such as 45m, 12h or 14d"))};
        limit = *time;
    };
    check->add_option_function<std::string>(name, read, about)->type_name("TIME");
}

}  // namespace

const char* name_of(Grade grade) {
    constexpr const char* names[]{"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    return names[static_cast<int>(grade)];
}

Verdict evaluate(const json::value& status, const CheckLimits& limits, Time now) {
    return HealthCheck{status, limits, now}.evaluate();
}

bool read_failed_limit(const std::string& text, CheckLimits& limits) {
    const bool percent = text.ends_with('%');
    const std::string number = text.substr(0, text.size() - percent);
    if (number.empty() || number.size() > 6 || number.find_first_not_of("0123456789") != std::string::npos)
        return false;
    limits.warning_failed = std::stoul(number);
    limits.failed_is_percent = percent;
    return true;
}

void add_check(CommandLine& line) {
    const auto limits = std::make_shared<CheckLimits>();
    auto* check =
        line.add("check", N_("How things are, for a monitoring system"),
                 [limits](const Options& options, const Arguments&) { return check_command(options, *limits); });
    add_time(check, "--warning-age", limits->warning_age, tr(N_("How old the last success may be (45m)")));
    add_time(check, "--critical-age", limits->critical_age, tr(N_("How old it may be at the very most (1d)")));
    add_time(check, "--signin-warning", limits->sign_in_warning,
             tr(N_("What a sign-in or certificate must have left (14d)")));
    add_time(check, "--signin-critical", limits->sign_in_critical,
             tr(N_("What it must have left at the very least (3d)")));
    const auto read_failed = [limits](const std::string& given) {
        if (!read_failed_limit(given, *limits))
            throw CLI::ValidationError{"--warning-failed", tr(N_("must be a number such as 3, or a share such as 5%"))};
    };
    check
        ->add_option_function<std::string>("--warning-failed", read_failed,
                                           tr(N_("How many companies must have failed or be held (1)")))
        ->type_name("N|N%");
}

}  // namespace samsynk::client
