// What is done, checked, said and told alike of companies, wherever they are found.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "agent/ports.hpp"

namespace samsynk::installations {

using Companies = std::vector<sync::LocalCompanyPtr>;  ///< in order of place

/// Null where there is none.
sync::LocalCompanyPtr find_company(const Companies& companies, const std::string& place);

/// Keeps what was found again as the object that it was: the status shares it, and there are many.
void reuse_unchanged(Companies& found, const Companies& seen);

/// The places that came, went, or are not as they were.
std::vector<std::string> changed_places(const Companies& before, const Companies& now);

// For the tests of an installation before its first run:
/// The first that could be written to; null where there is none.
sync::LocalCompanyPtr first_usable(const Companies& companies);
/// How many were found, and what is the matter with the first that something is the matter with.
agent::Probe companies_found(const Companies& companies);
/// Choices that this company may really have made, each the other way round.
std::vector<agent::PreferenceWrite> inverted_choices(const sync::LocalCompany& company);
Reason first_error(const std::vector<Result<void>>& results);

inline constexpr std::size_t longest_place = 500;  ///< bytes
/// Whether a text can name a place: not empty, not too long, nothing in it that steers a terminal.
bool can_be_place(std::string_view text);

/// How the online service knows an accounting program: 1 to 40 of a to z, digits and dash.
bool is_program_name(std::string_view text);

/// `collaboration_revision`: the fingerprint of what is told, as 16 hexadecimal digits.
std::string revision_text(std::uint64_t fingerprint);
/// 0 where it is none of ours: the agent was there, and must tell it anew.
std::uint64_t revision_in(std::string_view text);

/// What a database or a bridge is told of a collaboration, by the names that both know it by. A text may be empty.
using NoticeField = std::pair<std::string_view, std::variant<std::string, bool>>;
std::vector<NoticeField> notice_fields(const sync::Notice& notice);

// What is said of an organisation number that can't be right: where it stands, and what to do there. `why` is what
// OrgNumber::parse gave. The number is repeated only where it is nobody's.
Error wrong_number_in_sie(const Error& why, const std::string& file);
Error wrong_number_in_company_file(const Error& why, const std::string& file);
/// In a database, or from a bridge.
Error wrong_number_of(const Error& why, const std::string& place, const std::string& name);

}  // namespace samsynk::installations
