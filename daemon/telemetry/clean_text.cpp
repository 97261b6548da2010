#include "telemetry/clean_text.hpp"

#include "core/plain_text.hpp"
#include "core/secrets.hpp"

namespace samsynk::telemetry {

void hide_secrets(Event& event) {
    event.message.id = without_secrets(event.message.id);
    for (auto& [name, value] : event.message.args) value = without_secrets(value);
    for (auto& [name, value] : event.fields) value = without_secrets(value);
}

std::string log_message(const Event& event) { return without_personal_numbers(plain(to_text(event.message))); }

}  // namespace samsynk::telemetry
