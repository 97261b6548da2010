// Any `Retry-After`, seen from any moment: between nothing and a day. The first line is the header, the second the
// time.
#include "service/retry_after.hpp"

#include "fuzz/fuzz.hpp"

namespace samsynk::fuzz {
namespace {

void read(std::string_view text) {
    const std::string_view header = take(text);
    const auto given = parse_rfc3339(text);
    const Time now = given.has_value() ? *given : parse_rfc3339("2026-11-24T10:00:00Z").value();
    const auto wait = service::parse_retry_after(header, now).count();
    check(wait >= 0 && wait <= 86400, "a wait of less than nothing, or of more than a day");
    if (header.find_first_not_of("0123456789") != std::string_view::npos) {
        const auto later = service::parse_retry_after(header, now + std::chrono::seconds{1}).count();
        check(later <= wait && wait - later <= 1, "a date does not come nearer");
    } else if (!header.empty() && header.size() <= 5) {
        check(wait == std::min(std::stol(std::string{header}), 86400L), "seconds are read as others");
    }
}

}  // namespace
}  // namespace samsynk::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    samsynk::fuzz::read(samsynk::fuzz::text_of(data, size));
    return 0;
}
