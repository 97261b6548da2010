#include "app/longest_step.hpp"

#include <algorithm>

#include "installations/connectors.hpp"
#include "installations/exec/exec_installation.hpp"

namespace samsynk::app {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds short_enough = std::chrono::minutes{2};
constexpr int parts_of_a_connection = 4;  ///< name, address, a proxy's tunnel, TLS

milliseconds longest_call(const settings::Installation& installation) {
    if (installation.connector == "sql")
        return installation.timeout.value_or(installations::DatabaseAddress{}.patience) *
               installations::patience_of_calls;
    if (installation.connector == "exec") {
        const milliseconds usual = installations::ExecOptions{}.reply_timeout;
        return (installation.timeout ? milliseconds{*installation.timeout} : usual) *
               installations::patience_for_answer;
    }
    return short_enough;
}

}  // namespace

milliseconds longest_step(const settings::Settings& settings) {
    milliseconds longest = settings.service.reply_timeout + settings.service.connect_timeout * parts_of_a_connection;
    for (const settings::Installation& installation : settings.installations)
        longest = std::max(longest, longest_call(installation));
    return longest > short_enough ? longest : milliseconds{0};
}

}  // namespace samsynk::app
