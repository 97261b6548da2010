#include "installations/exec/bridge_requests.hpp"

#include <boost/json.hpp>
#include <string_view>

#include "installations/exec/bridge_lines.hpp"

namespace samsynk::installations {
namespace {

namespace json = boost::json;

json::value choice_value(sync::Choice choice) { return choice ? json::value(*choice) : json::value(nullptr); }

json::value text_value(std::string_view text) {
    return text.empty() ? json::value(nullptr) : json::value(json::string_view{text.data(), text.size()});
}

std::string line_of(const json::object& request) { return json::serialize(request) + "\n"; }

std::string sixteen_digits(std::uint64_t value) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text(16, '0');
    for (auto at = text.rbegin(); at != text.rend(); ++at, value >>= 4U) *at = digits[value & 15U];
    return text;
}

json::object collaboration_value(const sync::Notice& notice) {
    const sync::Collaboration& c = notice.collaboration;
    return {{"company", notice.company.digits()},
            {"name", text_value(notice.name)},
            {"function_active", notice.function_active},
            {"state", text_value(name_of(c.state))},
            {"awaiting", text_value(name_of(c.awaiting))},
            {"office_name", text_value(c.office_name)},
            {"office_company", text_value(c.office_company)},
            {"assignment", text_value(c.assignment_name)},
            {"invoice_recipient", text_value(name_of(c.invoice_recipient))},
            {"payee", text_value(name_of(c.payee))},
            {"invited_at", text_value(c.invited_at)},
            {"approved_at", text_value(c.approved_at)},
            {"ends_on", text_value(c.ends_on)},
            {"ended_at", text_value(c.ended_at)},
            {"registration", text_value(name_of(notice.receiving))},
            {"registration_operator", text_value(notice.registration_operator)},
            {"sending_in_effect", notice.sending_in_effect},
            {"receiving_in_effect", notice.receiving_in_effect}};
}

}  // namespace

std::string hello_request(std::uint64_t id) {
    return line_of({{"id", id}, {"do", "hello"}, {"protocol", bridge_protocol}, {"agent", "samsynk/" SAMSYNK_VERSION}});
}

std::string list_request(std::uint64_t id) { return line_of({{"id", id}, {"do", "list"}}); }

std::string read_request(std::uint64_t id, const std::string& place) {
    return line_of({{"id", id}, {"do", "read"}, {"place", place}});
}

std::string write_request(std::uint64_t id, const agent::PreferenceWrite& write, bool dry_run) {
    json::object request{{"id", id},
                         {"do", "write"},
                         {"place", write.place},
                         {"number", write.company.digits()},
                         {"preference", text_value(name_of(write.preference))},
                         {"from", choice_value(write.from)},
                         {"to", write.to}};
    if (dry_run) request["dry_run"] = true;
    return line_of(request);
}

std::string collaboration_request(std::uint64_t id, const agent::NoticeWrite& write) {
    return line_of({{"id", id},
                    {"do", "collaboration"},
                    {"place", write.place},
                    {"collaboration_revision", sixteen_digits(sync::fingerprint(write.notice))},
                    {"collaboration", collaboration_value(write.notice)}});
}

std::string mark_request(std::uint64_t id) { return line_of({{"id", id}, {"do", "marker"}}); }

std::string leave_mark_request(std::uint64_t id, const std::string& mark) {
    return line_of({{"id", id}, {"do", "write_marker"}, {"marker", mark}});
}

}  // namespace samsynk::installations
