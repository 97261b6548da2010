// simulate --seeds N [--from S] | --seed S [--plant NAME]: plays seeds; a failing one prints itself and what happened.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "simulation/scenario.hpp"

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

int play_many(std::uint64_t from, std::uint64_t count) {
    Outcome sum;
    std::uint64_t failed = 0;
    const auto begin = std::chrono::steady_clock::now();
    for (std::uint64_t seed = from; seed < from + count; ++seed) {
        const Outcome outcome = play(seed);
        sum.runs += outcome.runs;
        sum.awaits += outcome.awaits;
        sum.crashes += outcome.crashes;
        sum.changes += outcome.changes;
        if (outcome.broken.empty()) continue;
        if (++failed <= 3) print(seed, outcome, failed == 1);
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    std::printf("%llu seeds, %zu runs, %zu awaits, %zu crashes, %zu changes by the agent, %llu failed, %.1f s\n",
                static_cast<unsigned long long>(count), sum.runs, sum.awaits, sum.crashes, sum.changes,
                static_cast<unsigned long long>(failed), seconds);
    return failed == 0 ? 0 : 1;
}

// How many seeds it takes until the checker finds each planted fault.
int find_plants(std::uint64_t most) {
    int missed = 0;
    for (const Plant plant : all_plants) {
        std::uint64_t seed = 1;
        while (seed <= most && play(seed, plant).broken.empty()) ++seed;
        const std::string name{name_of(plant)};
        if (seed > most) {
            std::printf("%-20s NOT FOUND in %llu seeds\n", name.c_str(), static_cast<unsigned long long>(most));
            ++missed;
        } else {
            std::printf("%-20s found by seed %llu: %s\n", name.c_str(), static_cast<unsigned long long>(seed),
                        play(seed, plant).broken.front().c_str());
        }
    }
    return missed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    std::uint64_t seeds = 1000, from = 1;
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
        else if (word == "--plants")
            return find_plants(value());
        else
            return std::fprintf(stderr, "simulate [--seeds N] [--from S] | --seed S | --plants MOST\n"), 2;
    }
    if (!one) return play_many(from, seeds);
    const Outcome outcome = play(*one);
    print(*one, outcome, true);
    return outcome.broken.empty() ? 0 : 1;
}
