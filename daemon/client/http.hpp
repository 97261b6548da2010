// HTTP over the control socket, as the `samsynk` command needs it: one request, an answer or lines.
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <functional>
#include <string>

#include "core/error.hpp"

namespace samsynk::client {

/// `code` not_found, bad_request, … as the daemon said; daemon_unreachable; not_permitted. `message` is translatable.
class ControlSocket {
public:
    explicit ControlSocket(std::string path) : path_{std::move(path)} {}

    /// Else it is waited for as long as it takes. A call that is given up ends as if nobody answered.
    void give_up_after(std::chrono::seconds time) { patience_ = time; }

    Result<boost::json::value> get(const std::string& target) { return call("GET", target, ""); }
    /// The JSON of a 2xx answer (null where it has none).
    Result<boost::json::value> call(const std::string& method, const std::string& target, const std::string& body);
    /// Calls `line` for each JSON line of the answer, as it comes, until it ends or `line` gives false.
    Result<void> stream(const std::string& method, const std::string& target, const std::string& body,
                        const std::function<bool(const boost::json::object&)>& line);

    /// Calls `part` for each part of a body that is no JSON, as it comes, until it ends or `part` gives false.
    Result<void> fetch(const std::string& method, const std::string& target,
                       const std::function<bool(std::string_view)>& part);

private:
    std::string path_;
    std::chrono::seconds patience_{0};
};

}  // namespace samsynk::client
