#include <iostream>

#include "client/commands.hpp"
#include "client/language.hpp"
#include "client/words.hpp"

namespace samsynk::client {

int reload_command(const Options& options) {
    ControlSocket socket{options.socket};
    const auto reloaded = socket.call("POST", "/v1/reload", "");
    if (reloaded.has_error()) {
        const int code = complain(options, reloaded.error());
        // Refused as one with mistakes is: it says nothing yet.
        return reloaded.error().code == Errc::not_configured ? usage : code;
    }
    if (options.json)
        std::cout << boost::json::object{{"reloaded", true}} << "\n";
    else
        std::cout << translated(N_("The configuration was read again.")) << "\n";
    return done;
}

int log_level_command(const Options& options, const std::string& level) {
    ControlSocket socket{options.socket};
    const std::string body = boost::json::serialize(boost::json::object{{"level", level}});
    const auto answer = level.empty() ? socket.get("/v1/log") : socket.call("PUT", "/v1/log", body);
    if (answer.has_error()) return complain(options, answer.error());
    if (options.json)
        std::cout << *answer << "\n";
    else
        std::cout << text_at(*answer, "level") << "\n";
    return done;
}

}  // namespace samsynk::client
