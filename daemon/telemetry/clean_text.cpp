#include "telemetry/clean_text.hpp"

#include "core/plain_text.hpp"
#include "core/secrets.hpp"
#include "core/text.hpp"

namespace samsynk::telemetry {

void hide_secrets(Event& event) {
    event.message = without_secrets(std::move(event.message));
    for (auto& [name, value] : event.fields) value = without_secrets(std::string_view{value});
}

std::string log_message(const Event& event) {
    return shortened(without_personal_numbers(plain(to_text(event.message))), longest_logged);
}

}  // namespace samsynk::telemetry
