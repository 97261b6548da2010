// Whether two ways to write a company's name mean the same one.
#pragma once

#include <string>
#include <string_view>

namespace samsynk {

/// The name without what people write differently: letter case, the two forms of å ä ö, blanks and signs, and the kind
/// of company (`AB`, `Aktiebolag`, `(publ)`, `HB`, …). For comparing only.
std::string name_key(std::string_view name);

/// Also where one is the other's beginning, as some programs cut long names. An empty name is like any.
bool same_company_name(std::string_view one, std::string_view other);

/// Composed, and with small letters only: for names that Windows holds for equal. For comparing only.
std::string case_folded(std::string_view text);

/// UTF-8 in its composed form (NFC), as file names and texts are compared; what is not UTF-8 is given back unchanged.
std::string composed(std::string_view text);

}  // namespace samsynk
