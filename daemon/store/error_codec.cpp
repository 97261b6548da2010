#include "store/error_codec.hpp"

#include <charconv>
#include <optional>

namespace samsynk::store {
namespace {

std::optional<std::string> take(std::string_view& text) {
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
    if (error != std::errc{} || end == text.data() + text.size() || *end != ':') return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
    if (size > text.size()) return std::nullopt;
    std::string taken{text.substr(0, size)};
    text.remove_prefix(size);
    return taken;
}

}  // namespace

std::string args_to_text(const MessageArgs& args) {
    std::string text;
    for (const auto& [name, value] : args)
        for (const std::string& part : {name, value}) text += std::to_string(part.size()) + ":" + part;
    return text;
}

MessageArgs args_from_text(std::string_view text) {
    MessageArgs args;
    while (!text.empty()) {
        auto name = take(text);
        auto value = name ? take(text) : std::nullopt;
        if (!value) break;
        args.emplace_back(std::move(*name), std::move(*value));
    }
    return args;
}

Errc code_named(std::string_view name) {
    for (int code = 0; code <= static_cast<int>(Errc::daemon_unreachable); ++code)
        if (name_of(static_cast<Errc>(code)) == name) return static_cast<Errc>(code);
    return Errc::bad_record;
}

}  // namespace samsynk::store
