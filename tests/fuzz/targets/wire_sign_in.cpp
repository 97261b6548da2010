// Any bytes as a problem, a token reply or a discovery document: never half a sign-in, never a token in an error.
#include "fuzz/fuzz.hpp"
#include "service/signin/replies.hpp"
#include "service/wire.hpp"

namespace samsynk::fuzz {
namespace {

void read(std::string_view text) {
    const auto problem = service::parse_problem(text);
    for (const std::string& part : {problem.code, problem.request_id})
        check(part.size() <= text.size() && installations::is_utf8(part), "a problem says more than it was sent");
    const auto token = service::parse_token(text);
    if (token.has_value()) {
        check(!token->access_token.empty() && token->access_token.size() <= text.size(), "a token that is none");
        check(token->lifetime >= std::chrono::seconds{0} && token->lifetime <= std::chrono::hours{30 * 24},
              "a token lives for ever, or ended before it began");
        check(token->access_token.find_first_of("\r\n") == std::string::npos, "a token can't stand in a header");
    } else {
        check_error(token.error(), {Errc::bad_reply});
    }
    const auto discovery = service::parse_discovery(text);
    if (discovery.has_value())
        check(installations::is_utf8(discovery->issuer + discovery->token_endpoint), "an address is not UTF-8");
    else
        check_error(discovery.error(), {Errc::bad_reply});
}

}  // namespace
}  // namespace samsynk::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    samsynk::fuzz::read(samsynk::fuzz::text_of(data, size));
    return 0;
}
