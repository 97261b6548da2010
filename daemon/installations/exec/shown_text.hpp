// What a program wrote, for a log: short, plain, on one line, and without what could be a person's number.
#pragma once

#include <algorithm>
#include <boost/json/string.hpp>
#include <cctype>
#include <string>
#include <string_view>

#include "core/plain_text.hpp"
#include "core/secrets.hpp"
#include "core/text.hpp"

namespace samsynk::installations {

constexpr std::size_t longest_said = 300;  ///< of what a program says of itself or of an error, bytes

inline std::string_view view(const boost::json::string& text) { return {text.data(), text.size()}; }

/// What it says to people. Secrets go before it is shortened: half of one would not be known again.
inline std::string said_by_bridge(std::string_view text) {
    return plain(shortened(without_secrets(text), longest_said));
}

/// What it wrote and was not meant for people.
inline std::string shown_text(std::string_view text, std::size_t most) {
    std::string shown = plain(shortened(without_secrets(text), most));
    const auto is_digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
    for (auto at = shown.begin(); at != shown.end();) {
        const auto begin = std::find_if(at, shown.end(), is_digit);
        at = std::find_if_not(begin, shown.end(), is_digit);
        if (at - begin >= 6) std::fill(begin, at, '#');
    }
    return shown;
}

}  // namespace samsynk::installations
