#include "core/event.hpp"

namespace samsynk {

std::string_view name_of(Level level) {
    switch (level) {
        case Level::debug:
            return "debug";
        case Level::info:
            return "info";
        case Level::notice:
            return "notice";
        case Level::warning:
            return "warning";
        case Level::error:
            return "error";
    }
    return "info";
}

Event fault(std::string what, std::string why) {
    Event event{.name = "daemon.fault",
                .level = Level::error,
                .message = {},
                .company = {},
                .run = {},
                .fields = {},
                .code = {}};
    event.fields = {{"what", std::move(what)}, {"why", std::move(why)}};
    event.message = {N_("Something failed that should not have ({what}: {why}). It was ended, and all else goes on. "
                        "Please report it."),
                     event.fields};
    return event;
}

}  // namespace samsynk
