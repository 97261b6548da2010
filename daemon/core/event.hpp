// Events with stable names: what the log, the event stream and the journal catalog speak of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "core/org_number.hpp"
#include "core/time.hpp"

namespace samsynk {

enum class Level { debug, info, notice, warning, error };
std::string_view name_of(Level level);

/// `name` is one of docs/events.md (`run.completed`). `progress` events are for live watchers and not logged.
struct Event {
    std::string name;
    Level level = Level::info;
    Message message;
    std::optional<OrgNumber> company;  ///< masked where it is logged
    std::string run;                   ///< empty where there is none
    std::vector<std::pair<std::string, std::string>> fields;
    std::optional<Errc> code;
    Time at{};
    std::uint64_t sequence = 0;  ///< given by the event bus, as its life
    std::string life;            ///< of the daemon: with each the numbers begin anew
};

/// What should not happen: an exception that ended what was being done. `what` names that, for people who program.
Event fault(std::string what, std::string why);

/// Where a room puts its events. Never waits.
class EventSink {
public:
    virtual ~EventSink() = default;
    virtual void publish(Event event) = 0;
};

}  // namespace samsynk
