#include "core/json_text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "core/plain_text.hpp"

namespace samsynk {
namespace {

constexpr std::size_t escape_size = 6;  // \u0000

// Of `\\u` and four digits that the text begins with.
std::optional<unsigned> escaped(std::string_view text) {
    if (text.size() < escape_size || !text.starts_with("\\u")) return std::nullopt;
    unsigned code = 0;
    const char* end = text.data() + escape_size;
    const auto [read, failed] = std::from_chars(text.data() + 2, end, code, 16);
    return failed == std::errc{} && read == end ? std::optional{code} : std::nullopt;
}

bool is_first_half(unsigned code) { return code >= 0xD800 && code < 0xDC00; }
bool is_second_half(unsigned code) { return code >= 0xDC00 && code < 0xE000; }

// The escape that the text begins with, as it is to be written; and how much of the text it was.
std::pair<std::string, std::size_t> next_escape(std::string_view text) {
    const auto code = escaped(text);
    if (!code) return {std::string{text.substr(0, 2)}, std::min<std::size_t>(2, text.size())};
    if (is_first_half(*code)) {
        const auto second = escaped(text.substr(escape_size));
        if (second && is_second_half(*second)) return {std::string{text.substr(0, 2 * escape_size)}, 2 * escape_size};
    }
    if (is_first_half(*code) || is_second_half(*code)) return {std::string{no_character}, escape_size};
    return {std::string{text.substr(0, escape_size)}, escape_size};
}

}  // namespace

std::string readable_json(std::string_view text) {
    std::string readable;
    readable.reserve(text.size());
    while (!text.empty()) {
        const std::size_t size = character_size(text);
        if (text.front() == '\\') {
            const auto [written, taken] = next_escape(text);
            readable += written;
            text.remove_prefix(taken);
        } else if (size == 0) {
            readable += no_character;
            text.remove_prefix(1);
        } else {
            readable += text.substr(0, size);
            text.remove_prefix(size);
        }
    }
    return readable;
}

}  // namespace samsynk
