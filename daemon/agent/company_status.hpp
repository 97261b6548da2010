// What people are told of one company.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "core/reason.hpp"
#include "core/time.hpp"
#include "sync/model.hpp"

namespace samsynk::agent {

enum class CompanyState {
    pending,  ///< not looked at yet
    synced,   ///< both sides are equal
    waiting,  ///< a wish waits for the collaboration to become active
    held,     ///< a person must decide
    failed,   ///< set aside with a reason; tried again
    ignored,  ///< `ignore: true`
    offline,  ///< its installation can't be reached: all else of it is as it was known last
};
inline constexpr std::array all_company_states{CompanyState::synced, CompanyState::waiting, CompanyState::held,
                                               CompanyState::failed, CompanyState::ignored, CompanyState::pending,
                                               CompanyState::offline};
std::string_view name_of(CompanyState state);

/// Shares what was found with the connector, and its reason with the plan: there are many of these.
struct CompanyStatus {
    std::string installation;
    sync::LocalCompanyPtr found;  ///< never null once published
    CompanyState state = CompanyState::pending;
    CompanyState before_offline = CompanyState::pending;  ///< means something where it is `offline`
    Reason reason;
    sync::CollaborationState collaboration = sync::CollaborationState::none;
    sync::Preferences agreed, online;
    std::optional<Time> last_success;
    std::optional<Time> next_try;  ///< of a company that failed, where it has a time of its own
    unsigned failures = 0;         ///< attempts in a row

    const std::string& place() const { return found->place; }
    const std::string& name() const { return found->name; }
    const std::optional<OrgNumber>& company() const { return found->company; }
    const sync::Preferences& local() const { return found->preferences; }
};

}  // namespace samsynk::agent
