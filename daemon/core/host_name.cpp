#include "core/host_name.hpp"

#include <arpa/inet.h>

#include <algorithm>

#include "core/text.hpp"

namespace samsynk {
namespace {

constexpr std::size_t longest_name = 253, longest_label = 63;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_label(std::string_view label) {
    const auto fits = [](char c) { return is_letter(c) || is_digit(c) || c == '-'; };
    return !label.empty() && label.size() <= longest_label && label.front() != '-' && label.back() != '-' &&
           std::all_of(label.begin(), label.end(), fits);
}

bool is_number(std::string_view label) {
    if (label.starts_with("0x") || label.starts_with("0X")) return true;
    return std::all_of(label.begin(), label.end(), is_digit);
}

bool is_name(std::string_view text) {
    if (text.ends_with('.')) text.remove_suffix(1);
    if (text.size() > longest_name) return false;
    for (;;) {
        const auto dot = text.find('.');
        const std::string_view label = text.substr(0, dot);
        if (!is_label(label)) return false;
        if (dot == std::string_view::npos) return !is_number(label);
        text.remove_prefix(dot + 1);
    }
}

}  // namespace

bool is_ip_address(const std::string& text) {
    if (text.find('\0') != std::string::npos) return false;
    in6_addr address{};
    return ::inet_pton(AF_INET, text.c_str(), &address) == 1 || ::inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

std::optional<std::string> host_in_field(const std::string& field) {
    const bool bracketed = field.starts_with('[');
    const auto end = bracketed ? field.find(']') : field.find(':');
    std::string host = field.substr(bracketed ? 1 : 0, end == std::string::npos ? end : end - (bracketed ? 1 : 0));
    std::string_view rest = end == std::string::npos ? "" : std::string_view{field}.substr(end + (bracketed ? 1 : 0));
    if (bracketed && (end == std::string::npos || host.find(':') == std::string::npos)) return std::nullopt;
    if (!rest.empty() && rest.front() != ':') return std::nullopt;
    if (!rest.empty()) rest.remove_prefix(1);
    if (!std::all_of(rest.begin(), rest.end(), is_digit) || !is_host(host)) return std::nullopt;
    return host;
}

bool is_host(const std::string& text) { return is_ip_address(text) || is_name(text); }

}  // namespace samsynk
