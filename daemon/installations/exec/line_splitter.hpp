// Cuts what comes in pieces into lines, and never keeps more than one line may have.
#pragma once

#include <string>
#include <string_view>

namespace samsynk::installations {

class LineSplitter {
public:
    explicit LineSplitter(std::size_t most) : most_{most} {}

    /// Calls `each` with every whole line, without its end, until it says false. False where it did, or where a line is
    /// longer than allowed; then it must not be fed any more.
    template <class Each>
    bool feed(std::string_view bytes, Each each) {
        while (!bytes.empty()) {
            const std::size_t end = bytes.find('\n');
            const bool whole = end != std::string_view::npos;
            const std::string_view piece = bytes.substr(0, end);
            if (kept_.size() + piece.size() > most_) return !(too_long_ = true);
            if (!whole) {
                kept_ += piece;
                return true;
            }
            bytes.remove_prefix(end + 1);
            const bool on = kept_.empty() ? each(piece) : each(std::string_view{kept_ += piece});
            kept_.clear();
            if (!on) return false;
        }
        return true;
    }
    bool too_long() const { return too_long_; }

private:
    std::size_t most_;
    std::string kept_;
    bool too_long_ = false;
};

}  // namespace samsynk::installations
