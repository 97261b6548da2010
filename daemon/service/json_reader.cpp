#include "service/json_reader.hpp"

#include "core/json_text.hpp"

namespace samsynk::service {
namespace json = boost::json;

Result<json::value> parse_json(std::string_view text, json::storage_ptr storage) {
    json::parse_options options;
    options.max_depth = 32;
    boost::system::error_code code;
    json::value value = json::parse({text.data(), text.size()}, code, storage, options);
    if (code) {
        const std::string readable = readable_json(text);
        if (readable != text) value = json::parse(readable, code, std::move(storage), options);
    }
    if (code)
        return fail(Errc::bad_reply,
                    N_("The answer of {from} is not whole JSON. Nothing of it was used. It is tried again. If it "
                       "lasts, check the address, and any proxy between."),
                    {}, code.message());
    return value;
}

Error bad_shape(const std::string& field) {
    return fail(Errc::bad_reply,
                N_("The answer of {from} lacks “{field}”, or it is of another kind than agreed. Nothing of it was "
                   "used. Update Samsynk; if that does not help, tell those who run the service."),
                {{"field", field}});
}

JsonReader::JsonReader(const json::value& value, const char* field)
    : object_{value.is_object() ? value.get_object() : throw WrongShape{field}} {}

const json::value* JsonReader::find(std::string_view field) const {
    return object_.if_contains({field.data(), field.size()});
}

const json::value& JsonReader::at(std::string_view field) const {
    const json::value* value = find(field);
    if (!value) throw WrongShape{std::string{field}};
    return *value;
}

std::string JsonReader::text(std::string_view field) const {
    const json::value& value = at(field);
    if (!value.is_string()) throw WrongShape{std::string{field}};
    std::string text{value.get_string()};
    if (text.find(no_character) != std::string::npos) throw WrongShape{std::string{field}};
    return text;
}

std::string JsonReader::text_or_empty(std::string_view field) const {
    const json::value* value = find(field);
    if (!value || value->is_null()) return {};
    return text(field);
}

std::int64_t JsonReader::number(std::string_view field) const {
    const json::value& value = at(field);
    if (!value.is_int64()) throw WrongShape{std::string{field}};
    return value.get_int64();
}

bool JsonReader::flag(std::string_view field) const {
    const json::value& value = at(field);
    if (!value.is_bool()) throw WrongShape{std::string{field}};
    return value.get_bool();
}

const json::array& JsonReader::list(std::string_view field) const {
    const json::value& value = at(field);
    if (!value.is_array()) throw WrongShape{std::string{field}};
    return value.get_array();
}

}  // namespace samsynk::service
