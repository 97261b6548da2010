// Reads who a company is from the beginning of a SIE file: of types 1 to 4 (labels such as #ORGNR) and of SIE 5 (XML).
// Formats: sie.se, "SIE filformat" 4B/4C and "SIE 5".
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"

namespace samsynk::installations {

struct SieIdentity {
    std::string number;          ///< as written, at most 60 bytes; empty where it is blank or missing
    std::string name;            ///< in UTF-8, on one line, without blanks around it, at most 250 bytes
    int exported = 0;            ///< day of #GEN as 20261130; 0: not told
    int year_end = 0;            ///< last day of #RAR 0, in the same way
    std::string company_folder;  ///< #FNR: in Visma Administration the path of the company's folder
};

/// `head` is the beginning of the file; reading ends at the first voucher. Text is in any of the encodings that occur,
/// see text_encoding.hpp. `file` is for the message. Error: bad_file (not a SIE file, or a SIE 5 file that can't be
/// read).
Result<SieIdentity> read_sie_identity(std::string_view head, const std::string& file);

/// Most of what comes before the vouchers is much shorter; the number may stand after a long chart of accounts.
inline constexpr std::size_t sie_first_part = 16 * 1024, sie_head_size = 256 * 1024, sie_longest_head = 8 * 1024 * 1024;

/// The last folder of a path as Windows or Unix writes it; empty where the text is no path, as in #FNR of most
/// programs.
std::string folder_in_path(std::string_view text);

/// A day as `20261130` or `2026-11-30`; 0 where it is none.
int sie_day(std::string_view text);

}  // namespace samsynk::installations
