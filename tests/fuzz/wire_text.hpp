// A record written as the contract has it, to see that what was read can be written and read as the same.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "sync/model.hpp"

namespace samsynk::fuzz {

inline boost::json::value text_or_null(std::string_view text) {
    return text.empty() ? boost::json::value(nullptr)
                        : boost::json::value(boost::json::string_view{text.data(), text.size()});
}
inline boost::json::value choice_or_null(sync::Choice choice) {
    return choice ? boost::json::value(*choice) : boost::json::value(nullptr);
}

inline boost::json::value wire_text(const sync::Record& record) {
    const sync::Collaboration& c = record.collaboration;
    if (record.gone) return {{"company", record.company.digits()}, {"version", record.version}, {"gone", true}};
    boost::json::value collaboration = nullptr;
    if (c.state != sync::CollaborationState::none)
        collaboration = {{"id", c.id},
                         {"state", text_or_null(name_of(c.state))},
                         {"awaiting", text_or_null(name_of(c.awaiting))},
                         {"office", {{"company", c.office_company}, {"name", c.office_name}}},
                         {"assignment", {{"id", c.assignment_id}, {"name", c.assignment_name}}},
                         {"invoice_recipient", text_or_null(name_of(c.invoice_recipient))},
                         {"payee", text_or_null(name_of(c.payee))},
                         {"invited_at", text_or_null(c.invited_at)},
                         {"approved_at", text_or_null(c.approved_at)},
                         {"ends_on", text_or_null(c.ends_on)},
                         {"ended_at", text_or_null(c.ended_at)}};
    return {{"company", record.company.digits()},
            {"name", record.name},
            {"version", record.version},
            {"updated_at", text_or_null(record.updated_at)},
            {"function", record.function_active ? "active" : "inactive"},
            {"collaboration", std::move(collaboration)},
            {"preferences",
             {{"send_all_invoices", choice_or_null(record.preferences.send_all_invoices)},
              {"receive_invoices", choice_or_null(record.preferences.receive_invoices)}}},
            {"registration",
             {{"receive", text_or_null(name_of(record.receiving))}, {"operator", record.registration_operator}}}};
}

}  // namespace samsynk::fuzz
