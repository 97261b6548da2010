#include "control/not_configured.hpp"

namespace samsynk::control {

Error not_configured(const std::filesystem::path& file) {
    return fail(
        Errc::not_configured,
        N_("Samsynk is not configured yet. Fill in {file}, try it with: samsynk config check, and then: systemctl "
           "reload samsynkd"),
        {{"file", file.string()}});
}

boost::asio::awaitable<Response> NotConfigured::answer(Request request) {
    if (request.path == "/healthz" && request.method == "GET")
        co_return Response{.status = 200, .body = "{\"status\":\"not_configured\"}\n"};
    if (request.path != "/v1/reload" || request.method != "POST") co_return problem(503, not_configured(file_));
    if (!request.may_act)
        co_return problem(403, fail(Errc::not_permitted,
                                    N_("You may look, but not act. Ask to become a member of the group samsynk.")));
    const auto reloaded = reload_();
    if (reloaded.has_error()) co_return problem(422, reloaded.error());
    co_return Response{.status = 204, .content_type = {}, .body = {}};
}

}  // namespace samsynk::control
