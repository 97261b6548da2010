#include "service/service_refusal.hpp"

#include "core/text.hpp"
#include "service/json_reply.hpp"
#include "service/wire.hpp"

namespace samsynk::service {
namespace {

constexpr std::size_t long_token = 4 * 1024;  ///< what proxies take of one header line begins at about that

// The service names each request; what stands between does not.
Error with_request(Errc code, const std::string& request, const char* named, const char* nameless,
                   std::vector<std::pair<std::string, std::string>> args = {}) {
    if (request.empty()) return fail(code, nameless, std::move(args));
    args.emplace_back("request", request);
    return fail(code, named, std::move(args));
}

Error too_long_a_token(const HttpReply& reply, std::size_t token) {
    return fail(
        Errc::service_error,
        N_("{from} answered {status} with {type} instead of JSON. The token of the sign-in has {size} bytes, and "
           "most likely a proxy before the service takes no header of that length (nginx: "
           "large_client_header_buffers). Let it take longer ones, or have the token made shorter."),
        {{"from", reply.from},
         {"status", std::to_string(reply.status)},
         {"type", shortened(reply.content_type, 60)},
         {"size", std::to_string(token)}});
}

Error busy(std::chrono::seconds waits, const std::string& request) {
    if (waits.count() > 0)
        return with_request(
            Errc::rate_limited, request,
            N_("The online service asks us to wait {seconds} s (request {request}). It is tried again."),
            N_("The online service asks us to wait {seconds} s. It is tried again."),
            {{"seconds", std::to_string(waits.count())}});
    return with_request(Errc::rate_limited, request,
                        N_("The online service is asked too often (request {request}). It is tried again."),
                        N_("The online service is asked too often. It is tried again."));
}

Error other(const HttpReply& reply, const Problem& problem) {
    const bool of_call = reply.status == 400 || reply.status == 413 || reply.status == 422;
    const Errc code = of_call ? Errc::call_refused : Errc::service_error;
    const std::string status = std::to_string(reply.status);
    if (problem.code.empty())
        return with_request(code, problem.request_id,
                            N_("The online service answered {status} (request {request}). It is tried again."),
                            N_("The online service answered {status}. It is tried again."), {{"status", status}});
    return with_request(code, problem.request_id,
                        N_("The online service answered {status} {code} (request {request}). It is tried again."),
                        N_("The online service answered {status} {code}. It is tried again."),
                        {{"status", status}, {"code", problem.code}});
}

}  // namespace

Error refusal_of(const HttpReply& reply, std::chrono::seconds waits, std::size_t token) {
    if (is_page(reply)) {
        const bool of_header = reply.status == 400 || reply.status == 431;
        return of_header && token >= long_token ? too_long_a_token(reply, token) : page_instead(reply);
    }
    const Problem problem = parse_problem(reply.body);
    if (reply.status == 401)
        return with_request(Errc::sign_in_failed, problem.request_id,
                            N_("The online service does not take our sign-in (request {request}). Check client_id, the "
                               "secret and the clock."),
                            N_("The online service does not take our sign-in. Check client_id, the secret and the "
                               "clock."));
    if (reply.status == 403)
        return with_request(Errc::forbidden, problem.request_id,
                            N_("The online service does not let this account do that (request {request}). Ask the "
                               "office to give it the right."),
                            N_("The online service does not let this account do that. Ask the office to give it the "
                               "right."));
    if (reply.status == 410)
        return fail(Errc::cursor_expired, N_("The change feed was too old. All companies are read anew."));
    if (reply.status == 429) return busy(waits, problem.request_id);
    if (reply.status == 409 && problem.code == "epoch_changed")
        return fail(Errc::epoch_changed, N_("The online service was restored. All companies are read anew."));
    return other(reply, problem);
}

Error cut_by(const HttpReply& reply) {
    return fail(Errc::service_unreachable,
                N_("{from} answered {status}: something between us waited in vain for a change. It is tried again."),
                {{"from", reply.from}, {"status", std::to_string(reply.status)}});
}

}  // namespace samsynk::service
