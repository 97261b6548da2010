// Why something is as it is, or nothing: an Error that takes little room where there is none, and is shared, not
// copied, from the plan to the status.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "core/error.hpp"

namespace samsynk {

class Reason {
public:
    Reason() = default;
    Reason(std::nullopt_t) {}                                                                     // NOLINT: as optional
    Reason(Error error) : error_{std::make_shared<const Error>(std::move(error))} {}              // NOLINT: as optional
    Reason(std::optional<Error> error) : Reason{error ? Reason{std::move(*error)} : Reason{}} {}  // NOLINT: as optional

    explicit operator bool() const { return error_ != nullptr; }
    bool has_value() const { return error_ != nullptr; }
    const Error& operator*() const { return *error_; }
    const Error* operator->() const { return error_.get(); }
    Error value_or(Error other) const { return error_ ? *error_ : std::move(other); }
    void reset() { error_.reset(); }

    /// By what they say, not by where it is kept.
    friend bool operator==(const Reason& one, const Reason& other) {
        return one.error_ == other.error_ || (one.error_ && other.error_ && *one.error_ == *other.error_);
    }

private:
    std::shared_ptr<const Error> error_;
};

}  // namespace samsynk
