// The files in `samsynk` that people and programs edit: company.yaml and preferences.yaml.
#pragma once

#include <string>
#include <string_view>

#include "sync/model.hpp"

namespace samsynk::installations {

struct CompanyFile {
    std::string number;  ///< as written; empty where left out
    std::string name;
    bool ignored = false;
};

/// `samsynk/company.yaml`: a person's word on which company a folder holds; it wins over the SIE file.
/// Keys `company`, `name`, `ignore`; others are let be. `file` is for the message. Error: bad_file.
Result<CompanyFile> parse_company_file(std::string_view text, const std::string& file);

/// `samsynk/preferences.yaml`: the two choices.
/// A key left out or null is no choice. `file` is for the message. Error: bad_file.
Result<sync::Preferences> parse_preferences(std::string_view text, const std::string& file);

/// `text` with one choice changed or added; comments, unknown keys, order and line ends stay as they were.
/// Error: bad_file where the file is written in a way that can't be changed safely.
Result<std::string> with_choice(std::string_view text, sync::Preference preference, bool value,
                                const std::string& file);

}  // namespace samsynk::installations
