// Names of companies and folders come from outside: what people read must not have a person's number in it.
#pragma once

#include <string>
#include <string_view>

namespace samsynk {

/// Which numbers count as persons': those whose check digit is right, or also what only looks like one, with its dash.
enum class Numbers { right, also_mistyped };

/// Every personal number in the text, ten or twelve digits, also with blanks, a dash of any kind or an underscore
/// before the last four, or in a VAT number, is masked: `800101-****`.
std::string without_personal_numbers(std::string_view text, Numbers which = Numbers::right);

}  // namespace samsynk
