// How long it takes to plan N companies, none changed and all changed: the part of a run that is pure.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "sync/plan.hpp"

namespace {

using namespace samsynk;
using namespace samsynk::sync;

OrgNumber number(std::size_t n) {
    const std::string nine = "556" + std::to_string(100000 + n);
    for (char check = '0'; check <= '9'; ++check)
        if (const auto found = OrgNumber::parse(nine + check); found.has_value()) return *found;
    std::abort();
}

struct Books {
    explicit Books(std::size_t count) {
        view[0].installation = "main";
        view[0].listed = true;
        view[0].size = count;
        memory.epoch = memory.cursor = "x";
        for (std::size_t n = 0; n < count; ++n) {
            LocalCompany local{.place = "bolag" + std::to_string(100000 + n), .company = number(n), .name = "Bolag AB"};
            local.preferences = {true, false};
            local.notice = 7;
            memory.agreements.put({"main", local.place}, {*local.company, {true, false}});
            memory.claims["main"].put({*local.company, ClaimStatus::granted, "", ""});
            memory.online[*local.company] = OnlineView{
                .version = 3, .notice = 7, .preferences = {true, false}, .state = CollaborationState::active};
            view[0].companies.push_back(std::make_shared<const LocalCompany>(std::move(local)));
        }
    }
    double median_ms() {
        std::vector<double> times;
        for (int i = 0; i < 21; ++i) {
            const auto begin = std::chrono::steady_clock::now();
            const auto plans = make_plan(identify(view, memory), memory, {});
            const auto end = std::chrono::steady_clock::now();
            if (plans.size() != view[0].companies.size()) std::abort();
            times.push_back(std::chrono::duration<double, std::milli>(end - begin).count());
        }
        std::sort(times.begin(), times.end());
        return times[times.size() / 2];
    }
    std::vector<LocalView> view{1};
    Memory memory;
};

}  // namespace

int main(int argc, char** argv) {
    const std::size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 10000;
    Books books{count};
    std::printf("plan of %zu companies         %8.1f ms where nothing changed\n", count, books.median_ms());
    for (auto& [company, online] : books.memory.online) online.preferences.receive_invoices = true;
    std::printf("plan of %zu companies         %8.1f ms where all changed\n", count, books.median_ms());
}
