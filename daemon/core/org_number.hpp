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

/// Ten digits with a valid Luhn check digit that can be somebody's: a legal person's (the third digit is 2 or more), or
/// a personal or coordination number, which is a date (SKV 704, SKV 707). Never one that is used for practising.
class OrgNumber {
public:
    /// Reads `556016-0680`, `5560160680`, with a century before it (16, 18, 19, 20), with `+` for `-`, and the VAT
    /// number `SE556016068001` that some programs write in its place, also without its `01`. Blanks count nowhere, and
    /// any of the dashes that word processors make is one. Errors: missing_number (blank), invalid_number,
    /// placeholder_number (with `number`).
    static Result<OrgNumber> parse(std::string_view text);
    /// Of the ten digits as they were stored, also by an earlier version, which took more; nothing where the check
    /// digit is wrong.
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
