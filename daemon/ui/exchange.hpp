// What a browser asks of the gateway and what it is answered, without HTTP and without sockets.
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"

namespace samsynk::ui {

struct Asked {
    std::string method;
    std::string target;  ///< with the query
    std::string host, origin;
    std::string fetch_site, fetch_mode;  ///< where a browser says a request comes from; empty where it does not
    std::string authorization;
    std::string content_type;
    std::string accept;
    std::string body;
    bool odd = false;  ///< as no browser asks: with a header twice that decides, or by an older HTTP
};

struct Answer {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::string_view file{};  ///< instead of a body: bytes that stay where they are
    std::string allow{};      ///< with 405
};

/// An error as `application/problem+json`, of the control socket's shape.
Answer problem(int status, const Error& error);

/// Whoever may use the daemon has said so with a token: what stands after `Bearer `, else empty.
std::string_view token_of(const Asked& asked);

}  // namespace samsynk::ui
