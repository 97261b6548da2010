// What goes with every answer to a browser, and the way between HTTP messages and what the desk speaks of. Knows no
// sockets.
#pragma once

#include <optional>

#include "core/http_reading.hpp"
#include "ui/exchange.hpp"

namespace samsynk::ui {

/// What to say to a head whose body is not read. Browsers say how long theirs are; Beast 1.81, with its assertions on,
/// ends the program at an empty body in chunks that come slowly.
std::optional<Answer> answer_to_head(const HttpParser& parser);
Asked to_asked(HttpRequest message);

/// What a browser must not do with anything of ours: run what is not ours, show it in a frame, keep it, tell of it.
void protect(boost::beast::http::fields& fields);

HttpResponse to_message(Answer answer, bool keep_alive);

/// What to say to something that could not be read as a request; nothing where nobody is there to hear it.
std::optional<Answer> answer_to_unreadable(const boost::system::error_code& why);

/// The same request, for the daemon: what a browser says beside it stays here.
HttpRequest to_daemon(const Asked& asked);

}  // namespace samsynk::ui
