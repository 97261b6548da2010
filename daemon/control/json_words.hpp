// How single values are written as JSON on the control socket: what is absent is null.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string_view>

#include "core/message.hpp"
#include "core/secrets.hpp"
#include "core/time.hpp"

namespace samsynk::control {

inline boost::json::value text(std::string_view value) { return boost::json::string{value.data(), value.size()}; }
inline boost::json::value text_or_null(std::string_view value) {
    return value.empty() ? boost::json::value(nullptr) : text(value);
}
inline boost::json::value time(const std::optional<Time>& value) {
    return value ? text(to_rfc3339(*value)) : boost::json::value(nullptr);
}
inline boost::json::value choice(const std::optional<bool>& value) {
    return value ? boost::json::value(*value) : boost::json::value(nullptr);
}

/// `message` in English, and `message_id` and `args` for those who say it in another language.
inline void add_message(boost::json::object& object, const Message& told) {
    const Message message = without_secrets(told);
    object["message"] = to_text(message);
    object["message_id"] = message.id;
    boost::json::object args;
    for (const auto& [name, value] : message.args) args[name] = value;
    object["args"] = std::move(args);
}

}  // namespace samsynk::control
