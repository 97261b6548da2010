// The notice that a collaboration file tells to one who reads it as YAML, whatever its revision.
#pragma once

#include <yaml-cpp/yaml.h>

#include <optional>
#include <string>

#include "sync/model.hpp"

namespace samsynk {

/// Nothing where it tells none that could be the agent's.
inline std::optional<sync::Notice> told_notice(const std::string& text) try {
    const YAML::Node root = YAML::Load(text);
    if (!root.IsMap()) return std::nullopt;
    const auto at = [](const YAML::Node& node, const char* key) {
        const YAML::Node value = node.IsMap() ? node[key] : YAML::Node{};
        return value.IsDefined() && value.IsScalar() ? value.Scalar() : std::string{};
    };
    const auto of = [&](const char* key) { return at(root, key); };
    const YAML::Node office = root["office"], assignment = root["assignment"], registration = root["registration"],
                     in_effect = root["in_effect"];
    const auto company = OrgNumber::parse(of("company"));
    const auto state = sync::collaboration_state(of("state"));
    if (company.has_error() || !state || !registration.IsMap() || !in_effect.IsMap()) return std::nullopt;
    sync::Notice notice{.company = *company, .name = of("name")};
    notice.function_active = of("function") == "active";
    sync::Collaboration& c = notice.collaboration;
    c.state = *state;
    c.awaiting = sync::awaiting(of("awaiting")).value_or(sync::Awaiting::nothing);
    c.office_company = office.IsDefined() ? at(office, "company") : "";
    c.office_name = office.IsDefined() ? at(office, "name") : "";
    c.assignment_id = assignment.IsDefined() ? at(assignment, "id") : "";
    c.assignment_name = assignment.IsDefined() ? at(assignment, "name") : "";
    c.invoice_recipient = sync::party(of("invoice_recipient")).value_or(sync::Party::not_stated);
    c.payee = sync::party(of("payee")).value_or(sync::Party::not_stated);
    c.invited_at = of("invited_at");
    c.approved_at = of("approved_at");
    c.ends_on = of("ends_on");
    c.ended_at = of("ended_at");
    notice.receiving = sync::receiving(at(registration, "receive")).value_or(sync::Receiving::none);
    notice.registration_operator = at(registration, "operator");
    notice.sending_in_effect = at(in_effect, "send_all_invoices") == "true";
    notice.receiving_in_effect = at(in_effect, "receive_invoices") == "true";
    return notice;
} catch (const YAML::Exception&) {
    return std::nullopt;
}

}  // namespace samsynk
