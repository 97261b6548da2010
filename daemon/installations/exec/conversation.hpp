// What a bridge was asked and has not answered yet, by id, and whether what it says is an answer to it; and what it
// told of changes. No process and no clock: the time is told.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "async/token_bucket.hpp"
#include "installations/exec/bridge_messages.hpp"

namespace samsynk::installations {

using Moment = std::chrono::steady_clock::time_point;

enum class Asked { hello, list, read, write, collaboration, mark, leave_mark };
/// Whether it changes something.
bool is_write(Asked asked);

/// Of the answer, what belongs to what was asked.
struct BridgeAnswer {
    HelloReply hello;
    std::vector<sync::LocalCompanyPtr> companies;  ///< of a list in order of place; of a read the one
    std::string mark;
};

/// One request under way. `outcome` is there once it is answered or given up.
struct Exchange {
    std::uint64_t id = 0;
    Asked asked{};
    std::string place;
    Moment since{};
    std::optional<Result<BridgeAnswer>> outcome;
    std::function<void()> done;  ///< called once, when the outcome is there

    // Of a list, until it is whole.
    std::vector<sync::LocalCompanyPtr> found;
    std::set<std::string, std::less<>> places;
    std::size_t bytes = 0;
    Reason unusable;  ///< nothing of it is used
};
using ExchangePtr = std::shared_ptr<Exchange>;

class Conversation {
public:
    /// `path`: the bridge, for people. `patience`: how long it may say nothing while something is asked; ten times as
    /// long for a whole answer.
    Conversation(std::string path, std::chrono::milliseconds patience) : path_{std::move(path)}, patience_{patience} {}

    ExchangePtr begin(Asked asked, std::string place, Moment now);
    /// An answer, of a line with so many bytes. Error bad_reply: the bridge can't be believed any more.
    Result<void> take(BridgeLine line, std::size_t bytes, Moment now);
    /// Gives up all that is under way.
    void end_all(const std::function<Error(const Exchange&)>& why);
    /// When something is overdue, unless the bridge says something before; nothing where nothing is under way.
    std::optional<Moment> deadline() const;
    /// Writes and collaborations that are not answered.
    std::size_t writes() const { return writes_; }

private:
    Result<void> answer(Exchange& exchange, BridgeLine& line, std::size_t bytes);
    Result<void> add_to_list(Exchange& exchange, CompanyReply& reply, std::size_t bytes);
    Result<void> add_company(Exchange& exchange, CompanyReply& reply);
    Result<BridgeAnswer> whole_list(Exchange& exchange, std::uint64_t count);
    Error refused(const Exchange& exchange, const Refusal& refusal) const;
    Error another_answer() const;
    void finish(Exchange& exchange, Result<BridgeAnswer> outcome);

    std::string path_;
    std::chrono::milliseconds patience_;
    std::uint64_t last_id_ = 0;
    Moment heard_{};
    std::size_t writes_ = 0;
    std::map<std::uint64_t, ExchangePtr> under_way_;
};

/// What a bridge told of changes since it was last asked for that: bounded, however much it tells.
class BridgeNews {
public:
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
