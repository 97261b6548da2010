#include "control/exchange.hpp"

#include "core/problem.hpp"

namespace samsynk::control {

Response problem(int status, const Error& error) {
    return Response{.status = status, .content_type = problem_type, .body = problem_json(status, error)};
}

}  // namespace samsynk::control
