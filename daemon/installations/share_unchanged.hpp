// Keeps what a scan found again as the object that it was: the status shares it, and there are many.
#pragma once

#include <vector>

#include "sync/model.hpp"

namespace samsynk::installations {

/// Both are in order of place.
inline void share_unchanged(std::vector<sync::LocalCompanyPtr>& found, const std::vector<sync::LocalCompanyPtr>& seen) {
    auto old = seen.begin();
    for (auto& company : found) {
        while (old != seen.end() && (*old)->place < company->place) ++old;
        if (old != seen.end() && **old == *company) company = *old;
    }
}

}  // namespace samsynk::installations
