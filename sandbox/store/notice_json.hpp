// Notices as the outbox keeps them.
#pragma once

#include <string>

#include "sandbox/flow/notice.hpp"

namespace samsynk::sandbox {

std::string to_text(const Notice& notice);
Notice notice_from(const std::string& text);

}  // namespace samsynk::sandbox
