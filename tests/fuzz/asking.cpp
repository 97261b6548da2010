#include "fuzz/asking.hpp"

#include <array>

namespace samsynk::fuzz {
namespace {

namespace json = boost::json;

// Folder names come from a file system that knows no encoding: one is not UTF-8, one would break a line.
const std::string latin1_place = "F\xF6retag\n\x1b[2J";

sync::Record record(OrgNumber company) {
    sync::Record record{.company = company, .version = 7, .name = "Lindqvist \"Bygg\" AB\n"};
    record.collaboration.state = sync::CollaborationState::active;
    return record;
}

agent::CompanyStatus company_status(std::optional<OrgNumber> company) {
    const sync::LocalCompany found{.place = latin1_place, .company = company, .name = latin1_place};
    return {.installation = "main", .found = std::make_shared<const sync::LocalCompany>(found)};
}

std::shared_ptr<const agent::RunResult> run_result(std::string run) {
    agent::RunResult result{.run = std::move(run), .trigger = agent::Trigger::manual};
    result.problems.push_back(company_status(std::nullopt));
    result.error = fail(Errc::unreadable, "{file} can't be read.", {{"file", latin1_place}});
    return std::make_shared<const agent::RunResult>(std::move(result));
}

Error failure(std::size_t which, const std::string& asked) {
    const auto code = static_cast<Errc>(which % (static_cast<std::size_t>(Errc::daemon_unreachable) + 1));
    return fail(code, "Nothing came of {asked}.", {{"asked", asked}});
}

sync::HistoryChange change(OrgNumber company) {
    return {.run = "r-1",
            .key = {"main", latin1_place},
            .company = company,
            .preference = sync::Preference::receive_invoices,
            .to = true,
            .by = latin1_place};
}

void check_problem(const control::Response& response, const json::value& value) {
    check(value.is_object(), "a problem is no object");
    const json::object& problem = value.get_object();
    for (const char* key : {"type", "title", "status", "detail", "code", "message_id", "args"})
        check(problem.contains(key), "a problem lacks a field");
    check(problem.at("status") == response.status, "a problem of another status");
    check(!problem.at("detail").as_string().empty(), "a problem that says nothing");
}

}  // namespace

AnyAgent::AnyAgent() {
    const OrgNumber lindqvist = OrgNumber::parse("556016-0680").value();
    auto status = std::make_shared<agent::Status>();
    status->companies =
        std::make_shared<const agent::Inventory>(std::vector{company_status(lindqvist), company_status(std::nullopt)});
    status->installations.push_back({.id = "main", .connector = "folder", .location = "/srv/" + latin1_place});
    status->last_run = run_result("r-1");
    status_ = std::move(status);
    holds_.push_back({.id = "h-1",
                      .kind = sync::HoldKind::first_contact,
                      .installation = "main",
                      .planned = std::nullopt,
                      .rows = {{{"main", latin1_place}, lindqvist, sync::Preference::receive_invoices, true, false}}});
}

std::string AnyAgent::request_sync(agent::SyncRequest request) {
    ++acted;
    return "r-" + std::to_string(request.scope.companies.size()) + (request.dry_run ? "d" : "");
}

agent::Async<std::shared_ptr<const agent::RunResult>> AnyAgent::result(std::string run) {
    if (run == "r-2") co_return failure(static_cast<std::size_t>(Errc::not_found), run);
    co_return run_result(std::move(run));
}

Result<agent::CompanyDetail> AnyAgent::detail(OrgNumber company) const {
    const auto status = company_status(company);
    if (company == *status_->companies->front().company())
        return agent::CompanyDetail{status, record(company), {status}};
    return failure(std::stoul(company.digits().substr(6, 3)), company.text());
}

Result<agent::CompanyDetail> AnyAgent::detail(const agent::CompanyRef& company) const {
    if (const auto* number = std::get_if<OrgNumber>(&company)) return detail(*number);
    const auto& key = std::get<sync::PlaceKey>(company);
    check(key.installation.find(':') == std::string::npos, "an installation that holds a colon");
    if (key.installation != "main") return failure(key.place.size(), key.place);
    return agent::CompanyDetail{company_status(std::nullopt), std::nullopt, {}};
}

agent::Async<agent::CompanyDetail> AnyAgent::company(agent::CompanyRef company) { co_return detail(company); }

agent::Async<agent::CompanyDetail> AnyAgent::set_preferences(agent::CompanyRef company, sync::Preferences choices,
                                                             std::string) {
    ++acted;
    check(choices != sync::Preferences{}, "a choice of nothing");
    co_return detail(company);
}

agent::Async<std::shared_ptr<const agent::RunResult>> AnyAgent::approve(std::string hold, std::optional<sync::Side>,
                                                                        std::string) {
    ++acted;
    if (hold != "h-1") co_return failure(hold.size() + static_cast<std::size_t>(Errc::not_found), hold);
    co_return run_result("r-3");
}

agent::Async<agent::Explanation> AnyAgent::explain(agent::CompanyRef company) {
    const auto found = detail(company);
    if (found.has_error()) co_return found.error();
    agent::Explanation explanation{.detail = *found, .identity_source = latin1_place};
    explanation.parking = sync::Parking{{"main", latin1_place}, failure(3, latin1_place), 2};
    explanation.preferences.push_back(
        {.preference = sync::Preference::receive_invoices,
         .last_change = change(found->status.company().value_or(OrgNumber::parse("556016-0680").value()))});
    co_return explanation;
}

agent::Async<std::vector<sync::HistoryEntry>> AnyAgent::history(sync::HistoryQuery query) {
    check(query.limit <= 9999, "a history without bounds");
    if (query.run == "r-0") co_return failure(query.limit, query.run);
    std::vector<sync::HistoryEntry> entries(1);
    entries[0].run.id = query.run.empty() ? "r-1" : query.run;
    entries[0].changes.push_back(change(query.company.value_or(OrgNumber::parse("556016-0680").value())));
    co_return entries;
}

agent::Async<agent::Reverted> AnyAgent::revert(std::string run, std::string) {
    ++acted;
    if (run != "r-1") co_return failure(run.size(), run);
    agent::Reverted reverted{.count = 1, .run = run_result("r-4")};
    reverted.skipped.push_back({change(OrgNumber::parse("556016-0680").value()), failure(1, run)});
    co_return reverted;
}

agent::Async<std::shared_ptr<const agent::RunResult>> AnyAgent::release(OrgNumber company, std::string) {
    ++acted;
    const auto found = detail(company);
    if (found.has_error()) co_return found.error();
    co_return run_result("r-5");
}

control::Response ask(control::Routes& routes, control::Request request) {
    boost::asio::io_context context;
    std::optional<control::Response> answer;
    std::exception_ptr thrown;
    boost::asio::co_spawn(context, routes.answer(std::move(request)),
                          [&](std::exception_ptr problem, control::Response response) {
                              thrown = problem;
                              answer = std::move(response);
                          });
    context.run();
    check(!thrown, "an exception escapes from a route");
    check(answer.has_value(), "no answer");
    if (answer->shared_body) answer->body = *answer->shared_body;
    return std::move(*answer);
}

void check_answer(const control::Response& response) {
    constexpr std::array sane{200, 204, 400, 403, 404, 405, 409, 413, 422, 429, 500};
    check(std::find(sane.begin(), sane.end(), response.status) != sane.end(), "a status that is none of ours");
    check((response.status == 405) != response.allow.empty(), "405 says what is allowed, and nothing else does");
    check(response.body.size() < 1024 * 1024, "an answer is large");
    if (response.stream) {
        check(response.status == 200 && response.body.empty(), "a stream with a body");
        const std::uint64_t after = response.stream->after;  // a number of before this daemon's life is longer
        return check(after < 1'000'000'000'000'000'000 || after == control::before_this_life, "a number of its own");
    }
    if (response.status == 204) return check(response.body.empty(), "nothing, with a body");
    if (response.content_type.starts_with("application/openmetrics-text") ||
        response.content_type.starts_with("text/plain; version=0.0.4"))
        return check(response.body.ends_with("# EOF\n"), "metrics without an end");
    const bool good = response.status == 200;
    check(response.content_type == (good ? "application/json" : "application/problem+json"), "a strange content type");
    boost::system::error_code code;
    const json::value value = json::parse(response.body, code);
    check(!code, "an answer that is no JSON");
    if (!good) check_problem(response, value);
}

}  // namespace samsynk::fuzz
