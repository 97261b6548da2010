// The Swedish organisation number: the key of a company everywhere in Samsynk.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace samsynk {

/// Ten digits with a valid Luhn check digit, never a placeholder. A sole trader's is a personal number.
class OrgNumber {
public:
    /// Reads `556016-0680`, `5560160680`, `165560160680`, `19800101-1232`, `121212+1212`, and the VAT
    /// number `SE556016068001` that some programs write in its place. Blanks around it are ignored.
    /// Errors: missing_number (blank), invalid_number, placeholder_number.
    static Result<OrgNumber> parse(std::string_view text);
    /// Of the ten digits as a number, which must stand all the tests that `parse` makes; else nothing.
    static std::optional<OrgNumber> of(std::uint64_t digits);

    std::string digits() const;  ///< `5560160680`, as on the wire
    std::string text() const;    ///< `556016-0680`, as people write it
    std::string masked() const;  ///< as `text`, but `800101-****` where it is a person's: for logs
    bool is_person() const;      ///< a personal or coordination number

    auto operator<=>(const OrgNumber&) const = default;

private:
    explicit OrgNumber(std::uint64_t value) : value_{value} {}
    std::uint64_t value_;
    friend struct std::hash<OrgNumber>;
};

}  // namespace samsynk

template <>
struct std::hash<samsynk::OrgNumber> {
    std::size_t operator()(const samsynk::OrgNumber& number) const noexcept {
        return std::hash<std::uint64_t>{}(number.value_);
    }
};
