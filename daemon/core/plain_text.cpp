#include "core/plain_text.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdio>

namespace samsynk {
namespace {

// Of a well-formed character.
char32_t code_of(std::string_view character) {
    utf8proc_int32_t code = 0;
    utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(character.data()),
                     static_cast<utf8proc_ssize_t>(character.size()), &code);
    return static_cast<char32_t>(code);
}

// Control characters of both sets, line and paragraph separators, what turns the direction of writing, and what is
// there without being seen: marks of direction, of byte order, of annotation, and tags.
bool steers(char32_t code) {
    return code < 0x20 || (code >= 0x7F && code <= 0x9F) || code == 0x061C || code == 0x200E || code == 0x200F ||
           (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x206F) || code == 0xFEFF ||
           (code >= 0xFFF9 && code <= 0xFFFB) || (code >= 0xE0000 && code <= 0xE007F);
}

std::string written(char32_t code) {
    if (code == '\n') return "\\n";
    if (code == '\t') return "\\t";
    char text[12] = {};
    const char* form = code < 0x80 ? "\\x%02x" : code < 0x10000 ? "\\u%04x" : "\\U%08x";
    std::snprintf(text, sizeof text, form, static_cast<unsigned>(code) & 0x1FFFFFU);
    return text;
}

// As JSON writes it: what is above the first plane in two halves.
std::string written_in_json(char32_t code) {
    char text[16] = {};
    const unsigned above = static_cast<unsigned>(code) - 0x10000U;
    if (code < 0x10000)
        std::snprintf(text, sizeof text, "\\u%04x", static_cast<unsigned>(code) & 0xFFFFU);
    else
        std::snprintf(text, sizeof text, "\\u%04x\\u%04x", 0xD800U + (above >> 10U & 0x3FFU),
                      0xDC00U + (above & 0x3FFU));
    return text;
}

// The text with each character that steers, and is at least `least`, written otherwise.
template <typename Write>
std::string rewritten(std::string_view text, char32_t least, Write write) {
    std::string line;
    line.reserve(text.size());
    while (!text.empty()) {
        const std::size_t size = std::max<std::size_t>(character_size(text), 1);
        const std::string_view character = text.substr(0, size);
        const char32_t code = code_of(character);
        const bool whole = size > 1 || code < 0x80;
        if (whole && code >= least && steers(code))
            line += write(code);
        else
            line += character;
        text.remove_prefix(size);
    }
    return line;
}

}  // namespace

std::size_t character_size(std::string_view text) {
    utf8proc_int32_t code = 0;
    const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                       static_cast<utf8proc_ssize_t>(text.size()), &code);
    return size > 0 ? static_cast<std::size_t>(size) : 0;
}

std::string valid_utf8(std::string_view text) {
    std::string valid;
    valid.reserve(text.size());
    while (!text.empty()) {
        const auto other = std::find_if(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; });
        const auto plain = static_cast<std::size_t>(other - text.begin());
        valid += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        const std::size_t size = character_size(text);
        valid += size == 0 ? std::string_view{"\uFFFD"} : text.substr(0, size);
        text.remove_prefix(std::max<std::size_t>(size, 1));
    }
    return valid;
}

std::string one_line(std::string_view text) { return rewritten(text, 0, written); }

std::string without_steering(std::string_view text) {
    return rewritten(valid_utf8(text), 0, [](char32_t code) {
        return std::string(code == '\n' || code == '\t' ? 1 : 0, static_cast<char>(code));
    });
}

std::string safe_in_json(std::string_view text) { return rewritten(text, 0x7F, written_in_json); }

std::string plain(std::string_view text) { return one_line(valid_utf8(text)); }

}  // namespace samsynk
