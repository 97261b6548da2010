#include "service/transport.hpp"

namespace samsynk::service {

Result<std::shared_ptr<Transport>> make_transport(const Endpoint& endpoint, std::shared_ptr<Courtesy> courtesy) {
    auto tls = make_tls_context(endpoint);
    if (tls.has_error()) return tls.error();
    auto proxy = choose_proxy(endpoint);
    if (proxy.has_error()) return proxy.error();
    auto transport = std::make_shared<Transport>();
    transport->tls = std::move(*tls);
    transport->proxy = std::move(*proxy);
    transport->courtesy = courtesy ? std::move(courtesy) : std::make_shared<Courtesy>();
    transport->service = endpoint.url;
    return transport;
}

}  // namespace samsynk::service
