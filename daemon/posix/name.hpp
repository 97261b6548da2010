// A name in a folder: one component of a path, so that it leads nowhere but into that folder.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace samsynk::posix {

class Name {
public:
    /// Nothing where it is empty, `.` or `..`, too long, or holds a slash or a NUL.
    static std::optional<Name> of(std::string_view text);

    const char* c_str() const { return text_.c_str(); }
    const std::string& text() const { return text_; }
    bool operator==(const Name&) const = default;

private:
    explicit Name(std::string text) : text_{std::move(text)} {}

    std::string text_;
};

inline namespace literals {
/// One that is written in the program; std::logic_error where it is none.
Name operator""_name(const char* text, std::size_t size);
}  // namespace literals

}  // namespace samsynk::posix
