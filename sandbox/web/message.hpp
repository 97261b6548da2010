// A request to the sandbox and what it answers, without sockets: for the contract's calls and for the pages.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace samsynk::sandbox {

struct ApiRequest {
    std::string method;
    std::string path;                          ///< without the query
    std::map<std::string, std::string> query;  ///< decoded
    std::string body;
    std::map<std::string, std::string> headers;  ///< names in lower case
    std::string from;                            ///< the client's address

    std::string header(const std::string& name) const {
        const auto found = headers.find(name);
        return found == headers.end() ? std::string{} : found->second;
    }
};

struct ApiReply {
    int status = 200;
    std::string body;
    std::string content_type = "application/json";
    std::string etag;
    std::string allow;
    std::vector<std::pair<std::string, std::string>> headers;  ///< besides those above
    bool nothing_new = false;  ///< a change feed without news: with `wait`, ask again later
};

}  // namespace samsynk::sandbox
