// How long a bridge rests before it is started again. A pure value of what was seen.
#pragma once

#include <algorithm>
#include <chrono>

namespace samsynk::installations {

/// Twice as long each time it ends without having worked for a minute.
class RestartPause {
public:
    RestartPause(std::chrono::milliseconds least, std::chrono::milliseconds most)
        : least_{std::max(least, std::chrono::milliseconds{1})}, most_{std::max(most, least_)} {}

    std::chrono::milliseconds after(std::chrono::steady_clock::duration worked) {
        next_ = worked >= std::chrono::minutes{1} || next_ == std::chrono::milliseconds{0} ? least_
                                                                                           : std::min(most_, next_ * 2);
        return next_;
    }

private:
    std::chrono::milliseconds least_, most_, next_{0};
};

}  // namespace samsynk::installations
