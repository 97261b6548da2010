// How often something may be done: many times at first, and then so many a second. Pure.
#pragma once

#include <algorithm>
#include <chrono>

#include "core/time.hpp"

namespace samsynk::sync {

class Pace {
public:
    Pace(double burst, double a_second) : burst_{burst}, a_second_{a_second}, left_{burst} {}

    /// Counts one more, and tells how long to wait before it.
    std::chrono::milliseconds take(Time now) {
        const double passed = std::chrono::duration<double>(now - at_).count();
        left_ = std::min(burst_, left_ + std::max(0.0, passed) * a_second_) - 1;
        at_ = now;
        return std::chrono::milliseconds{left_ >= 0 ? 0 : static_cast<long>(-left_ / a_second_ * 1000)};
    }

private:
    double burst_, a_second_, left_;
    Time at_{};
};

}  // namespace samsynk::sync
