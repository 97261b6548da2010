#include "doctor/examination.hpp"
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

boost::asio::awaitable<Findings> examine_network(boost::asio::any_io_executor executor, service::Endpoint endpoint) {
    Findings findings;
    const auto transport = service::make_transport(endpoint);
    if (transport.has_error()) {
        findings.push_back({.area = "configuration", .severity = Severity::error, .what = transport.error().message});
        co_return findings;
    }
    std::string last;
    const std::vector<std::string> urls{endpoint.url, endpoint.issuer};
    for (const std::string& url : urls) {
        const auto host = service::parse_https_url(url);
        if (host.has_error() || host->authority() == last) continue;
        last = host->authority();
        const service::WaySeen seen = co_await service::try_way(executor, *transport, *host, endpoint.deadlines);
        for (Finding& finding : told(last, seen)) findings.push_back(std::move(finding));
    }
    co_return findings;
}

}  // namespace samsynk::doctor
