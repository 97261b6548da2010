#include "client/check.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/org_number.hpp"
#include "core/plain_text.hpp"

namespace samsynk::client {
namespace {

namespace json = boost::json;
using std::chrono::seconds;

constexpr std::size_t most_companies = 10;

std::string text_of(const json::value& object, const char* key) {
    const auto* value = object.is_object() ? object.get_object().if_contains(key) : nullptr;
    return value && value->is_string() ? plain(std::string_view{value->get_string()}) : std::string{};
}

std::optional<std::int64_t> number_of(const json::value& object, const char* key) {
    const auto* value = object.is_object() ? object.get_object().if_contains(key) : nullptr;
    if (!value || !value->is_number()) return std::nullopt;
    return value->to_number<std::int64_t>();
}

std::optional<seconds> age_of(const json::value& object, const char* key, Time now) {
    const auto time = parse_rfc3339(text_of(object, key));
    if (time.has_error()) return std::nullopt;
    return std::max(seconds{0}, std::chrono::duration_cast<seconds>(now - *time));  // a clock that was set back
}

Message message_of(const json::value& reason) {
    Message message{text_of(reason, "message_id"), {}};
    if (const auto* args = reason.is_object() ? reason.get_object().if_contains("args") : nullptr; args && args->is_object())
        for (const auto& [name, arg] : args->get_object())
            if (arg.is_string()) message.args.emplace_back(name, std::string{arg.get_string()});
    return message;
}

// `3 min`, `5 h`, `2 d`: short, and the same in both languages.
std::string short_time(seconds time) {
    if (time < std::chrono::minutes{1}) return std::to_string(time.count()) + " s";
    if (time < std::chrono::hours{1}) return std::to_string(time.count() / 60) + " min";
    if (time < std::chrono::hours{48}) return std::to_string(time.count() / 3600) + " h";
    return std::to_string(time.count() / 86400) + " d";
}

class Judge {
public:
    Judge(const Limits& limits, Time now) : limits_{limits}, now_{now} {}

    Verdict of(const json::value& status, const json::value& companies) {
        const auto& counts = status.at("counts");
        count_companies(counts);
        look_at_sign_in(status);
        look_at_age(status);
        look_at_companies(companies);
        for (const char* label : {"companies", "failed", "held", "waiting"})
            figure({.label = label, .value = number_of(counts, label).value_or(0)});
        for (const Figure& left : lefts_) figure(left);
        summarize(counts);
        return std::move(verdict_);
    }

private:
    void worsen(Gravity gravity, Message why) {
        // Gravest first; among equals the first that was found.
        const auto place = gravity > verdict_.gravity ? verdict_.told.begin() : verdict_.told.end();
        verdict_.told.insert(place, std::move(why));
        verdict_.gravity = std::max(verdict_.gravity, gravity);
    }

    void figure(Figure one) { verdict_.figures.push_back(std::move(one)); }

    void count_companies(const json::value& counts) {
        const auto companies = static_cast<std::uint64_t>(number_of(counts, "companies").value_or(0));
        const auto failed = static_cast<std::uint64_t>(number_of(counts, "failed").value_or(0));
        const auto held = number_of(counts, "held").value_or(0);
        const bool many = limits_.warning_failed.percent
                              ? failed * 100 >= limits_.warning_failed.number * std::max<std::uint64_t>(companies, 1)
                              : failed >= limits_.warning_failed.number;
        if (failed > 0 && many)
            worsen(Gravity::warning, {N_("{count} failed"), {{"count", std::to_string(failed)}}});
        if (held > 0)
            worsen(Gravity::warning, {N_("{count} held, see: samsynk held"), {{"count", std::to_string(held)}}});
    }

    void look_at_sign_in(const json::value& status) {
        const auto* sign_in = status.as_object().if_contains("signin");
        if (!sign_in || !sign_in->is_object()) return;
        if (text_of(*sign_in, "state") == "required")
            worsen(Gravity::critical, {N_("someone must sign in: samsynk login"), {}});
        look_at_end("signin_left", number_of(*sign_in, "seconds_left"), N_("the sign-in ends in {time}"),
                    N_("the sign-in has ended"));
        if (const auto* certificate = sign_in->as_object().if_contains("certificate"))
            look_at_end("certificate_left", number_of(*certificate, "seconds_left"),
                        N_("the certificate ends in {time}"), N_("the certificate has ended"));
    }

    void look_at_end(const char* label, std::optional<std::int64_t> left, const char* soon, const char* over) {
        if (!left) return;
        const seconds time{*left};
        const Gravity gravity = time < limits_.signin_critical  ? Gravity::critical
                                : time < limits_.signin_warning ? Gravity::warning
                                                                : Gravity::ok;
        if (gravity != Gravity::ok)
            worsen(gravity, time.count() > 0 ? Message{soon, {{"time", short_time(time)}}} : Message{over, {}});
        lefts_.push_back({.label = label,
                          .value = *left,
                          .unit = "s",
                          .warning = std::to_string(limits_.signin_warning.count()) + ":",
                          .critical = std::to_string(limits_.signin_critical.count()) + ":"});
    }

    // Before the first success its age is the daemon's own.
    void look_at_age(const json::value& status) {
        const auto success = age_of(status, "last_success_at", now_);
        const auto age = success ? success : age_of(status, "started_at", now_);
        success_ = success;
        if (!age) return;
        const Gravity gravity = *age > limits_.critical_age  ? Gravity::critical
                                : *age > limits_.warning_age ? Gravity::warning
                                                             : Gravity::ok;
        if (gravity != Gravity::ok) {
            worsen(gravity, {N_("no success for {time}"), {{"time", short_time(*age)}}});
            const auto& service = status.at("service");
            if (text_of(service, "state") == "failing" && service.at("reason").is_object())
                verdict_.companies.push_back(message_of(service.at("reason")));
        }
        figure({.label = "last_success_age",
                .value = age->count(),
                .unit = "s",
                .warning = std::to_string(limits_.warning_age.count()),
                .critical = std::to_string(limits_.critical_age.count())});
    }

    void look_at_companies(const json::value& companies) {
        seconds oldest{0};
        std::size_t told = 0;
        for (const auto& company : companies.at("companies").as_array()) {
            const std::string state = text_of(company, "state");
            if (state != "ignored")
                oldest = std::max(oldest, age_of(company, "last_success_at", now_).value_or(seconds{0}));
            if ((state == "failed" || state == "held") && told++ < most_companies) tell_company(company);
        }
        if (told > most_companies)
            verdict_.companies.push_back(
                {N_("… and {count} more: samsynk companies"), {{"count", std::to_string(told - most_companies)}}});
        figure({.label = "oldest_company_age", .value = oldest.count(), .unit = "s"});
    }

    void tell_company(const json::value& company) {
        const auto& reason = company.at("reason");
        if (reason.is_object()) {
            verdict_.companies.push_back(message_of(reason));
            return;
        }
        const auto number = OrgNumber::parse(text_of(company, "company"));
        const std::string name = text_of(company, "name");
        verdict_.companies.push_back({"{name} ({number})",
                                      {{"name", name.empty() ? text_of(company, "place") : name},
                                       {"number", number.has_value() ? number->masked() : "?"}}});
    }

    void summarize(const json::value& counts) {
        const std::string synced = std::to_string(number_of(counts, "synced").value_or(0));
        verdict_.told.push_back(
            success_ ? Message{N_("{count} companies in sync, last success {time} ago"),
                               {{"count", synced}, {"time", short_time(*success_)}}}
                     : Message{N_("{count} companies in sync, no success yet"), {{"count", synced}}});
    }

    const Limits& limits_;
    Time now_;
    std::optional<seconds> success_{};
    std::vector<Figure> lefts_{};
    Verdict verdict_{};
};

}  // namespace

std::string_view word_of(Gravity gravity) {
    constexpr std::array<std::string_view, 4> words{"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    return words.at(static_cast<std::size_t>(gravity));
}

Verdict judge(const json::value& status, const json::value& companies, const Limits& limits, Time now) {
    return Judge{limits, now}.of(status, companies);
}

Verdict judge(const Error& error) {
    const bool down = error.code == Errc::daemon_unreachable;
    return {.gravity = down ? Gravity::critical : Gravity::unknown,
            .told = {down ? Message{N_("samsynkd is not running"), {}} : error.message},
            .companies = down ? std::vector<Message>{error.message} : std::vector<Message>{}};
}

Result<seconds> read_duration(std::string_view text) {
    std::uint32_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view unit{end, static_cast<std::size_t>(text.data() + text.size() - end)};
    constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> units{
        {{"", 1}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}}};
    for (const auto& [name, size] : units)
        if (problem == std::errc{} && unit == name) return seconds{number * size};
    return fail(Errc::bad_request, N_("“{given}” is no time. Write it as 90s, 45m, 12h or 1d."),
                {{"given", std::string{text}}});
}

Result<Share> read_share(std::string_view text) {
    Share share{.number = 0};
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), share.number);
    const std::string_view rest{end, static_cast<std::size_t>(text.data() + text.size() - end)};
    share.percent = rest == "%";
    if (problem == std::errc{} && (rest.empty() || (share.percent && share.number <= 100))) return share;
    return fail(Errc::bad_request, N_("“{given}” is no number of companies. Write it as 3 or 10%."),
                {{"given", std::string{text}}});
}

std::string performance_data(const std::vector<Figure>& figures) {
    std::string text;
    for (const Figure& one : figures) {
        std::string item = one.label + "=" + std::to_string(one.value) + one.unit;
        if (!one.warning.empty() || !one.critical.empty())
            item += ";" + one.warning + ";" + one.critical + (one.value >= 0 ? ";0" : "");
        text += (text.empty() ? "" : " ") + item;
    }
    return text;
}

}  // namespace samsynk::client
