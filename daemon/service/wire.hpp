// The contract's JSON, read strictly and written: pure functions over text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/ports.hpp"

namespace samsynk::service {

/// Replies. Error bad_reply: not JSON, truncated, wrong types. Unknown fields are ignored; an unknown value of a known
/// enumeration is a problem of that record alone.
Result<agent::RecordPage> parse_record_page(std::string_view text);
Result<agent::ChangePage> parse_change_page(std::string_view text);
Result<std::vector<sync::Claim>> parse_claims(std::string_view text);
Result<std::vector<agent::OperationResult>> parse_push_results(std::string_view text,
                                                               const std::vector<sync::Operation>& sent);

/// Bodies of writes.
std::string registration_body(const agent::Registration& registration);
std::string push_body(const std::string& epoch, const std::vector<sync::Operation>& operations);

/// A whole call that failed, as `application/problem+json`; fields are empty where it says
/// nothing, or what is no short word.
struct Problem {
    std::string code;
    std::string request_id;
};
Problem parse_problem(std::string_view text);

}  // namespace samsynk::service
