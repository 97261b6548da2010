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

Error about(const HttpReply& reply, Error error) {
    if (error.code != Errc::bad_reply) return error;
    if (!is_json(reply)) return not_json(reply);
    error.message.args.emplace_back("from", reply.from);
    return error;
}

}  // namespace samsynk::service
