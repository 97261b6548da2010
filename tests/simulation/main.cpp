// simulate [--jobs J] [--seeds N] [--from S] | --seed S | --plants MOST | --cuts | --single-cuts [STORY]: plays
// stories; one that fails prints itself and what happened.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <thread>

#include "simulation/cuts.hpp"
#include "simulation/plants.hpp"
#include "simulation/story.hpp"

namespace {

using namespace samsynk::simulation;

void print(std::uint64_t seed, const Outcome& outcome, bool whole) {
    std::printf("seed %llu%s\n", static_cast<unsigned long long>(seed), outcome.broken.empty() ? ": all held" : "");
    if (whole)
        for (const std::string& line : outcome.trace) std::printf("    %s\n", line.c_str());
    for (const std::string& broken : outcome.broken) std::printf("  BROKEN: %s\n", broken.c_str());
    if (!outcome.broken.empty())
        std::printf("  again: ./dev simulate --seed %llu\n", static_cast<unsigned long long>(seed));
}

struct Sum {
    Outcome all;
    std::uint64_t failed = 0;
    std::mutex mutex;

    void add(std::uint64_t seed, const Outcome& outcome) {
        const std::lock_guard lock{mutex};
        all.runs += outcome.runs;
        all.quiet += outcome.quiet;
        all.awaits += outcome.awaits;
        all.crashes += outcome.crashes;
        all.changes += outcome.changes;
        if (!outcome.broken.empty() && ++failed <= 3) print(seed, outcome, failed == 1);
    }
};

int play_many(std::uint64_t from, std::uint64_t count, unsigned jobs) {
    Sum sum;
    const auto begin = std::chrono::steady_clock::now();
    std::vector<std::thread> threads;
    for (unsigned job = 0; job < jobs; ++job)
        threads.emplace_back([&, job] {
            for (std::uint64_t seed = from + job; seed < from + count; seed += jobs) sum.add(seed, play(seed));
        });
    for (std::thread& thread : threads) thread.join();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    std::printf(
        "%llu seeds, %zu runs (%zu undisturbed), %zu awaits, %zu crashes, %zu changes by the agent, %llu failed, "
        "%.1f s\n",
        static_cast<unsigned long long>(count), sum.all.runs, sum.all.quiet, sum.all.awaits, sum.all.crashes,
        sum.all.changes, static_cast<unsigned long long>(sum.failed), seconds);
    return sum.failed == 0 ? 0 : 1;
}

// How many seeds it takes until the checker finds the fault; 0 where it does not.
std::uint64_t find_plant(const std::string& name, std::uint64_t most, std::string& broken) {
    plant(name);
    for (std::uint64_t seed = 1; seed <= most; ++seed) {
        const Outcome outcome = play(seed);
        if (outcome.broken.empty()) continue;
        broken = outcome.broken.front();
        return seed;
    }
    return 0;
}

int find_plants(std::uint64_t most, unsigned jobs) {
    const auto names = all_plants();
    std::atomic<std::size_t> next{0};
    std::atomic<int> missed{0};
    std::mutex mutex;
    std::vector<std::thread> threads;
    for (unsigned job = 0; job < jobs; ++job)
        threads.emplace_back([&] {
            for (std::size_t i = next++; i < names.size(); i = next++) {
                std::string broken;
                const auto seed = static_cast<unsigned long long>(find_plant(names[i], most, broken));
                const std::lock_guard lock{mutex};
                if (seed != 0)
                    std::printf("%-30s seed %4llu: %s\n", names[i].c_str(), seed, broken.c_str());
                else
                    std::printf("%-30s NOT FOUND in %llu seeds\n", names[i].c_str(),
                                static_cast<unsigned long long>(most));
                missed += seed == 0;
                std::fflush(stdout);
            }
        });
    for (std::thread& thread : threads) thread.join();
    return missed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    std::uint64_t seeds = 1000, from = 1;
    unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
    std::optional<std::uint64_t> one;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        const auto value = [&] { return i + 1 < argc ? std::strtoull(argv[++i], nullptr, 10) : 0; };
        if (word == "--seeds")
            seeds = value();
        else if (word == "--from")
            from = value();
        else if (word == "--seed")
            one = value();
        else if (word == "--jobs")
            jobs = static_cast<unsigned>(std::max<unsigned long long>(1, value()));
        else if (word == "--plants")
            return find_plants(value(), jobs);
        else if (word == "--cuts" || word == "--single-cuts")
            return cut_everywhere(i + 1 < argc ? argv[i + 1] : "", jobs, word == "--cuts") ? 0 : 1;
        else
            return std::fprintf(stderr,
                                "simulate [--jobs J] [--seeds N] [--from S] | --seed S | --plants MOST | --cuts | "
                                "--single-cuts [STORY]\n"),
                   2;
    }
    if (!one) return play_many(from, seeds, jobs);
    const Outcome outcome = play(*one);
    print(*one, outcome, true);
    return outcome.broken.empty() ? 0 : 1;
}
