// `samsynk/company.yaml`: a person's word on which company a folder holds; it wins over the SIE file.
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"

namespace samsynk::installations {

struct CompanyFile {
    std::string number;  ///< as written; empty where left out
    std::string name;
    bool ignored = false;
};

/// Keys `company`, `name`, `ignore`; others are let be. `file` is for the message. Error: bad_file.
Result<CompanyFile> parse_company_file(std::string_view text, const std::string& file);

}  // namespace samsynk::installations
