#include "simulation/cuts.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <mutex>
#include <thread>
#include <utility>

#include "simulation/story.hpp"

namespace samsynk::simulation {
namespace {

using support::Fate;

// How far after the first cut the second one falls: well into the second run.
constexpr std::size_t reach_of_pairs = 14;

constexpr std::array cutting{Fate::crash, Fate::do_then_crash, Fate::fail, Fate::do_then_fail};

std::string words(const sync::Preferences& both) {
    return word(both.send_all_invoices) + "/" + word(both.receive_invoices);
}

class CutStage : public Stage {
public:
    CutStage(const FixedStory& story, std::vector<Cut> cuts) : story_{story}, cuts_{std::move(cuts)} {
        add_company(number(900), sync::CollaborationState::active);  // the spare one
        support::Books& books = install(first(), "main");
        for (std::size_t n = 0; n < story.companies; ++n) {
            add_company(number(n), sync::CollaborationState::active);
            add_place(first(), books, "P" + std::to_string(100 + n), number(n));
        }
    }

    CutOutcome play() {
        for (const Chapter& chapter : story_.chapters) {
            if (!checker.broken().empty()) break;
            world.now += std::chrono::minutes{20};
            if (chapter.people) chapter.people(*this);
            moment_ = chapter.moment;
            if (chapter.meanwhile) serve(chapter.meanwhile);
            chapter.answers ? run_and_answer(chapter.take) : run();
        }
        if (checker.broken().empty()) run();
        outcome_.broken = checker.broken();
        return {std::move(outcome_), end_state(), reached_};
    }

    Fate next(Site&, std::string_view what) override {
        ++since_;
        if (moment_ && moment_->at == what) {
            const Moment now = *std::exchange(moment_, std::nullopt);
            if (now.act) now.act(*this);
            if (now.fate != Fate::go_on && !cuts_here()) {
                hit_ = true;
                return now.fate;
            }
        }
        if (!cuts_here()) return Fate::go_on;
        hit_ = true;
        since_ = 0;
        return cuts_[reached_++].fate;
    }

    // A batch that is cut off is half done.
    std::size_t of(std::size_t count) override { return (count + 1) / 2; }
    Spot at(std::size_t n) const { return spots_.at(n); }

private:
    bool cuts_here() const { return reached_ < cuts_.size() && since_ == cuts_[reached_].at; }

    void live() {
        while (step(first()))
            ;
    }
    void begin() {
        hit_ = false;
        start(first(), 1, false, {.trigger = agent::Trigger::manual});
        live();
    }
    bool completed() {
        return !hit_ && !first().machine->crashed() && first().over && first().seen &&
               first().seen->last_run->outcome == agent::Outcome::completed;
    }

    // Served with the feed held open: people act while it waits, and are noticed without anyone asking for a run. What
    // that life did not come to, the next run does.
    void serve(const std::function<void(Stage&)>& people) {
        hit_ = false;
        first().host.policy.push = true;
        start(first(), 1, true);
        live();
        people(*this);
        for (int wakes = 0; wakes < 4 && first().lives(); ++wakes) {
            live();
            if (first().lives()) first().machine->clock().advance();
        }
        live();
        if (first().lives()) first().machine->agent().stop();
        live();
        end(first());
    }

    // Until a run reaches its end undisturbed: after each cut the machine is switched on again.
    void run() {
        for (int attempt = 0; attempt < 5; ++attempt) {
            begin();
            const bool done = completed();
            end(first());
            if (done) return;
        }
        checker.complain("it does not recover");
    }

    // The person looks at what is held and answers, again where the answer was not taken.
    void run_and_answer(std::optional<sync::Side> take) {
        for (int attempt = 0; attempt < 5; ++attempt) {
            begin();
            if (completed()) {
                const auto held = first().machine->agent().held();
                for (const sync::Hold& hold : held) answer(first(), hold.id, hold.planned ? hold.planned : take);
                live();
                if (!first().machine->crashed()) again(first());
                live();
            }
            const bool done = completed() && first().machine->agent().held().empty();
            end(first());
            if (done) return;
        }
        checker.complain("the answer is never carried out");
    }

    std::string end_state() {
        std::string text;
        const auto memory = first().disk.memory();
        for (const Spot& spot : spots_) {
            const auto* agreed = memory.agreements.find(spot.key());
            text += spot.place + " " + spot.company().company->digits() + " local " +
                    words(spot.company().preferences) + " agreed " +
                    (agreed ? agreed->company.digits() + " " + words(agreed->base) : "nothing") + " told " +
                    std::to_string(spot.company().notice.value_or(0)) + "\n";
        }
        for (const auto& [company, record] : world.service.records())
            text += company.digits() + " online " + words(record.preferences) + " " +
                    std::string{name_of(record.collaboration.state)} + "\n";
        std::vector<std::string> holds;
        for (const sync::Hold& hold : memory.holds)
            holds.push_back(std::string{name_of(hold.kind)} + " " + std::to_string(hold.rows.size()) + " rows\n");
        std::sort(holds.begin(), holds.end());
        for (const std::string& hold : holds) text += hold;
        return text + std::to_string(memory.doubts.size()) + " doubts, " + std::to_string(memory.approvals.size()) +
               " answers, " + std::to_string(memory.operations.size() + memory.intents.size()) + " unclear\n";
    }

    const FixedStory& story_;
    std::vector<Cut> cuts_;
    std::optional<Moment> moment_;
    std::size_t since_ = 0, reached_ = 0;
    bool hit_ = false;  // something failed in this run
};

constexpr std::array fate_words{"goes on", "fails", "is done, then fails", "crash before it", "crash after it"};

// Plays one story with all its cuts; in one thread.
class Cutter {
public:
    Cutter(const FixedStory& story, std::mutex& print) : story_{story}, print_{print}, calm_{play_cut(story, {})} {
        if (!calm_.outcome.broken.empty()) report({}, calm_);
    }

    void cut_once() {
        for (std::size_t at = 1; try_all({}, at, singles); ++at) awaits = at;
    }
    void cut_twice() {
        for (std::size_t first = 1; first <= awaits; ++first)
            for (const Fate fate : cutting)
                for (std::size_t second = 1; second <= reach_of_pairs && try_all({{first, fate}}, second, pairs);
                     ++second)
                    ;
    }

    std::size_t awaits = 0, singles = 0, pairs = 0, broken = 0;

private:
    // False where the story had ended by then.
    bool try_all(const std::vector<Cut>& before, std::size_t at, std::size_t& count) {
        for (const Fate fate : cutting) {
            std::vector<Cut> cuts = before;
            cuts.push_back({at, fate});
            const CutOutcome cut = play_cut(story_, cuts);
            if (cut.reached < cuts.size()) return false;
            ++count;
            if (!cut.outcome.broken.empty() || cut.end != calm_.end) report(cuts, cut);
        }
        return true;
    }

    void report(const std::vector<Cut>& cuts, const CutOutcome& cut) {
        if (++broken > 2) return;
        const std::lock_guard lock{print_};
        std::printf("BROKEN: %s", story_.name.c_str());
        for (const Cut& one : cuts)
            std::printf(", await %zu: %s", one.at, fate_words[static_cast<std::size_t>(one.fate)]);
        std::printf("\n");
        for (const std::string& line : cut.outcome.trace) std::printf("    %s\n", line.c_str());
        for (const std::string& line : cut.outcome.broken) std::printf("  %s\n", line.c_str());
        if (cut.end != calm_.end)
            std::printf("  it ends as\n%s  and undisturbed as\n%s", cut.end.c_str(), calm_.end.c_str());
    }

    const FixedStory& story_;
    std::mutex& print_;
    CutOutcome calm_;
};

}  // namespace

Spot nth(Stage& stage, std::size_t n) { return dynamic_cast<CutStage&>(stage).at(n); }

CutOutcome play_cut(const FixedStory& story, const std::vector<Cut>& cuts) { return CutStage{story, cuts}.play(); }

bool cut_everywhere(const std::string& only, unsigned jobs, bool in_pairs) {
    const auto stories = fixed_stories();
    std::mutex print;
    std::atomic<std::size_t> next{0}, singles{0}, pairs{0}, broken{0};
    const auto work = [&] {
        for (std::size_t i = next++; i < stories.size(); i = next++) {
            if (!only.empty() && stories[i].name.find(only) == std::string::npos) continue;
            Cutter cutter{stories[i], print};
            cutter.cut_once();
            if (in_pairs && stories[i].in_pairs) cutter.cut_twice();
            singles += cutter.singles;
            pairs += cutter.pairs;
            broken += cutter.broken;
            const std::lock_guard lock{print};
            std::printf("%-56s %3zu awaits, %4zu cuts, %6zu pairs, %zu broken\n", stories[i].name.c_str(),
                        cutter.awaits, cutter.singles, cutter.pairs, cutter.broken);
            std::fflush(stdout);
        }
    };
    std::vector<std::thread> threads;
    for (unsigned job = 0; job < jobs; ++job) threads.emplace_back(work);
    for (std::thread& thread : threads) thread.join();
    std::printf("%zu cuts and %zu pairs of cuts, %zu ended otherwise than undisturbed\n", singles.load(), pairs.load(),
                broken.load());
    return broken == 0 && singles > 0;
}

}  // namespace samsynk::simulation
