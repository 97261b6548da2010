// Swedish text as found in SIE files: by the standard that of DOS, in practice also Windows' and Unicode's.
#pragma once

#include <string>
#include <string_view>

namespace samsynk::installations {

bool is_utf8(std::string_view text);

/// A file with a byte order mark of UTF-16 or UTF-8 as UTF-8 without one; any other as it is.
std::string without_byte_order_mark(std::string_view text);

enum class Letters {
    unknown,
    dos,      ///< code page 850: as 437, which the standard names, but with letters where that has currency and boxes
    windows,  ///< code page 1252: as Latin-1, with dashes and quotes
};

/// What the lines of a file say by å ä ö é ü, which the two have at different bytes. Lines in UTF-8 say nothing.
Letters letters_of(std::string_view text);

/// UTF-8 of one field. Valid UTF-8 is kept. The field's own å ä ö é ü count first; then `of_the_file`; then what makes
/// more of a name: letters rather than signs. § of the DOS pages, a control character elsewhere, becomes §.
std::string utf8_from_sie(std::string_view field, Letters of_the_file = Letters::unknown);

}  // namespace samsynk::installations
