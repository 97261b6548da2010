#include "sync/decide.hpp"

namespace samsynk::sync {

std::string_view name_of(Rule rule) {
    switch (rule) {
        case Rule::agree:
            return "agree";
        case Rule::fill_local:
            return "fill_local";
        case Rule::fill_online:
            return "fill_online";
        case Rule::online_changed:
            return "online_changed";
        case Rule::local_changed:
            return "local_changed";
        case Rule::first_contact:
            return "first_contact";
    }
    return "agree";
}

Decision decide(Choice base, Choice local, Choice online, FirstContact first_contact) {
    if (local == online) return {Rule::agree, base == local ? Action::none : Action::rebase, local};
    if (!local) return {Rule::fill_local, Action::write_local, online};
    if (!online) return {Rule::fill_online, Action::push, local};
    if (local == base) return {Rule::online_changed, Action::write_local, online};
    if (online == base) return {Rule::local_changed, Action::push, local};
    switch (first_contact) {
        case FirstContact::online:
            return {Rule::first_contact, Action::write_local, online};
        case FirstContact::local:
            return {Rule::first_contact, Action::push, local};
        case FirstContact::hold:
            break;
    }
    return {Rule::first_contact, Action::hold, std::nullopt};
}

}  // namespace samsynk::sync
