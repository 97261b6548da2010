// Any bytes as method, target, accepted type and body of a request: a sane answer, and an observer changes nothing.
// The input's lines: method, target, accepted type, who asks (`look` or anything else); then the body.
#include "fuzz/asking.hpp"

namespace samsynk::fuzz {
namespace {

void read(std::string_view text) {
    control::Request request;
    request.method = take(text);
    std::string_view target = take(text);
    request.path = take(target, '?');
    request.query = target;
    request.accept = take(text);
    request.may_act = take(text) != "look";
    request.body = text;
    const bool may_act = request.may_act;
    const bool may_fail = request.path.starts_with("/v1/companies/") || request.path.starts_with("/v1/held/") ||
                          request.path.starts_with("/v1/history");
    AnyAgent agent;
    control::Routes routes{agent, "https://online.example", [] { return control::NewestEvent{"life", last_event}; }};
    const auto response = ask(routes, std::move(request));
    check_answer(response);
    check(response.status != 500 || may_fail, "a failure of our own");
    check(may_act || agent.acted == 0, "an observer changed something");
    check(agent.acted <= 1, "one request acted twice");
}

}  // namespace
}  // namespace samsynk::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    samsynk::fuzz::read(samsynk::fuzz::text_of(data, size));
    return 0;
}
