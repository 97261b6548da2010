// Any bytes as the answer to a registration: no grant that does not stand there.
#include "fuzz/fuzz.hpp"
#include "service/wire.hpp"

namespace samsynk::fuzz {
namespace {

void read(std::string_view text) {
    const auto claims = service::parse_claims(text);
    if (claims.has_error()) return check_error(claims.error(), {Errc::bad_reply});
    agent::Registration registration{.installation = "i", .epoch = "e", .program = "folder"};
    for (const sync::Claim& claim : *claims) {
        // A grant may be written with escapes; without one, and without the word, there is none.
        check(claim.status != sync::ClaimStatus::granted || text.find("granted") != std::string_view::npos ||
                  text.find("\\u") != std::string_view::npos,
              "a grant was invented");
        check(installations::is_utf8(claim.holder) && installations::is_utf8(claim.holder_host), "a text is not UTF-8");
        registration.companies.push_back(claim.company);
        registration.host = claim.holder_host;
    }
    const std::string body = service::registration_body(registration);
    check(installations::is_utf8(body) && body.starts_with('{') && body.ends_with('}'), "a body that is no JSON");
}

}  // namespace
}  // namespace samsynk::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    samsynk::fuzz::read(samsynk::fuzz::text_of(data, size));
    return 0;
}
