// A request and its answer on the control socket, without HTTP and without sockets.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "agent/ports.hpp"

namespace samsynk::control {

struct Request {
    std::string method;
    std::string path;  ///< without the query
    std::string query;
    std::string accept;
    std::string body;
    bool may_act = true;  ///< false: may only look
    std::string by;       ///< who asks: a user's name
};

/// A file that is sent piece by piece, and read meanwhile on another thread.
struct Download {
    std::uint64_t size = 0;
    std::function<boost::asio::awaitable<std::string>()> next;  ///< empty: there is no more, or it can't be read
};

struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::shared_ptr<const std::string> shared_body{};  ///< instead, where many get the same
    std::optional<Download> download{};                ///< instead
    std::string allow;                                 ///< with 405
    /// A stream of events instead of a body: those after `after`; of `run` only, until it has ended, where one is
    /// named.
    struct Stream {
        std::uint64_t after = 0;
        std::string run;
    };
    std::optional<Stream> stream;
    std::shared_ptr<agent::Login> login;  ///< a sign-in to follow, line by line, instead of a body
};

/// An error as `application/problem+json`.
Response problem(int status, const Error& error);

/// Who answers. Never throws for an expected outcome: a refusal is an answer too.
class Answerer {
public:
    virtual ~Answerer() = default;
    virtual boost::asio::awaitable<Response> answer(Request request) = 0;
};

}  // namespace samsynk::control
