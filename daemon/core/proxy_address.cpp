#include "core/proxy_address.hpp"

#include <algorithm>
#include <boost/url.hpp>

#include "core/host_name.hpp"
#include "core/text.hpp"

namespace samsynk {

Result<ProxyAddress> parse_proxy_address(const std::string& given) {
    constexpr const char* spaces = " \t\r\n";
    const std::size_t begin = std::min(given.find_first_not_of(spaces), given.size());
    const std::string text = given.substr(begin, given.find_last_not_of(spaces) + 1 - begin);
    const auto url = boost::urls::parse_uri(text);
    const std::string scheme = url ? lower_case(std::string{url->scheme()}) : std::string{};
    if (scheme == "https" || scheme.starts_with("socks"))
        return fail(Errc::bad_settings,
                    N_("Samsynk speaks plain HTTP to a proxy, not {scheme}: write an address such as "
                       "http://proxy.example:3128, with the port of a HTTP proxy. What goes through it is encrypted "
                       "all the way to the service."),
                    {{"scheme", scheme}});
    const bool plain =
        url && (url->encoded_path().empty() || url->encoded_path() == "/") && !url->has_query() && !url->has_fragment();
    if (!plain || scheme != "http" || !is_host(std::string{url->host_address()}) ||
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
