// Opens the person's browser. All users of a machine can read the arguments of a program, so the address with its key
// is not among them: it stands in a file that only they can read.
#pragma once

#include <filesystem>
#include <string>

#include "core/error.hpp"

namespace samsynk::ui {

/// A page that leads to an address, for its owner only. It goes with this object.
class LeadingPage {
public:
    LeadingPage() = default;
    ~LeadingPage() { remove(); }
    LeadingPage(const LeadingPage&) = delete;
    LeadingPage& operator=(const LeadingPage&) = delete;

    /// In the folder that is theirs while they are logged in, else in a new one of their own. Error write_failed.
    Result<void> write(const std::string& address);
    void remove();
    const std::filesystem::path& file() const { return file_; }

private:
    std::filesystem::path file_, folder_;  ///< empty: none of ours
};

/// Whether there is something that a browser could be shown on, and it is not root's.
bool can_open_browser();

/// By xdg-open, which is not waited for and outlives us. False: it could not be started.
bool open_in_browser(const std::filesystem::path& file);

}  // namespace samsynk::ui
