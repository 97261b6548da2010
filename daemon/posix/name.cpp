#include "posix/name.hpp"

#include <climits>
#include <stdexcept>

namespace samsynk::posix {

std::optional<Name> Name::of(std::string_view text) {
    if (text.empty() || text == "." || text == ".." || text.size() > NAME_MAX) return std::nullopt;
    if (text.find('/') != std::string_view::npos || text.find('\0') != std::string_view::npos) return std::nullopt;
    return Name{std::string{text}};
}

Name literals::operator""_name(const char* text, std::size_t size) {
    auto name = Name::of({text, size});
    if (!name) throw std::logic_error{"no name of a file"};
    return *std::move(name);
}

}  // namespace samsynk::posix
