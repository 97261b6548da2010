#include "ui/gate.hpp"

#include "core/http_reading.hpp"

namespace samsynk::ui {
namespace {

Error elsewhere() {
    return fail(Errc::not_permitted, N_("Another page asked for this in your name, and was refused. Open the address "
                                        "that stands in the terminal by itself."));
}

// Not `localhost`: at [::1] the same port may be another user's, whose page would be of the same origin.
bool is_ours(std::string_view host, std::uint16_t port) {
    if (host == "127.0.0.1:" + std::to_string(port)) return true;
    return port == 80 && host == "127.0.0.1";  // browsers leave this one out
}

// A link or an address that was typed leads to the page, which holds no data.
bool opens_the_page(const Asked& asked) {
    return asked.method == "GET" && asked.target == "/" && asked.fetch_mode == "navigate";
}

}  // namespace

std::optional<Answer> turned_away(const Asked& asked, std::uint16_t port) {
    if (asked.odd || !asked.target.starts_with('/')) return problem(400, not_a_request());
    if (!is_ours(asked.host, port))
        return problem(421, fail(Errc::not_permitted, N_("This page is found at {address} only."),
                                 {{"address", "http://127.0.0.1:" + std::to_string(port) + "/"}}));
    if (!asked.origin.empty() && asked.origin != "http://" + asked.host) return problem(403, elsewhere());
    const bool same = asked.fetch_site.empty() || asked.fetch_site == "same-origin" || asked.fetch_site == "none";
    if (!same && !opens_the_page(asked)) return problem(403, elsewhere());
    return std::nullopt;
}

}  // namespace samsynk::ui
