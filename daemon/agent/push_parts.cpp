#include "agent/push_parts.hpp"

#include <algorithm>

namespace samsynk::agent {
namespace {

constexpr int most_calls =
    64;  ///< a batch with three such operations needs as many; a service that takes none, no more

struct Span {
    std::size_t begin, end;
};

OperationResult refused(const sync::Operation& operation, const Error& why) {
    return {.operation_id = operation.id,
            .status = 422,
            .problem_code = std::string{name_of(Errc::call_refused)},
            .request_id = {},
            .record = {},
            .why = why};
}

}  // namespace

Async<std::vector<OperationResult>> push_in_parts(OnlineSide& online, std::string epoch,
                                                  std::vector<sync::Operation> operations) {
    std::vector<OperationResult> results;
    std::vector<Span> parts{{0, operations.size()}};
    for (int calls = 0; !parts.empty(); ++calls) {
        const Span part = parts.back();
        parts.pop_back();
        std::vector<sync::Operation> some{operations.begin() + static_cast<long>(part.begin),
                                          operations.begin() + static_cast<long>(part.end)};
        auto answered = co_await online.push(epoch, std::move(some));
        if (answered.has_value()) {
            std::move(answered->begin(), answered->end(), std::back_inserter(results));
            continue;
        }
        if (answered.error().code != Errc::call_refused || calls >= most_calls) co_return answered.error();
        if (part.end - part.begin == 1) {
            results.push_back(refused(operations[part.begin], answered.error()));
            continue;
        }
        const std::size_t middle = part.begin + (part.end - part.begin) / 2;
        parts.push_back({middle, part.end});
        parts.push_back({part.begin, middle});
    }
    co_return results;
}

}  // namespace samsynk::agent
