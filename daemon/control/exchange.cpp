#include "control/exchange.hpp"

#include <boost/json.hpp>
#include <map>

#include "control/to_json.hpp"

namespace samsynk::control {

namespace json = boost::json;

Response problem(int status, const Error& error) {
    static const std::map<int, const char*> titles{{400, "Bad Request"},
                                                   {403, "Forbidden"},
                                                   {404, "Not Found"},
                                                   {405, "Method Not Allowed"},
                                                   {409, "Conflict"},
                                                   {413, "Content Too Large"},
                                                   {422, "Unprocessable Content"},
                                                   {500, "Internal Server Error"},
                                                   {503, "Service Unavailable"}};
    json::object args;
    for (const auto& [name, value] : error.message.args) args[name] = value;
    const auto title = titles.find(status);
    const std::string_view code = name_of(error.code);
    const json::object body{{"type", "about:blank"},
                            {"title", title == titles.end() ? "Error" : title->second},
                            {"status", status},
                            {"detail", samsynk::to_text(error.message)},
                            {"code", json::string{code.data(), code.size()}},
                            {"message_id", error.message.id},
                            {"args", std::move(args)}};
    return Response{.status = status, .content_type = "application/problem+json", .body = to_text(body) + "\n"};
}

}  // namespace samsynk::control
