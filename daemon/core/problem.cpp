#include "core/problem.hpp"

#include <boost/json.hpp>
#include <map>

#include "core/plain_text.hpp"
#include "core/secrets.hpp"

namespace samsynk {

namespace json = boost::json;

std::string problem_json(int status, const Error& error) {
    static const std::map<int, const char*> titles{{400, "Bad Request"},
                                                   {401, "Unauthorized"},
                                                   {403, "Forbidden"},
                                                   {404, "Not Found"},
                                                   {405, "Method Not Allowed"},
                                                   {409, "Conflict"},
                                                   {411, "Length Required"},
                                                   {413, "Content Too Large"},
                                                   {421, "Misdirected Request"},
                                                   {422, "Unprocessable Content"},
                                                   {500, "Internal Server Error"},
                                                   {502, "Bad Gateway"},
                                                   {503, "Service Unavailable"}};
    const Message message = without_secrets(error.message);
    json::object args;
    for (const auto& [name, value] : message.args) args[name] = value;
    const auto title = titles.find(status);
    const std::string_view code = name_of(error.code);
    const json::object body{{"type", "about:blank"},
                            {"title", title == titles.end() ? "Error" : title->second},
                            {"status", status},
                            {"detail", to_text(message)},
                            {"code", json::string{code.data(), code.size()}},
                            {"message_id", message.id},
                            {"args", std::move(args)}};
    return valid_utf8(json::serialize(body)) + "\n";
}

}  // namespace samsynk
