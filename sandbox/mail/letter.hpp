// What a notice says, as a letter to its reader: in two forms that say the same.
#pragma once

#include <string>

#include "sandbox/flow/notice.hpp"

namespace samsynk::sandbox {

struct Letter {
    Language language = Language::sv;
    std::string from_name;
    std::string to_name, to_email;
    std::string subject;
    std::string text, html;
};

/// `site` is where the pages are: https://localhost:8443. Names are on one line, and personal numbers masked.
Letter compose(const Notice& notice, const std::string& site);

}  // namespace samsynk::sandbox
