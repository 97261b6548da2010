// What came of looking at one thing that must be in order: how it is, and what to do.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/message.hpp"

namespace samsynk {

enum class Severity {
    fine,
    notice,   ///< works, but could be better
    warning,  ///< works now, or in part, but not for long, or not for all
    error,    ///< does not work
};
std::string_view name_of(Severity severity);

struct Finding {
    /// configuration, permissions, state, installation, network, certificate, clock, signin, system
    std::string area;
    Severity severity = Severity::fine;
    std::string subject{};  ///< which of several it is about: an installation's id; may be empty
    Message what;
    Message advice;  ///< empty where there is nothing to do, or `what` says it
};

/// The gravest of them; fine where there are none.
Severity worst_of(const std::vector<Finding>& findings);

}  // namespace samsynk
