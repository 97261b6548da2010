// Texts that come from outside: cut to fit in a sentence, and what has no place in one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace samsynk {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// With the letters A to Z made small; no others, whatever the locale.
std::string lower_case(std::string text);

/// Up to the first line end, CR or LF; all of it where there is none. (std::string_view::find_first_of is slow.)
constexpr std::size_t line_length(std::string_view text) {
    std::size_t length = 0;
    while (length < text.size() && text[length] != '\n' && text[length] != '\r') ++length;
    return length;
}

/// The beginning of a UTF-8 text, at most `most` bytes; never half a character.
std::string shortened(std::string_view text, std::size_t most);

/// Whether a control character other than tab and line ends stands in the text.
bool has_control_characters(std::string_view text);

/// The text with a blank for every control character, line ends and tabs too.
std::string on_one_line(std::string text);

}  // namespace samsynk
