#include "telemetry/clean_text.hpp"

#include "core/plain_text.hpp"

namespace samsynk::telemetry {

std::string log_message(const Event& event) { return without_personal_numbers(plain(to_text(event.message))); }

}  // namespace samsynk::telemetry
