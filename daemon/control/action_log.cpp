#include "control/action_log.hpp"

#include "core/org_number.hpp"

namespace samsynk::control {
namespace {

// A company's number in a path is taken out of it: an event names its company by itself, masked where it must be.
struct Action {
    std::string what;  ///< `POST /v1/companies/release`
    std::optional<OrgNumber> company;
};

Action action_of(const Request& request) {
    Action action{request.method + " ", {}};
    constexpr std::string_view companies = "/v1/companies/";
    if (!request.path.starts_with(companies)) {
        action.what += request.path;
        return action;
    }
    const std::string rest = request.path.substr(companies.size());
    const auto end = std::min(rest.find('/'), rest.size());
    const auto number = OrgNumber::parse(rest.substr(0, end));
    if (number.has_value()) action.company = *number;
    action.what += "/v1/companies" + rest.substr(end);
    return action;
}

}  // namespace

boost::asio::awaitable<Response> ActionLog::answer(Request request) {
    if (request.method == "GET" || request.method == "HEAD") co_return co_await next_.answer(std::move(request));
    Action action = action_of(request);
    const std::string by = request.by;
    Response response = co_await next_.answer(std::move(request));
    const std::string status = std::to_string(response.status);
    events_.publish(Event{.name = "control.audit",
                          .level = response.status == 403 ? Level::warning : Level::info,
                          .message = {response.status < 400 ? N_("{by} asked for {action}.")
                                                            : N_("{by} asked for {action} and was refused ({status})."),
                                      {{"by", by}, {"action", action.what}, {"status", status}}},
                          .company = action.company,
                          .run = response.stream ? response.stream->run : std::string{},
                          .fields = {{"by", by}, {"action", action.what}, {"status", status}},
                          .code = {}});
    co_return response;
}

}  // namespace samsynk::control
