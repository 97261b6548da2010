#include "core/finding.hpp"

#include <algorithm>

namespace samsynk {

std::string_view name_of(Severity severity) {
    switch (severity) {
        case Severity::fine:
            return "fine";
        case Severity::notice:
            return "notice";
        case Severity::warning:
            return "warning";
        case Severity::error:
            return "error";
    }
    return "error";
}

Severity worst_of(const std::vector<Finding>& findings) {
    Severity worst = Severity::fine;
    for (const Finding& finding : findings) worst = std::max(worst, finding.severity);
    return worst;
}

}  // namespace samsynk
