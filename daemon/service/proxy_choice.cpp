#include "service/proxy_choice.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <cstdlib>

#include "core/secret_file.hpp"
#include "core/text.hpp"
#include "service/base64.hpp"

namespace samsynk::service {
namespace {

namespace ip = boost::asio::ip;
using boost::system::error_code;

std::string from_environment(const char* lower, const char* upper) {
    for (const char* name : {lower, upper})
        if (const char* value = std::getenv(name); value && *value) return value;
    return {};
}

// Whether the address lies in the network; false also where the entry is none.
bool lies_in(const ip::address& address, const std::string& network) {
    error_code code;
    if (address.is_v4()) {
        const auto v4 = ip::make_network_v4(network, code).canonical();
        return !code && ip::make_network_v4(address.to_v4(), v4.prefix_length()).canonical() == v4;
    }
    const auto v6 = ip::make_network_v6(network, code).canonical();
    return !code && ip::make_network_v6(address.to_v6(), v6.prefix_length()).canonical() == v6;
}

// `[::1]:443`, `name:443`, `name`, `::1`
std::pair<std::string, std::string> host_and_port(const std::string& entry) {
    if (entry.front() == '[') {
        const auto end = entry.find(']');
        if (end == std::string::npos) return {entry, {}};
        return {entry.substr(1, end - 1), entry.substr(end + 1).starts_with(":") ? entry.substr(end + 2) : ""};
    }
    const auto colon = entry.find(':');
    if (colon == std::string::npos || entry.find(':', colon + 1) != std::string::npos) return {entry, {}};
    return {entry.substr(0, colon), entry.substr(colon + 1)};
}

bool matches(const std::string& entry, const HttpsUrl& host) {
    if (entry == "*") return true;
    error_code not_address;
    const auto address = ip::make_address(host.host, not_address);
    if (entry.find('/') != std::string::npos) return !not_address && lies_in(address, entry);
    auto [name, port] = host_and_port(entry);
    if (!port.empty() && port != host.port) return false;
    error_code other_not_address;
    const auto other = ip::make_address(name, other_not_address);
    if (!not_address || !other_not_address) return !not_address && !other_not_address && address == other;
    // With a dot at its end a name is the same one, from the root.
    const auto without_root = [](std::string text) {
        if (text.ends_with('.')) text.pop_back();
        return lower_case(text);
    };
    name = without_root(name.substr(std::min(name.find_first_not_of("*."), name.size())));
    const std::string asked = without_root(host.host);
    return !name.empty() && (asked == name || asked.ends_with("." + name));
}

Result<std::string> password_in(const std::filesystem::path& path) {
    auto password = read_secret_file(path);
    if (password.has_error() && password.error().code == Errc::unreadable)
        return fail(Errc::bad_settings,
                    N_("The proxy's password in {file} can't be read, or is empty. Check the file and its "
                       "permissions."),
                    {{"file", path.string()}});
    return password;
}

}  // namespace

ProxyChoice::ProxyChoice(std::optional<ProxyAddress> proxy, std::string no_proxy)
    : proxy_{std::move(proxy)}, no_proxy_{std::move(no_proxy)} {
    if (!proxy_ || proxy_->password.empty()) return;
    hidden_ = PresentSecret{proxy_->password};
    hidden_in_header_ = PresentSecret{base64(proxy_->user + ":" + proxy_->password)};
}

bool is_named_in(const std::string& no_proxy, const HttpsUrl& host) {
    const char* separators = ", \t";
    for (std::size_t at = no_proxy.find_first_not_of(separators); at != std::string::npos;) {
        const std::size_t end = std::min(no_proxy.find_first_of(separators, at), no_proxy.size());
        if (matches(no_proxy.substr(at, end - at), host)) return true;
        at = no_proxy.find_first_not_of(separators, end);
    }
    return false;
}

const ProxyAddress* ProxyChoice::before(const HttpsUrl& host) const {
    return proxy_ && !is_named_in(no_proxy_, host) ? &*proxy_ : nullptr;
}

Result<ProxyChoice> choose_proxy(const Endpoint& endpoint) {
    if (endpoint.proxy) {
        auto proxy = parse_proxy_address(*endpoint.proxy);
        if (proxy.has_error()) return proxy.error();
        if (endpoint.proxy_password_file) {
            auto password = password_in(*endpoint.proxy_password_file);
            if (password.has_error()) return password.error();
            proxy->password = std::move(*password);
        }
        return ProxyChoice{std::move(*proxy), {}};
    }
    std::string given = from_environment("https_proxy", "HTTPS_PROXY");
    if (given.empty()) return ProxyChoice{};
    if (given.find("://") == std::string::npos) given.insert(0, "http://");
    auto proxy = parse_proxy_address(given);
    if (proxy.has_error())
        return fail(Errc::bad_settings, N_("The environment's HTTPS_PROXY can't be used: {why}"),
                    {{"why", to_text(proxy.error().message)}});
    return ProxyChoice{std::move(*proxy), from_environment("no_proxy", "NO_PROXY")};
}

}  // namespace samsynk::service
