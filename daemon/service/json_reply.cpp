#include "service/json_reply.hpp"

#include "core/text.hpp"

namespace samsynk::service {

bool is_json(const HttpReply& reply) { return reply.content_type == "application/json"; }

Error not_json(const HttpReply& reply) {
    return fail(
        Errc::bad_reply,
        N_("{from} answered with {type} instead of JSON. Nothing of it was used. It is tried again. A proxy or a "
           "sign-in page may stand between; check the address, too."),
        {{"from", reply.from}, {"type", reply.content_type.empty() ? "nothing" : shortened(reply.content_type, 60)}});
}

bool is_page(const HttpReply& reply) { return reply.status / 100 != 2 && reply.content_type.starts_with("text/"); }

Error page_instead(const HttpReply& reply) {
    const bool of_call = reply.status == 400 || reply.status == 413 || reply.status == 422;
    return fail(
        of_call               ? Errc::call_refused
        : reply.status == 429 ? Errc::rate_limited
                              : Errc::service_error,
        N_("{from} answered {status} with {type} instead of JSON: most likely a proxy before the service. It is "
           "tried again."),
        {{"from", reply.from}, {"status", std::to_string(reply.status)}, {"type", shortened(reply.content_type, 60)}});
}

Error about(const HttpReply& reply, Error error) {
    if (error.code != Errc::bad_reply) return error;
    if (!is_json(reply)) return not_json(reply);
    error.message.args.emplace_back("from", reply.from);
    return error;
}

}  // namespace samsynk::service
