#include "sync/history.hpp"

namespace samsynk::sync {

std::string_view name_of(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::to_local:
            return "to_local";
        case ChangeKind::to_online:
            return "to_online";
        case ChangeKind::chosen:
            return "chosen";
        case ChangeKind::told:
            return "told";
    }
    return "chosen";
}

std::optional<ChangeKind> change_kind(std::string_view name) {
    for (const ChangeKind kind : {ChangeKind::to_local, ChangeKind::to_online, ChangeKind::chosen, ChangeKind::told})
        if (name_of(kind) == name) return kind;
    return std::nullopt;
}

}  // namespace samsynk::sync
