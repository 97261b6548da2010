#include "core/company_name.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <optional>
#include <sstream>

namespace samsynk {
namespace {

constexpr std::size_t least_beginning = 12;  // of a name that was cut
constexpr std::array kinds{"ab",           "aktiebolag", "aktiebolaget",   "publ",      "hb",
                           "handelsbolag", "kb",         "kommanditbolag", "ekonomisk", "förening",
                           "ek",           "för",        "enskild",        "firma",     "ef"};

std::optional<std::string> mapped(std::string_view text, int how) {
    utf8proc_uint8_t* result = nullptr;
    const auto size =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                     &result, static_cast<utf8proc_option_t>(how));
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner{result, &std::free};
    if (size < 0) return std::nullopt;
    return std::string{reinterpret_cast<const char*>(result), static_cast<std::size_t>(size)};
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// A sign that stands between words, or in one, in ASCII. Others are kept: they make no word equal to another.
char or_blank(char c) {
    const bool part = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    return part ? c : ' ';
}

}  // namespace

std::string composed(std::string_view text) {
    if (is_ascii(text)) return std::string{text};
    return mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE).value_or(std::string{text});
}

std::string case_folded(std::string_view text) {
    return mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD).value_or(std::string{text});
}

std::string name_key(std::string_view name) {
    std::string folded =
        mapped(name, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE)
            .value_or(std::string{name});
    std::transform(folded.begin(), folded.end(), folded.begin(), or_blank);
    std::istringstream words{folded};
    std::string key;
    for (std::string word; words >> word;)
        if (std::none_of(kinds.begin(), kinds.end(), [&](const char* kind) { return word == kind; })) key += word;
    return key;
}

bool same_company_name(std::string_view one, std::string_view other) {
    if (one == other) return true;
    const std::string a = name_key(one), b = name_key(other);
    if (a.empty() || b.empty() || a == b) return true;
    const bool begins = a.starts_with(b) || b.starts_with(a);
    return begins && std::min(a.size(), b.size()) >= least_beginning;
}

}  // namespace samsynk
