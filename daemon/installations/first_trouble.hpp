// What the tests of all connectors say of the companies that they found.
#pragma once

#include <vector>

#include "core/reason.hpp"
#include "sync/model.hpp"

namespace samsynk::installations {

inline Reason first_trouble(const std::vector<sync::LocalCompanyPtr>& companies) {
    for (const auto& company : companies)
        if (company->trouble) return company->trouble;
    return {};
}

}  // namespace samsynk::installations
