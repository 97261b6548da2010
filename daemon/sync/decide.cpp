#include "sync/decide.hpp"

namespace samsynk::sync {

std::string_view name_of(Action action) {
    switch (action) {
        case Action::none:
            return "none";
        case Action::rebase:
            return "rebase";
        case Action::write_local:
            return "write_local";
        case Action::push:
            return "push";
        case Action::wait:
            return "wait";
        case Action::hold:
            return "hold";
    }
    return "none";
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
