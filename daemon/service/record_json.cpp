#include "service/record_json.hpp"

#include "core/text.hpp"
#include "service/json_reader.hpp"

namespace samsynk::service {
namespace {

namespace json = boost::json;

// Sets `problem` and gives the type's own "nothing" where the name is not one we know.
template <class Enum>
Enum known(const std::string& name, std::optional<Enum> (*find)(std::string_view), sync::Record& record,
           const char* field) {
    if (const auto value = find(name)) return *value;
    record.problem =
        fail(Errc::bad_record, N_("The online record has the unknown value “{value}” for {field}. Update Samsynk."),
             {{"value", shortened(name, 60)}, {"field", field}});
    return Enum{};
}

template <class Enum>
Enum known_or_null(const JsonReader& reader, const char* field, std::optional<Enum> (*find)(std::string_view),
                   sync::Record& record) {
    const std::string name = reader.text_or_empty(field);
    return name.empty() ? Enum{} : known(name, find, record, field);
}

constexpr std::size_t longest_text = 1000;

// What stands in a record is kept for as long as the company is: nobody's name is longer than this.
std::string bounded(std::string text, sync::Record& record, const char* field) {
    if (text.size() <= longest_text) return text;
    record.problem = fail(Errc::bad_record, N_("The online record's {field} is longer than {bytes} bytes."),
                          {{"field", field}, {"bytes", std::to_string(longest_text)}});
    return shortened(text, 60);
}

std::string text_of(const JsonReader& reader, const char* field, sync::Record& record) {
    return bounded(reader.text_or_empty(field), record, field);
}

sync::Choice choice(const JsonReader& reader, std::string_view field) {
    const json::value* value = reader.find(field);
    if (!value || value->is_null()) return std::nullopt;
    return reader.flag(field);
}

std::optional<sync::CollaborationState> wire_state(std::string_view name) {
    const auto state = sync::collaboration_state(name);
    return state == sync::CollaborationState::none ? std::nullopt : state;
}

void read_collaboration(const json::value& value, sync::Record& record) {
    const JsonReader reader{value};
    sync::Collaboration& c = record.collaboration;
    c.id = text_of(reader, "id", record);
    c.state = known(reader.text("state"), wire_state, record, "state");
    c.awaiting = known_or_null(reader, "awaiting", sync::awaiting, record);
    if (const auto* office = reader.find("office"); office && !office->is_null()) {
        c.office_company = text_of(JsonReader{*office}, "company", record);
        c.office_name = text_of(JsonReader{*office}, "name", record);
    }
    if (const auto* assignment = reader.find("assignment"); assignment && !assignment->is_null()) {
        c.assignment_id = text_of(JsonReader{*assignment}, "id", record);
        c.assignment_name = text_of(JsonReader{*assignment}, "name", record);
    }
    c.invoice_recipient = known_or_null(reader, "invoice_recipient", sync::party, record);
    c.payee = known_or_null(reader, "payee", sync::party, record);
    c.invited_at = text_of(reader, "invited_at", record);
    c.approved_at = text_of(reader, "approved_at", record);
    c.ends_on = text_of(reader, "ends_on", record);
    c.ended_at = text_of(reader, "ended_at", record);
}

}  // namespace

sync::Record read_record(const json::value& value) {
    const JsonReader reader{value};
    const auto company = OrgNumber::parse(reader.text("company"));
    if (company.has_error()) throw WrongShape{"company"};
    sync::Record record{.company = *company};
    record.version = reader.number("version");
    if (const auto* gone = reader.find("gone"); gone && !gone->is_null() && reader.flag("gone")) {
        record.gone = true;
        return record;
    }
    record.name = bounded(reader.text("name"), record, "name");
    record.updated_at = text_of(reader, "updated_at", record);
    const std::string function = reader.text("function");
    record.function_active = function == "active";
    if (function != "active" && function != "inactive")
        record.problem =
            fail(Errc::bad_record, N_("The online record has the unknown value “{value}” for {field}. Update Samsynk."),
                 {{"value", shortened(function, 60)}, {"field", "function"}});
    if (!reader.at("collaboration").is_null()) read_collaboration(reader.at("collaboration"), record);
    const JsonReader preferences{reader.at("preferences")};
    record.preferences = {choice(preferences, "send_all_invoices"), choice(preferences, "receive_invoices")};
    if (const auto* registration = reader.find("registration"); registration && !registration->is_null()) {
        const JsonReader inner{*registration};
        record.receiving = known_or_null(inner, "receive", sync::receiving, record);
        record.registration_operator = text_of(inner, "operator", record);
    }
    return record;
}

}  // namespace samsynk::service
