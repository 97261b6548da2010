// Swedish text as found in SIE files: CP437 by the standard, UTF-8 or Latin-1 in practice.
#pragma once

#include <string>
#include <string_view>

namespace samsynk::installations {

bool is_utf8(std::string_view text);

/// UTF-8 of one field. Valid UTF-8 is kept; bytes that are letters in Latin-1 but drawing signs in CP437
/// (å ä ö Å Ä Ö é ü) say that the field is Latin-1; else it is CP437.
std::string utf8_from_sie(std::string_view field);

}  // namespace samsynk::installations
