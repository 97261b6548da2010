// How long to wait before trying again.
#pragma once

#include <chrono>

namespace samsynk::sync {

/// Exponential with full jitter: between 1 s and `first * 2^(failures-1)`, never over `most`.
/// `random` is in [0, 1); `failures` counts those in a row, from 1.
std::chrono::milliseconds backoff(unsigned failures, std::chrono::milliseconds first, std::chrono::milliseconds most,
                                  double random);

/// `interval` give or take a tenth, so that many agents do not call at once.
std::chrono::milliseconds with_jitter(std::chrono::milliseconds interval, double random);

}  // namespace samsynk::sync
