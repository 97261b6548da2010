#include "service/https_url.hpp"

#include <boost/url.hpp>

#include "core/host_name.hpp"

namespace samsynk::service {
namespace {

std::string bracketed(const std::string& host) { return host.find(':') == std::string::npos ? host : "[" + host + "]"; }

}  // namespace

std::string HttpsUrl::authority() const { return bracketed(host) + ":" + port; }
std::string HttpsUrl::host_field() const { return port == "443" ? bracketed(host) : authority(); }

Result<HttpsUrl> parse_https_url(const std::string& text) {
    const auto url = boost::urls::parse_uri(text);
    if (!url || url->scheme() != "https" || !is_host(std::string{url->host_address()}))
        return fail(Errc::bad_settings,
                    N_("“{url}” must begin with https:// and name a host. Plain HTTP is never used."), {{"url", text}});
    HttpsUrl parts;
    parts.host = std::string{url->host_address()};
    if (url->has_port() && !url->port().empty()) parts.port = std::string{url->port()};
    parts.path = std::string{url->encoded_path()};
    while (!parts.path.empty() && parts.path.back() == '/') parts.path.pop_back();
    if (url->has_query()) parts.path += "?" + std::string{url->encoded_query()};
    return parts;
}

std::string shown_location(const std::string& location) {
    constexpr std::size_t most = 120;
    const auto url = boost::urls::parse_uri_reference(location);
    if (!url) return "?";
    std::string shown;
    if (url->has_scheme()) shown += std::string{url->scheme()} + ":";
    if (url->has_authority()) shown += "//" + std::string{url->encoded_host_and_port()};
    shown += std::string{url->encoded_path()};
    if (shown.size() > most) shown = shown.substr(0, most) + "…";
    return shown.empty() ? "?" : shown;
}

}  // namespace samsynk::service
