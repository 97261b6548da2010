#include "core/proxy_address.hpp"

#include <boost/url.hpp>

#include "core/host_name.hpp"

namespace samsynk {

Result<ProxyAddress> parse_proxy_address(const std::string& text) {
    const auto url = boost::urls::parse_uri(text);
    const bool plain =
        url && (url->encoded_path().empty() || url->encoded_path() == "/") && !url->has_query() && !url->has_fragment();
    if (!plain || url->scheme() != "http" || !is_host(std::string{url->host_address()}) ||
        (url->has_port() && url->port() == "0"))
        return fail(Errc::bad_settings,
                    N_("A proxy's address must be such as http://proxy.example:3128. What goes through it is encrypted "
                       "all the way to the service."));
    ProxyAddress proxy;
    proxy.host = url->host_address();
    if (url->has_port() && !url->port().empty()) proxy.port = std::string{url->port()};
    proxy.user = url->user();
    proxy.password = url->password();
    if (proxy.user.find(':') != std::string::npos)
        return fail(Errc::bad_settings, N_("A proxy's user can't have a colon in the name."));
    return proxy;
}

}  // namespace samsynk
