#include "telemetry/collapse.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace samsynk::telemetry {
namespace {

struct Kind {
    std::string_view event;
    std::string_view subject;
    bool ends;
};

constexpr std::array kinds{
    Kind{"company.failed", "company", false},
    Kind{"company.held", "company", false},
    Kind{"company.waiting", "company", false},
    Kind{"company.recovered", "company", true},
    Kind{"run.failed", "run", false},
    Kind{"run.completed", "run", true},
    Kind{"service.unreachable", "service", false},
    Kind{"service.recovered", "service", true},
    Kind{"installation.offline", "installation", false},
    Kind{"installation.recovered", "installation", true},
    Kind{"signin.required", "signin", false},
    Kind{"signin.refreshed", "signin", true},
    Kind{"config.refused", "config", false},
    Kind{"config.reloaded", "config", true},
};

const Kind* kind_of(const Event& event) {
    const auto at =
        std::find_if(kinds.begin(), kinds.end(), [&](const Kind& kind) { return kind.event == event.name; });
    return at == kinds.end() ? nullptr : &*at;
}

std::string field(const Event& event, std::string_view name) {
    for (const auto& [key, value] : event.fields)
        if (key == name) return value;
    return {};
}

// A company is known by its place where there is one: its number may be what can't be told.
std::string subject_of(const Kind& kind, const Event& event) {
    std::string subject{kind.subject};
    if (kind.subject == "installation" || kind.subject == "company") subject += '\0' + field(event, "installation");
    if (kind.subject != "company") return subject;
    const std::string place = field(event, "place");
    return subject + '\0' + (place.empty() && event.company ? event.company->digits() : place);
}

}  // namespace

void Collapse::write(const Event& event) {
    const Kind* kind = kind_of(event);
    if (!kind) return next_->write(event);
    if (kind->ends)
        end(subject_of(*kind, event), event);
    else
        begin_or_repeat(subject_of(*kind, event), event);
}

void Collapse::begin_or_repeat(const std::string& subject, const Event& event) {
    const auto [at, begins] = troubles_.try_emplace(subject, Trouble{event.name, event.code, event.message});
    if (begins) return next_->write(event);
    Trouble& known = at->second;
    if (known.name == event.name && known.code == event.code && tell_the_same(known.message, event.message)) {
        ++known.seen;
        return;
    }
    Event changed = event;
    if (known.seen > 1) changed.fields.emplace_back("repeated", std::to_string(known.seen));
    known = Trouble{event.name, event.code, event.message};
    next_->write(changed);
}

void Collapse::end(const std::string& subject, Event event) {
    if (const auto at = troubles_.find(subject); at != troubles_.end()) {
        event.level = std::max(event.level, Level::info);
        if (at->second.seen > 1) event.fields.emplace_back("repeated", std::to_string(at->second.seen));
        troubles_.erase(at);
    }
    next_->write(event);
}

}  // namespace samsynk::telemetry
