#include "control/routes.hpp"

#include <boost/json.hpp>

#include "control/metrics.hpp"
#include "control/read_request.hpp"
#include "control/sign_in_json.hpp"
#include "control/to_json.hpp"

namespace samsynk::control {
namespace {

namespace json = boost::json;
using boost::asio::awaitable;

Response ok(const json::value& value) { return Response{.status = 200, .body = to_text(value) + "\n"}; }

int status_of(Errc code) {
    switch (code) {
        case Errc::bad_request:
            return 400;
        case Errc::not_permitted:
            return 403;
        case Errc::not_found:
            return 404;
        case Errc::changed_meanwhile:
        case Errc::duplicate:
        case Errc::identity_changed:
        case Errc::new_company:
        case Errc::followed_choice:
        case Errc::busy:
            return 409;
        case Errc::bad_settings:
            return 422;
        case Errc::too_many:
            return 429;
        default:
            return 500;
    }
}

Response refused(const Error& error) { return problem(status_of(error.code), error); }

Response nothing_at(const std::string& path) {
    return refused(fail(Errc::not_found, N_("There is nothing at {path}."), {{"path", path}}));
}

Error no_sign_in() { return bad_request(N_("This daemon needs no sign-in.")); }

std::vector<std::string> parts_of(const std::string& path) {
    std::vector<std::string> parts;
    for (std::size_t at = 1; at <= path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        parts.push_back(path.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

// Whether a path fits a pattern; what stood for `*` goes to `part`.
bool fits(const std::string& path, const std::string& pattern, std::string& part) {
    if (!path.starts_with('/')) return false;
    const auto given = parts_of(path), wanted = parts_of(pattern);
    if (given.size() != wanted.size()) return false;
    for (std::size_t i = 0; i < given.size(); ++i) {
        if (wanted[i] == "*")
            part = given[i];
        else if (wanted[i] != given[i])
            return false;
    }
    return true;
}

// `after=SEQUENCE`, or `after=LIFE:SEQUENCE`: what is of another life was told before all that is kept of this one.
std::optional<std::uint64_t> read_after(std::string_view query, std::string_view life) {
    constexpr std::string_view name = "after=";
    if (!query.starts_with(name)) return std::nullopt;
    query.remove_prefix(name.size());
    bool of_this_life = true;
    if (const auto colon = query.find(':'); colon != std::string_view::npos) {
        const std::string_view told = query.substr(0, colon);
        if (told.empty() || told.size() > 64) return std::nullopt;
        of_this_life = told == life;
        query.remove_prefix(colon + 1);
    }
    if (query.empty() || query.size() > 18 || query.find_first_not_of("0123456789") != std::string_view::npos)
        return std::nullopt;
    return of_this_life ? std::stoull(std::string{query}) : before_this_life;
}

}  // namespace

const std::vector<Routes::Route>& Routes::table() {
    static const std::vector<Route> routes{{"GET", "/v1/status", &Routes::status},
                                           {"GET", "/v1/companies", &Routes::companies},
                                           {"GET", "/v1/companies/*", &Routes::company},
                                           {"PATCH", "/v1/companies/*/preferences", &Routes::set_preferences},
                                           {"GET", "/v1/companies/*/explain", &Routes::explain},
                                           {"POST", "/v1/companies/*/release", &Routes::release},
                                           {"GET", "/v1/history", &Routes::history},
                                           {"POST", "/v1/history/*/revert", &Routes::revert},
                                           {"POST", "/v1/sync", &Routes::sync},
                                           {"GET", "/v1/installations", &Routes::installations},
                                           {"POST", "/v1/installations/*/test", &Routes::test_installation},
                                           {"POST", "/v1/installations/*/prepare", &Routes::prepare_installation},
                                           {"GET", "/v1/held", &Routes::held},
                                           {"POST", "/v1/held/*/approve", &Routes::approve},
                                           {"GET", "/v1/events", &Routes::events},
                                           {"POST", "/v1/login", &Routes::login},
                                           {"POST", "/v1/logout", &Routes::logout},
                                           {"POST", "/v1/reload", &Routes::reload},
                                           {"GET", "/v1/log", &Routes::log_level},
                                           {"PUT", "/v1/log", &Routes::set_log_level},
                                           {"POST", "/v1/doctor", &Routes::examine},
                                           {"POST", "/v1/backup", &Routes::back_up},
                                           {"GET", "/healthz", &Routes::health},
                                           {"GET", "/metrics", &Routes::metrics}};
    return routes;
}

awaitable<Response> Routes::answer(Request request) {
    std::string allow, part;
    for (const Route& route : table()) {
        if (!fits(request.path, route.pattern, part)) continue;
        if (request.method != route.method) {
            allow += (allow.empty() ? "" : ", ") + std::string{route.method};
            continue;
        }
        if (!request.may_act && request.method != "GET")
            co_return refused(fail(Errc::not_permitted,
                                   N_("You may look, but not act. Ask to become a member of the group samsynk.")));
        co_return co_await (this->*route.handler)(std::move(request), std::move(part));
    }
    if (allow.empty()) co_return nothing_at(request.path);
    Response response = problem(405, bad_request(N_("{path} can't be asked with {method}."),
                                                 {{"path", request.path}, {"method", request.method}}));
    response.allow = allow;
    co_return response;
}

awaitable<Response> Routes::status(Request request, std::string) {
    json::object status = to_json(*agent_.status(), service_url_);
    status["may_act"] = request.may_act;
    const auto sign_in = agent_.sign_in();
    status["signin"] = sign_in ? json::value(to_json(sign_in->status(), wall_clock())) : json::value(nullptr);
    co_return ok(status);
}

// A long answer, and the same for all who ask meanwhile: so many slow readers take no more room than one.
awaitable<Response> Routes::companies(Request, std::string) {
    const auto companies = agent_.status()->companies;
    auto text = companies_of_.lock() == companies ? companies_text_.lock() : nullptr;
    if (!text) {
        std::string all = "{\"companies\":[";  // piece by piece: as one value it would take many times the room
        for (const auto& company : *companies) {
            if (all.back() != '[') all += ',';
            all += to_text(to_json(company));
        }
        text = std::make_shared<const std::string>(std::move(all += "]}\n"));
        companies_of_ = companies;
        companies_text_ = text;
    }
    co_return Response{.status = 200, .shared_body = std::move(text)};
}

awaitable<Response> Routes::company(Request, std::string company) {
    const auto parsed = read_company_in_path(company);
    if (parsed.has_error()) co_return refused(parsed.error());
    const auto detail = co_await agent_.company(*parsed);
    if (detail.has_error()) co_return refused(detail.error());
    co_return ok(to_json(*detail));
}

awaitable<Response> Routes::set_preferences(Request request, std::string company) {
    const auto parsed = read_company_in_path(company);
    if (parsed.has_error()) co_return refused(parsed.error());
    const auto choices = read_preferences(request);
    if (choices.has_error()) co_return refused(choices.error());
    const auto detail = co_await agent_.set_preferences(*parsed, *choices, std::move(request.by));
    if (detail.has_error()) co_return refused(detail.error());
    co_return ok(to_json(*detail));
}

awaitable<Response> Routes::held(Request, std::string) {
    const auto status = agent_.status();
    co_return ok(json::object{{"held", to_json(agent_.held(), *status->companies)}});
}

awaitable<Response> Routes::approve(Request request, std::string id) {
    const auto take = read_side(request);
    if (take.has_error()) co_return refused(take.error());
    const auto result = co_await agent_.approve(std::move(id), *take, std::move(request.by));
    if (result.has_error()) co_return refused(result.error());
    co_return ok(to_json(**result));
}

awaitable<Response> Routes::explain(Request, std::string company) {
    const auto parsed = read_company_in_path(company);
    if (parsed.has_error()) co_return refused(parsed.error());
    const auto explanation = co_await agent_.explain(*parsed);
    if (explanation.has_error()) co_return refused(explanation.error());
    co_return ok(to_json(*explanation));
}

awaitable<Response> Routes::history(Request request, std::string) {
    auto query = read_history_query(request.query);
    if (query.has_error()) co_return refused(query.error());
    const auto history = co_await agent_.history(std::move(*query));
    if (history.has_error()) co_return refused(history.error());
    const auto status = agent_.status();
    co_return ok(json::object{{"runs", to_json(*history, *status->companies)}});
}

awaitable<Response> Routes::revert(Request request, std::string run) {
    const auto reverted = co_await agent_.revert(std::move(run), std::move(request.by));
    if (reverted.has_error()) co_return refused(reverted.error());
    const auto status = agent_.status();
    co_return ok(to_json(*reverted, *status->companies));
}

awaitable<Response> Routes::release(Request request, std::string number) {
    const auto parsed = read_number(number);
    if (parsed.has_error()) co_return refused(parsed.error());
    const auto result = co_await agent_.release(*parsed, std::move(request.by));
    if (result.has_error()) co_return refused(result.error());
    co_return ok(to_json(**result));
}

awaitable<Response> Routes::sync(Request request, std::string) {
    auto asked = read_sync(request);
    if (asked.has_error()) co_return refused(asked.error());
    asked->by = request.by;
    asked->take_up = !asked->scope.all;
    if (!agent_.has_room(*asked))
        co_return refused(fail(Errc::too_many, N_("Too many runs are waiting already. Try again in a moment.")));
    const std::uint64_t before = newest_event_().sequence;
    const std::string run = agent_.request_sync(*asked);
    if (request.accept.find("application/x-ndjson") != std::string::npos) {
        Response response{.status = 200, .content_type = "application/x-ndjson"};
        response.stream = Response::Stream{.after = before, .run = run};
        co_return response;
    }
    const auto result = co_await agent_.result(run);
    if (result.has_error()) co_return refused(result.error());
    co_return ok(to_json(**result));
}

awaitable<Response> Routes::events(Request request, std::string) {
    const NewestEvent newest = newest_event_();
    Response response{.status = 200, .content_type = "application/x-ndjson"};
    response.stream = Response::Stream{.after = newest.sequence, .run = {}};
    if (!request.query.empty()) {
        const auto after = read_after(request.query, newest.life);
        if (!after) co_return refused(bad_request(N_("“after” must be an event's sequence number, or LIFE:SEQUENCE.")));
        response.stream->after = *after;
    }
    co_return response;
}

awaitable<Response> Routes::installations(Request, std::string) { co_return ok(to_json(agent_.installations())); }

awaitable<Response> Routes::test_installation(Request request, std::string id) {
    const auto body = read_body(request, {"place"});
    if (body.has_error()) co_return refused(body.error());
    const auto* place = body->if_contains("place");
    if (place && !place->is_string())
        co_return refused(bad_request(N_("“{key}” must be a text on one line."), {{"key", "place"}}));
    std::optional<std::string> at;
    if (place) at = std::string{place->get_string()};
    const auto probes = co_await agent_.test_installation(std::move(id), std::move(at));
    if (probes.has_error()) co_return refused(probes.error());
    co_return ok(to_json(*probes));
}

awaitable<Response> Routes::prepare_installation(Request request, std::string id) {
    const auto body = read_body(request, {"apply"});
    if (body.has_error()) co_return refused(body.error());
    const auto* apply = body->if_contains("apply");
    if (apply && !apply->is_bool())
        co_return refused(bad_request(N_("“{key}” must be true or false."), {{"key", "apply"}}));
    const bool wanted = apply && apply->get_bool();
    const auto prepared = co_await agent_.prepare_installation(std::move(id), wanted);
    if (prepared.has_error()) co_return refused(prepared.error());
    co_return ok(json::object{{"sql", prepared->text}, {"applied", prepared->applied}});
}

awaitable<Response> Routes::login(Request request, std::string) {
    const auto sign_in = agent_.sign_in();
    if (!sign_in) co_return refused(no_sign_in());
    if (const auto body = read_body(request, {}); body.has_error()) co_return refused(body.error());
    auto login = co_await sign_in->login();
    if (login.has_error()) co_return refused(login.error());
    Response response{.status = 200, .content_type = "application/x-ndjson"};
    response.login = std::move(*login);
    co_return response;
}

awaitable<Response> Routes::logout(Request request, std::string) {
    const auto sign_in = agent_.sign_in();
    if (!sign_in) co_return refused(no_sign_in());
    if (const auto body = read_body(request, {}); body.has_error()) co_return refused(body.error());
    const auto outcome = co_await sign_in->logout();
    if (outcome.has_error()) co_return refused(outcome.error());
    co_return ok(to_json(*outcome));
}

awaitable<Response> Routes::reload(Request request, std::string) {
    if (!housekeeping_) co_return nothing_at(request.path);
    const auto reloaded = co_await housekeeping_->reload();
    if (reloaded.has_error()) co_return refused(reloaded.error());
    co_return Response{.status = 204, .content_type = {}, .body = {}};
}

awaitable<Response> Routes::log_level(Request request, std::string) {
    if (!housekeeping_) co_return nothing_at(request.path);
    co_return ok(json::object{{"level", housekeeping_->log_level()}});
}

awaitable<Response> Routes::set_log_level(Request request, std::string) {
    if (!housekeeping_) co_return nothing_at(request.path);
    const auto body = read_body(request, {"level"});
    if (body.has_error()) co_return refused(body.error());
    const auto* level = body->if_contains("level");
    const std::string wanted = level && level->is_string() ? std::string{level->get_string()} : std::string{};
    if (const auto set = housekeeping_->set_log_level(wanted, request.by); set.has_error())
        co_return refused(set.error());
    co_return ok(json::object{{"level", housekeeping_->log_level()}});
}

awaitable<Response> Routes::back_up(Request request, std::string) {
    if (!housekeeping_) co_return nothing_at(request.path);
    auto copy = co_await housekeeping_->back_up();
    if (copy.has_error()) co_return refused(copy.error());
    co_return Response{.status = 200, .content_type = "application/vnd.sqlite3", .download = std::move(*copy)};
}

awaitable<Response> Routes::examine(Request request, std::string) {
    if (!housekeeping_) co_return nothing_at(request.path);
    if (const auto body = read_body(request, {}); body.has_error()) co_return refused(body.error());
    const auto findings = co_await housekeeping_->examine();
    co_return ok(to_json(findings));
}

awaitable<Response> Routes::health(Request, std::string) { co_return ok(json::object{{"status", "ok"}}); }

awaitable<Response> Routes::metrics(Request request, std::string) {
    co_return metrics_response(agent_, request.accept, true, wall_clock());
}

}  // namespace samsynk::control
