#include "sandbox/flow/rules.hpp"

#include <array>
#include <utility>

namespace samsynk::sandbox {
namespace {

constexpr Place never{std::nullopt}, for_approval{State::invited, "approval"}, for_terms{State::invited, "terms"},
    active{State::active}, declined{State::declined}, expired{State::expired}, ending{State::ending},
    ended{State::ended};

constexpr std::array table{
    Rule{Step::activate, Party::office, never, for_approval},
    Rule{Step::activate, Party::office, never, for_terms},
    Rule{Step::activate, Party::office, declined, for_approval},
    Rule{Step::activate, Party::office, declined, for_terms},
    Rule{Step::activate, Party::office, expired, for_approval},
    Rule{Step::activate, Party::office, expired, for_terms},
    Rule{Step::activate, Party::office, ended, for_approval},
    Rule{Step::activate, Party::office, ended, for_terms},
    Rule{Step::remind, Party::office, for_approval, for_approval},
    Rule{Step::remind, Party::office, for_terms, for_terms},
    Rule{Step::withdraw, Party::office, for_approval, expired},
    Rule{Step::withdraw, Party::office, for_terms, expired},
    Rule{Step::approve, Party::customer, for_approval, active},
    Rule{Step::accept_terms, Party::customer, for_terms, active},
    Rule{Step::decline, Party::customer, for_approval, declined},
    Rule{Step::decline, Party::customer, for_terms, declined},
    Rule{Step::expire, Party::clock, for_approval, expired},
    Rule{Step::expire, Party::clock, for_terms, expired},
    Rule{Step::end_now, Party::office, active, ended},
    Rule{Step::end_now, Party::customer, active, ended},
    Rule{Step::end_now, Party::office, ending, ended},
    Rule{Step::end_now, Party::customer, ending, ended},
    Rule{Step::end_on, Party::office, active, ending},
    Rule{Step::end_on, Party::customer, active, ending},
    Rule{Step::end_on, Party::office, ending, ending},
    Rule{Step::end_on, Party::customer, ending, ending},
    Rule{Step::pass_end, Party::clock, ending, ended},
};

constexpr std::array<std::pair<State, std::string_view>, 6> states{{{State::invited, "invited"},
                                                                    {State::active, "active"},
                                                                    {State::declined, "declined"},
                                                                    {State::expired, "expired"},
                                                                    {State::ending, "ending"},
                                                                    {State::ended, "ended"}}};

constexpr std::array<std::pair<Step, std::string_view>, 10> steps{{{Step::activate, "activate"},
                                                                   {Step::remind, "remind"},
                                                                   {Step::withdraw, "withdraw"},
                                                                   {Step::approve, "approve"},
                                                                   {Step::accept_terms, "accept_terms"},
                                                                   {Step::decline, "decline"},
                                                                   {Step::expire, "expire"},
                                                                   {Step::end_now, "end_now"},
                                                                   {Step::end_on, "end_on"},
                                                                   {Step::pass_end, "pass_end"}}};

}  // namespace

std::span<const Rule> rules() { return table; }

std::optional<Place> after(const Place& from, Step step, Party by, std::string_view awaiting) {
    for (const Rule& rule : table)
        if (rule.step == step && rule.by == by && rule.from == from &&
            (step != Step::activate || rule.to.awaiting == awaiting))
            return rule.to;
    return std::nullopt;
}

std::string_view name_of(State state) {
    for (const auto& [known, name] : states)
        if (known == state) return name;
    return {};
}

std::optional<State> state_named(std::string_view name) {
    for (const auto& [state, known] : states)
        if (known == name) return state;
    return std::nullopt;
}

std::string_view name_of(Step step) {
    for (const auto& [known, name] : steps)
        if (known == step) return name;
    return {};
}

std::optional<Step> step_named(std::string_view name) {
    for (const auto& [step, known] : steps)
        if (known == name) return step;
    return std::nullopt;
}

bool can_lead_to(Step step, State state) {
    for (const Rule& rule : table)
        if (rule.step == step && rule.to.state == state) return true;
    return false;
}

std::string_view name_of(Party party) {
    return party == Party::office ? "office" : party == Party::customer ? "customer" : "clock";
}

}  // namespace samsynk::sandbox
