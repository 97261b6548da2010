#include "service/courtesy.hpp"

namespace samsynk::service {

Courtesy::Wait Courtesy::take_turn(const std::string& endpoint, Instant now) {
    return paces_.try_emplace(endpoint, burst, requests_a_second, now).first->second.take(now);
}

void Courtesy::ask_to_wait(const std::string& service, std::chrono::seconds wait, Instant now) {
    if (wait.count() > 0)
        asked_until_[service] = now + wait;
    else
        asked_until_.erase(service);
}

std::chrono::seconds Courtesy::asked_wait(const std::string& service, Instant now) const {
    const auto asked = asked_until_.find(service);
    if (asked == asked_until_.end() || asked->second <= now) return std::chrono::seconds{0};
    return std::chrono::ceil<std::chrono::seconds>(asked->second - now);
}

void Courtesy::count(const Result<int>& status) {
    if (status.has_error()) switch (status.error().code) {
            case Errc::cancelled:
                return;
            case Errc::service_unreachable:
            case Errc::tls_failed:
                ++counts_.unreachable;
                return;
            default:
                ++counts_.failed;
                return;
        }
    const int kind = *status / 100;
    ++(*status == 429 || *status == 503 ? counts_.throttled
       : kind == 2                      ? counts_.ok
       : kind == 4                      ? counts_.refused
                                        : counts_.failed);
}

std::string endpoint_name(const std::string& method, const std::string& target) {
    std::string name = method + " ";
    const std::string path = target.substr(0, target.find('?'));
    for (std::size_t at = 0; at < path.size();) {
        const std::size_t end = std::min(path.find('/', at + 1), path.size());
        const std::string part = path.substr(at, end - at);
        const bool names_one = part.size() > 8 && part.find_first_of("0123456789") != std::string::npos;
        name += names_one ? "/*" : part;
        at = end;
    }
    return name;
}

}  // namespace samsynk::service
