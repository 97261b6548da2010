// What a bridge told of changes since it was last asked for that: bounded, however much it tells.
#pragma once

#include <chrono>
#include <set>
#include <string>

#include "agent/ports.hpp"
#include "async/token_bucket.hpp"
#include "installations/exec/bridge_lines.hpp"

namespace samsynk::installations {

class BridgeNews {
public:
    using Moment = std::chrono::steady_clock::time_point;

    explicit BridgeNews(Moment now) : pace_{at_once, a_second, now} {}

    /// False: it tells of changes without end.
    bool add(const ChangedLine& line, Moment now) {
        if (pace_.take(now).count() > 0) return false;
        everything_ = everything_ || line.everything;
        places_.insert(line.places.begin(), line.places.end());
        if (everything_ || places_.size() > most_places) everything_changed();
        return true;
    }
    void everything_changed() {
        everything_ = true;
        places_.clear();
    }
    /// Another process tells now.
    void begin_anew(Moment now) { pace_ = {at_once, a_second, now}; }
    agent::LocalNews take() {
        agent::LocalNews news{.everything = everything_, .places = {places_.begin(), places_.end()}, .trouble = {}};
        everything_ = false;
        places_.clear();
        return news;
    }

private:
    static constexpr double at_once = 10'000, a_second = 200;
    static constexpr std::size_t most_places = 1000;  ///< that are remembered one by one

    TokenBucket<Moment> pace_;
    bool everything_ = false;
    std::set<std::string> places_;
};

}  // namespace samsynk::installations
