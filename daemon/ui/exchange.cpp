#include "ui/exchange.hpp"

#include <boost/beast/http/status.hpp>
#include <boost/json.hpp>

#include "core/plain_text.hpp"

namespace samsynk::ui {

namespace json = boost::json;

Answer problem(int status, const Error& error) {
    json::object args;
    for (const auto& [name, value] : error.message.args) args[name] = value;
    const std::string_view code = name_of(error.code);
    const auto title = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
    const json::object body{{"type", "about:blank"},
                            {"title", json::string{title.data(), title.size()}},
                            {"status", status},
                            {"detail", to_text(error.message)},
                            {"code", json::string{code.data(), code.size()}},
                            {"message_id", error.message.id},
                            {"args", std::move(args)}};
    return {
        .status = status, .content_type = "application/problem+json", .body = valid_utf8(json::serialize(body)) + "\n"};
}

std::string_view token_of(const Asked& asked) {
    constexpr std::string_view scheme = "Bearer ";
    const std::string_view given = asked.authorization;
    return given.starts_with(scheme) ? given.substr(scheme.size()) : std::string_view{};
}

}  // namespace samsynk::ui
