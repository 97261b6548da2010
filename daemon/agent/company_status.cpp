#include "agent/company_status.hpp"

namespace samsynk::agent {

std::string_view name_of(CompanyState state) {
    switch (state) {
        case CompanyState::pending:
            return "pending";
        case CompanyState::synced:
            return "synced";
        case CompanyState::waiting:
            return "waiting";
        case CompanyState::held:
            return "held";
        case CompanyState::failed:
            return "failed";
        case CompanyState::ignored:
            return "ignored";
        case CompanyState::offline:
            return "offline";
    }
    return "pending";
}

}  // namespace samsynk::agent
