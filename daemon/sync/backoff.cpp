#include "sync/backoff.hpp"

#include <algorithm>

namespace samsynk::sync {

using std::chrono::milliseconds;

milliseconds backoff(unsigned failures, milliseconds first, milliseconds most, double random) {
    const unsigned doublings = std::min(failures == 0 ? 0U : failures - 1, 20U);
    const milliseconds ceiling = std::min<milliseconds>(first * (1LL << doublings), most);
    const auto waited = static_cast<long long>(static_cast<double>(ceiling.count()) * random);
    return std::max(milliseconds{1000}, milliseconds{waited});
}

milliseconds with_jitter(milliseconds interval, double random) {
    return milliseconds{static_cast<long long>(static_cast<double>(interval.count()) * (0.9 + 0.2 * random))};
}

}  // namespace samsynk::sync
