// The end of what a program writes on standard error, however much that is.
#pragma once

#include <string>
#include <string_view>

#include "installations/exec/shown_text.hpp"

namespace samsynk::installations {

class TextTail {
public:
    void add(std::string_view text) {
        kept_ += text;
        if (kept_.size() > most) kept_.erase(0, kept_.size() - most);
    }
    std::size_t size() const { return kept_.size(); }
    /// Shortened, and as it can be shown.
    std::string last_line() const {
        std::string_view text = kept_;
        const std::size_t end = text.find_last_not_of(" \t\r\n");
        if (end == std::string_view::npos) return {};
        text = text.substr(0, end + 1);
        return shown_text(text.substr(text.rfind('\n') + 1), longest_shown);
    }

private:
    static constexpr std::size_t most = 4 * 1024;
    static constexpr std::size_t longest_shown = 300;

    std::string kept_;
};

}  // namespace samsynk::installations
