// Everything that can be expected to go wrong, as values with stable names.
#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

#include "core/message.hpp"

namespace samsynk {

/// Stable codes: they appear in JSON (`code`), in logs and in docs. Add, never rename.
enum class Errc {
    // one company
    missing_number,            ///< no organisation number was found
    invalid_number,            ///< wrong length, letters or check digit
    placeholder_number,        ///< 555555-5555 or 000000-0000
    unreadable,                ///< a file or folder can't be read
    bad_file,                  ///< a file was read but makes no sense
    busy,                      ///< locked by someone else; tried again by itself
    write_failed,              ///< a file could not be replaced
    changed_meanwhile,         ///< someone changed the value since it was read; theirs stands
    duplicate,                 ///< the number stands in several places
    identity_changed,          ///< the place shows another number than before
    new_company,               ///< nothing was agreed with the place yet, and the configuration wants to be asked
    unknown_company,           ///< the online account does not have the company
    claim_held,                ///< another installation holds the company online
    followed_choice,           ///< a choice was made in a place that follows another one
    waits_for_leader,          ///< the place follows another one, which is not settled now
    claim_released,            ///< a person gave the claim up; it is not taken up again by itself
    bad_record,                ///< the online record has a value this version does not know
    first_contact,             ///< both sides chose differently before Samsynk came; policy is hold
    base_lost,                 ///< both sides differ and what was last agreed is lost
    service_restored,          ///< the service was restored and shows another value than before
    unclear_write,             ///< an operation never got a clear answer, and the online value is another
    mass_change,               ///< too many values would be overwritten at once
    collaboration_not_active,  ///< the wish waits for an active collaboration
    version_mismatch,          ///< the record moved on while we wrote
    rejected,                  ///< the service refused the operation
    company_missing,           ///< it was found locally before, and is not any more
    // a whole run
    installation_offline,  ///< the installation's root can't be reached
    service_unreachable,   ///< name, connection, or deadline
    tls_failed,            ///< the certificate or the protocol did not verify
    sign_in_failed,        ///< the identity provider said no
    forbidden,             ///< signed in, but not allowed
    rate_limited,          ///< 429
    service_error,         ///< 5xx, or an answer of another kind than agreed
    call_refused,          ///< the service can't use what a call says, as a whole (400, 413, 422)
    bad_reply,             ///< malformed, truncated, oversized or wrong types
    epoch_changed,         ///< the service was restored
    cursor_expired,        ///< the change feed must begin anew
    state_failed,          ///< the state database failed
    state_newer,           ///< the state database was written by a newer version
    cancelled,             ///< stopped by a person or by shutdown
    // the agent's surroundings
    bad_settings,
    bad_request,
    not_found,
    not_permitted,
    not_configured,  ///< the configuration says nothing yet
    too_many,        ///< of those who are connected; try again
    daemon_unreachable,
};

/// Of the way to the online service, or of the service as a whole: it stands for the online side.
bool is_of_service(Errc code);

/// The code as written in JSON and logs: `placeholder_number`.
std::string_view name_of(Errc code);

/// What went wrong: a stable code for programs, a sentence for people.
/// The sentence says what happened to which company, file or request, and what to do.
/// `detail` is for the log only (a library's own words); never a secret.
struct Error {
    Errc code{};
    Message message;
    std::string detail;

    bool operator==(const Error&) const = default;
};

/// Short way to make an Error: `fail(Errc::bad_file, N_("{file} is not YAML"), {{"file", path}})`.
Error fail(Errc code, std::string message_id, std::vector<std::pair<std::string, std::string>> args = {},
           std::string detail = {});

/// Thrown only where a Result is used as if it held a value: a programming error.
struct BadResultAccess : std::logic_error {
    using std::logic_error::logic_error;
};
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

/// A value or an Error. `std::expected` is not in C++20.
template <class T = void>
using Result = boost::system::result<T, Error>;

}  // namespace samsynk
