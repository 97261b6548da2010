#include "doctor/examination.hpp"

namespace samsynk::doctor {
namespace {

constexpr std::int64_t seconds_a_day = 24 * 60 * 60;

std::string days(std::chrono::seconds left) { return std::to_string(left.count() / seconds_a_day); }

}  // namespace

Findings of_installation(const std::string& id, const std::vector<agent::Probe>& probes) {
    Findings findings;
    for (const agent::Probe& probe : probes) {
        // What is told a little later, or one company that can't be read, is no reason to call the whole broken.
        const bool whole = probe.trouble && probe.trouble->code == Errc::installation_offline;
        findings.push_back({.area = "installation",
                            .severity = !probe.trouble ? (probe.weaker ? Severity::notice : Severity::fine)
                                        : whole        ? Severity::error
                                                       : Severity::warning,
                            .subject = id,
                            .what = probe.trouble ? probe.trouble->message : probe.what});
    }
    return findings;
}

Findings of_runs(const Reason& service_trouble, const Reason& last_error) {
    Findings findings;
    const Message advice{N_("It is tried again by itself: samsynk status"), {}};
    for (const Reason& reason : {service_trouble, last_error})
        if (reason && (findings.empty() || findings.front().what != reason->message))
            findings.push_back(
                {.area = "runs", .severity = Severity::error, .what = reason->message, .advice = advice});
    return findings;
}

Findings of_sign_in(const agent::SignInStatus& status) {
    Findings findings;
    Finding finding{.area = "signin", .what = {N_("The sign-in is in order."), {}}};
    if (status.state == "required") {
        finding.severity = Severity::error;
        finding.what = status.reason ? status.reason->message : Message{N_("A person must sign in."), {}};
    } else if (status.state != "ok") {
        finding.severity = Severity::notice;
        finding.what = {N_("The sign-in was not tried yet."), {}};
    }
    findings.push_back(std::move(finding));
    if (status.left)
        findings.push_back(
            {.area = "signin",
             .severity = by_time_left(*status.left),
             .what = {N_("A person must sign in again within {days} days."), {{"days", days(*status.left)}}},
             .advice = by_time_left(*status.left) == Severity::fine ? Message{}
                                                                    : Message{N_("Sign in with: samsynk login"), {}}});
    if (status.certificate_left)
        findings.push_back({.area = "certificate",
                            .severity = by_time_left(*status.certificate_left),
                            .what = {N_("The daemon's own certificate is good for {days} days."),
                                     {{"days", days(*status.certificate_left)}}},
                            .advice = by_time_left(*status.certificate_left) == Severity::fine
                                          ? Message{}
                                          : Message{N_("Have it renewed, put it in place, and reload."), {}}});
    return findings;
}

}  // namespace samsynk::doctor
