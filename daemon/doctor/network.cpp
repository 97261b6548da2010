#include "doctor/network.hpp"

#include "core/text.hpp"
#include "service/json_reply.hpp"
#include "service/way_probe.hpp"

namespace samsynk::doctor {
namespace {

using std::chrono::seconds;

// Signed requests and tokens are refused where clocks differ by minutes; logs are hard to compare much earlier.
constexpr seconds clocks_differ{30}, clocks_differ_much{240};

Finding about_clock(const std::string& host, seconds ahead) {
    const seconds off = ahead < seconds{0} ? -ahead : ahead;
    const std::vector<std::pair<std::string, std::string>> args{{"host", host},
                                                                {"seconds", std::to_string(off.count())}};
    if (off <= clocks_differ)
        return {.area = "clock", .what = {N_("The clock agrees with that of {host}."), {{"host", host}}}};
    return {.area = "clock",
            .severity = off > clocks_differ_much ? Severity::error : Severity::warning,
            .what = ahead > seconds{0}
                        ? Message{N_("This machine's clock is {seconds} s before that of {host}."), args}
                        : Message{N_("This machine's clock is {seconds} s behind that of {host}."), args},
            .advice = {N_("Set the clock, and let a time service keep it: timedatectl set-ntp true"), {}}};
}

Finding about_certificate(const std::string& host, Time valid_to) {
    const auto left = std::chrono::duration_cast<seconds>(valid_to - std::chrono::system_clock::now());
    const std::string days = std::to_string(left.count() / (24 * 60 * 60));
    // It is not ours to renew: of one that lasts for days only, as some do, nobody need be woken.
    return {.area = "certificate",
            .severity = left < very_soon ? Severity::notice : Severity::fine,
            .what = {N_("The certificate of {host} verifies, and is good for {days} days."),
                     {{"host", host}, {"days", days}}}};
}

std::vector<std::pair<std::string, std::string>> args_of(const service::HttpReply& reply) {
    return {{"from", reply.from},
            {"status", std::to_string(reply.status)},
            {"type", reply.content_type.empty() ? "nothing" : shortened(reply.content_type, 60)}};
}

// A stranger is refused by the service in its own words (RFC 9457); anything else is not the service.
Finding about_service(const service::HttpReply& reply) {
    const bool json = service::is_json(reply) || reply.content_type == "application/problem+json";
    const auto args = args_of(reply);
    if (reply.status == 401 && json)
        return {.area = "network", .what = {N_("The service at {from} answers, and wants a sign-in."), args}};
    if (json && (reply.status == 429 || reply.status == 503))
        return {.area = "network",
                .severity = Severity::warning,
                .what = {N_("The service at {from} answered {status}: it is busy, or being looked after."), args},
                .advice = {N_("Wait a while, and ask again."), {}}};
    return {
        .area = "network",
        .severity = Severity::error,
        .what = {N_("{from} answered {status} with {type}, where the service answers a stranger 401 in JSON."), args},
        .advice = {N_("Most likely a proxy or a sign-in page stands before the service, or it is down, or service.url "
                      "is another's. Ask whoever looks after them."),
                   {}}};
}

Finding about_issuer(const service::HttpReply& reply) {
    const auto args = args_of(reply);
    if (reply.status == 200 && service::is_json(reply))
        return {.area = "network", .what = {N_("The sign-in service at {from} answers."), args}};
    return {.area = "network",
            .severity = Severity::error,
            .what = {N_("{from} answered {status} with {type}, where a sign-in service tells in JSON how it is used."),
                     args},
            .advice = {N_("Check service.auth.issuer, and whether a proxy stands between."), {}}};
}

Findings told(const std::string& host, const service::WaySeen& seen) {
    Findings findings;
    const std::pair<std::string, std::string> name{"host", host};
    if (seen.connected) {
        const Message direct{N_("{host} is reached at {address}."), {name, {"address", seen.address}}};
        const Message through{N_("{host} is reached through the proxy {proxy}."), {name, {"proxy", seen.by_way_of}}};
        findings.push_back({.area = "network", .what = seen.by_way_of.empty() ? direct : through});
    }
    if (seen.trusted && seen.valid_to) findings.push_back(about_certificate(host, *seen.valid_to));
    if (seen.clock_ahead) findings.push_back(about_clock(host, *seen.clock_ahead));
    if (seen.trouble)
        findings.push_back({.area = seen.connected && !seen.trusted ? "certificate" : "network",
                            .severity = Severity::error,
                            .what = seen.trouble->message});
    return findings;
}

}  // namespace

boost::asio::awaitable<Findings> examine_network(boost::asio::any_io_executor executor, service::Endpoint endpoint,
                                                 MadeTransport transport) {
    Findings findings;
    if (transport.has_error()) {
        findings.push_back({.area = "configuration", .severity = Severity::error, .what = transport.error().message});
        co_return findings;
    }
    const auto service = service::parse_https_url(endpoint.url), issuer = service::parse_https_url(endpoint.issuer);
    if (service.has_value()) {
        std::string target = service->path + "/v1/companies?limit=1";
        const auto seen =
            co_await service::try_way(executor, *transport, *service, std::move(target), endpoint.deadlines);
        findings = told(service->authority(), seen);
        if (seen.reply) findings.push_back(about_service(*seen.reply));
    }
    if (issuer.has_value()) {
        const bool known = service.has_value() && service->authority() == issuer->authority();
        if (known && worst_of(findings) == Severity::error) co_return findings;
        std::string target = issuer->path + "/.well-known/openid-configuration";
        const auto seen =
            co_await service::try_way(executor, *transport, *issuer, std::move(target), endpoint.deadlines);
        if (!known || seen.trouble)
            for (Finding& finding : told(issuer->authority(), seen)) findings.push_back(std::move(finding));
        if (seen.reply) findings.push_back(about_issuer(*seen.reply));
    }
    co_return findings;
}

}  // namespace samsynk::doctor
