// A mapping's statement, prepared in a session, with its parameters by name.
#pragma once

#include <soci/soci.h>

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "installations/sql/sql_text.hpp"

namespace samsynk::installations {

/// Nothing is NULL. A parameter that a statement does not have is let be.
using Values = std::map<std::string, std::optional<std::string>>;

/// Throws what SOCI throws.
class Prepared {
public:
    Prepared(soci::session& session, const SqlText& text);

    /// Returns how many rows were changed.
    long long execute(const Values& values);

private:
    struct Slot {
        std::string value;
        soci::indicator is = soci::i_null;
    };
    std::map<std::string, Slot> slots_;  ///< SOCI keeps pointers into it
    soci::statement statement_;
};

}  // namespace samsynk::installations
