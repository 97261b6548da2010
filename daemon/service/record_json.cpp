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
    const JsonReader reader{value, "collaboration"};
    sync::Collaboration& c = record.collaboration;
    c.id = text_of(reader, "id", record);
    c.state = known(reader.text("state"), wire_state, record, "state");
    c.awaiting = known_or_null(reader, "awaiting", sync::awaiting, record);
    if (const auto* office = reader.find("office"); office && !office->is_null()) {
        c.office_company = text_of(JsonReader{*office, "office"}, "company", record);
        c.office_name = text_of(JsonReader{*office, "office"}, "name", record);
    }
    if (const auto* assignment = reader.find("assignment"); assignment && !assignment->is_null()) {
        c.assignment_id = text_of(JsonReader{*assignment, "assignment"}, "id", record);
        c.assignment_name = text_of(JsonReader{*assignment, "assignment"}, "name", record);
    }
    c.invoice_recipient = known_or_null(reader, "invoice_recipient", sync::party, record);
    c.payee = known_or_null(reader, "payee", sync::party, record);
    c.invited_at = text_of(reader, "invited_at", record);
    c.approved_at = text_of(reader, "approved_at", record);
    c.ends_on = text_of(reader, "ends_on", record);
    c.ended_at = text_of(reader, "ended_at", record);
}

}  // namespace

namespace {

void read_rest(const JsonReader& reader, sync::Record& record) {
    record.name = text_of(reader, "name", record);
    record.updated_at = text_of(reader, "updated_at", record);
    const std::string function = reader.text("function");
    record.function_active = function == "active";
    if (function != "active" && function != "inactive")
        record.problem =
            fail(Errc::bad_record, N_("The online record has the unknown value “{value}” for {field}. Update Samsynk."),
                 {{"value", shortened(function, 60)}, {"field", "function"}});
    if (!reader.at("collaboration").is_null()) read_collaboration(reader.at("collaboration"), record);
    if (const auto* registration = reader.find("registration"); registration && !registration->is_null()) {
        const JsonReader inner{*registration, "registration"};
        record.receiving = known_or_null(inner, "receive", sync::receiving, record);
        record.registration_operator = text_of(inner, "operator", record);
    }
}

void read_preferences(const JsonReader& reader, sync::Record& record) {
    const JsonReader preferences{reader.at("preferences"), "preferences"};
    record.preferences = {choice(preferences, "send_all_invoices"), choice(preferences, "receive_invoices")};
}

// What can't be read is this company's trouble alone. True where all could be.
template <class Read>
bool try_to(sync::Record& record, Read read) try {
    read();
    return true;
} catch (const WrongShape& wrong) {
    record.problem =
        fail(Errc::bad_record,
             N_("The online record lacks “{field}”, or it is of another kind than agreed. Update Samsynk; if that "
                "does not help, tell those who run the service."),
             {{"field", wrong.field}});
    return false;
}

}  // namespace

std::optional<OrgNumber> company_of(const json::value& value) {
    const json::object* object = value.if_object();
    const json::value* company = object ? object->if_contains("company") : nullptr;
    if (!company || !(company->is_string() || company->is_int64())) return std::nullopt;
    const auto parsed = OrgNumber::parse(company->is_string() ? std::string{company->get_string()}
                                                              : std::to_string(company->get_int64()));
    return parsed.has_value() ? std::optional{*parsed} : std::nullopt;
}

sync::Record read_record(const json::value& value) {
    const JsonReader reader{value};
    const auto company = company_of(value);
    if (!company) throw WrongShape{"company"};
    sync::Record record{.company = *company};
    bool gone = false;
    try_to(record, [&] { gone = reader.find("gone") && !reader.at("gone").is_null() && reader.flag("gone"); });
    record.version_unread = !try_to(record, [&] { record.version = reader.number("version"); });
    record.gone = gone && !record.problem;
    if (record.gone) return record;
    record.preferences_unread = !try_to(record, [&] { read_preferences(reader, record); });
    try_to(record, [&] { read_rest(reader, record); });
    try_to(record, [&] { reader.text("company"); });
    return record;
}

}  // namespace samsynk::service
