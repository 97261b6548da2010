#include "agent/status.hpp"

namespace samsynk::agent {

std::string_view name_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::completed:
            return "completed";
        case Outcome::failed:
            return "failed";
        case Outcome::cancelled:
            return "cancelled";
    }
    return "failed";
}

std::string_view name_of(Trigger trigger) {
    switch (trigger) {
        case Trigger::start:
            return "start";
        case Trigger::interval:
            return "interval";
        case Trigger::manual:
            return "manual";
        case Trigger::once:
            return "once";
        case Trigger::retry:
            return "retry";
        case Trigger::change:
            return "change";
    }
    return "manual";
}

std::string_view name_of(FeedState state) {
    switch (state) {
        case FeedState::off:
            return "off";
        case FeedState::waiting:
            return "waiting";
        case FeedState::open:
            return "open";
        case FeedState::polling:
            return "polling";
    }
    return "off";
}

std::string_view name_of(Watching watching) {
    switch (watching) {
        case Watching::none:
            return "none";
        case Watching::events:
            return "events";
        case Watching::looking:
            return "looking";
    }
    return "none";
}

}  // namespace samsynk::agent
