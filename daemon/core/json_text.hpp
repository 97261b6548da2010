// JSON of which a part is no text: one broken name must not make the rest unreadable.
#pragma once

#include <string>
#include <string_view>

namespace samsynk {

/// Stands where there was no character; no text that means anything holds it (U+FFFF).
inline constexpr std::string_view no_character = "\xEF\xBF\xBF";

/// The same JSON with `no_character` in place of bytes that are no UTF-8 and of halves of surrogate pairs.
std::string readable_json(std::string_view text);

}  // namespace samsynk
