// How many browsers' connections there may be at a time, and who makes room for another one: other users of the machine
// can connect too, and must not keep out the one who has a key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "ui/sessions.hpp"

namespace samsynk::ui {

class Places {
public:
    static constexpr std::ptrdiff_t most = 64;
    using Number = std::uint64_t;

    struct Entry {
        Number number = 0;
        std::optional<Number> instead_of;  ///< this one has to go
    };
    /// Nothing: all of them are being answered.
    std::optional<Entry> enter(Moment now);
    void leave(Number number) { taken_.erase(number); }

    void is_answered(Number number, bool known);
    /// From now on nothing is done for it until it asks again.
    void waits(Number number, Moment now);

    std::ptrdiff_t count() const { return std::ssize(taken_); }

private:
    struct Place {
        bool known = false;  ///< it has shown a session's token
        bool waiting = true;
        Moment since{};
    };
    /// Of those who have shown a token, or of those who have not.
    std::optional<Number> longest_waiting(bool known) const;

    std::map<Number, Place> taken_;
    Number next_ = 1;
};

}  // namespace samsynk::ui
