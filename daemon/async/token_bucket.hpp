// How often something may be done: many times at first, and then so many a second. A pure value of the time.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>

namespace samsynk {

/// A time that goes back counts as none passed.
template <class TimePoint>
class TokenBucket {
public:
    TokenBucket(double burst, double a_second, TimePoint now)
        : burst_{burst}, a_second_{a_second}, left_{burst}, at_{now} {}

    /// Takes a place in the queue: how long to wait for one's turn.
    std::chrono::milliseconds take(TimePoint now) {
        const double passed = std::chrono::duration<double>(now - at_).count();
        left_ = std::min(burst_, left_ + std::max(0.0, passed) * a_second_) - 1;
        at_ = now;
        return std::chrono::milliseconds{left_ >= 0 ? 0 : static_cast<long>(std::ceil(-left_ / a_second_ * 1000))};
    }

private:
    double burst_, a_second_;
    double left_;  ///< negative: that many wait already
    TimePoint at_;
};

}  // namespace samsynk
