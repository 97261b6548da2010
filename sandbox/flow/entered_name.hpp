// Names as people enter them, whichever way they come in: on a page, by a command, in a call.
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"

namespace samsynk::sandbox {

/// What bears the name.
enum class Named { customer, office, assignment, assignment_id, person, e_invoice_operator, machine };

/// The name without the blanks around it. Error bad_request: nothing of it can be seen, it has more than 200
/// characters, it is not UTF-8, or it holds what breaks a line, steers a terminal or turns what stands beside it.
Result<std::string> entered_name(Named what, std::string_view text);

}  // namespace samsynk::sandbox
