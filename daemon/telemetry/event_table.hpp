// Every event there is, with what it means and what to do: the log, the journal catalog and docs/events.md follow it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/event.hpp"

namespace samsynk::telemetry {

struct EventInfo {
    std::string_view name;
    Level level;                  ///< the usual one
    std::string_view message_id;  ///< 32 hex digits: MESSAGE_ID in the journal. Fixed for ever
    std::string_view fields;      ///< names of the fields it may carry, for the documentation
    const char* meaning;          ///< English, a key in the catalogs
    const char* what_to_do;       ///< English, a key in the catalogs; empty where there is nothing to do
};

/// In the order of docs/events.md.
std::span<const EventInfo> event_table();

/// Null where there is no event of that name.
const EventInfo* find_event(std::string_view name);

/// The namespace (32 hex digits) whose UUIDv5 of an event's name is its message_id.
inline constexpr std::string_view message_id_namespace = "6f0d1c522c0f5a389d2753414d53594e";

/// docs/events.md as it should be.
std::string events_document();

}  // namespace samsynk::telemetry
