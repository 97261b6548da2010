#include "ui/exchange.hpp"

#include "core/problem.hpp"

namespace samsynk::ui {

Answer problem(int status, const Error& error) {
    return {.status = status, .content_type = problem_type, .body = problem_json(status, error)};
}

std::string_view token_of(const Asked& asked) {
    constexpr std::string_view scheme = "Bearer ";
    const std::string_view given = asked.authorization;
    return given.starts_with(scheme) ? given.substr(scheme.size()) : std::string_view{};
}

}  // namespace samsynk::ui
