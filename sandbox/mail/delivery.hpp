// How a message leaves, and what can become of it.
#pragma once

#include <functional>
#include <string>

#include "core/message.hpp"
#include "core/time.hpp"

namespace samsynk::sandbox {

/// A message on its way.
struct Parcel {
    std::string name;  ///< that sorts by time and says what it is about; no personal number
    std::string from, to;
    std::string message;
};

enum class Fate {
    delivered,
    refused,      ///< for good
    not_now,      ///< this one can be tried again
    no_way,       ///< nor would any other one get through now
    interrupted,  ///< whoever waited for it gave up; it may have been delivered
};

struct Delivered {
    Fate fate = Fate::delivered;
    Message trouble = {};  ///< whose words those are, and what to do
};

class Delivery {
public:
    virtual ~Delivery() = default;
    /// Takes as long as it takes, but not longer than `longest`; ends soon after `give_up` says so.
    virtual Delivered deliver(const Parcel& parcel, const std::function<bool()>& give_up) = 0;
    virtual std::chrono::seconds longest() const = 0;
};

}  // namespace samsynk::sandbox
