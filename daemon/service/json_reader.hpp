// Strict reading of a JSON object: what is missing or of another type is an error that names the field.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace samsynk::service {

/// Thrown inside the parsers of this room only, and caught there.
struct WrongShape {
    std::string field;
};

/// Parses text of at most 32 levels. Error bad_reply; its sentence still lacks whose answer it was (json_reply.hpp).
Result<boost::json::value> parse_json(std::string_view text, boost::json::storage_ptr storage = {});

/// The same for a field.
Error bad_shape(const std::string& field);

class JsonReader {
public:
    explicit JsonReader(const boost::json::value& value, const char* field = "object");
    const boost::json::value& at(std::string_view field) const;  ///< throws WrongShape where it is missing
    const boost::json::value* find(std::string_view field) const;
    std::string text(std::string_view field) const;
    std::string text_or_empty(std::string_view field) const;  ///< null or missing gives an empty text
    std::int64_t number(std::string_view field) const;
    bool flag(std::string_view field) const;
    const boost::json::array& list(std::string_view field) const;

private:
    const boost::json::object& object_;
};

/// Parses `text` and reads it with `read`, which may throw WrongShape; the whole reply is freed at once.
template <class T, class Read>
Result<T> read_json(std::string_view text, Read read) try {
    boost::json::monotonic_resource memory;
    const auto value = parse_json(text, &memory);
    if (value.has_error()) return value.error();
    return read(JsonReader{*value});
} catch (const WrongShape& wrong) {
    return bad_shape(wrong.field);
}

}  // namespace samsynk::service
