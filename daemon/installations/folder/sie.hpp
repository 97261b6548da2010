// Reads who a company is from the header of a SIE file (types 1 to 4): #FNAMN and #ORGNR. Format: sie.se, SIE 4C.
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"

namespace samsynk::installations {

struct SieIdentity {
    std::string number;  ///< as written; empty where #ORGNR is blank or missing
    std::string name;    ///< in UTF-8
};

/// `head` is the beginning of the file, at most `sie_head_size` bytes of it; reading ends at the first voucher.
/// Text is CP437 as the standard has it, but UTF-8 and Latin-1 are recognised line by line, as they occur.
/// `file` is for the message. Error: bad_file (not a SIE file).
Result<SieIdentity> read_sie_identity(std::string_view head, const std::string& file);

inline constexpr std::size_t sie_head_size = 256 * 1024;

}  // namespace samsynk::installations
