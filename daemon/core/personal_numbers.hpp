// Names of companies and folders come from outside: what people read must not have a person's number in it.
#pragma once

#include <string>
#include <string_view>

namespace samsynk {

/// Every personal number in the text, ten or twelve digits with or without its dash, is masked: `800101-****`.
std::string without_personal_numbers(std::string_view text);

}  // namespace samsynk
