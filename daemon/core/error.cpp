#include "core/error.hpp"

namespace samsynk {

bool is_of_service(Errc code) { return code >= Errc::service_unreachable && code <= Errc::cursor_expired; }

std::string_view name_of(Errc code) {
    switch (code) {
        case Errc::missing_number:
            return "missing_number";
        case Errc::invalid_number:
            return "invalid_number";
        case Errc::placeholder_number:
            return "placeholder_number";
        case Errc::unreadable:
            return "unreadable";
        case Errc::bad_file:
            return "bad_file";
        case Errc::busy:
            return "busy";
        case Errc::write_failed:
            return "write_failed";
        case Errc::changed_meanwhile:
            return "changed_meanwhile";
        case Errc::duplicate:
            return "duplicate";
        case Errc::identity_changed:
            return "identity_changed";
        case Errc::new_company:
            return "new_company";
        case Errc::unknown_company:
            return "unknown_company";
        case Errc::claim_held:
            return "claim_held";
        case Errc::followed_choice:
            return "followed_choice";
        case Errc::waits_for_leader:
            return "waits_for_leader";
        case Errc::claim_released:
            return "claim_released";
        case Errc::bad_record:
            return "bad_record";
        case Errc::first_contact:
            return "first_contact";
        case Errc::base_lost:
            return "base_lost";
        case Errc::service_restored:
            return "service_restored";
        case Errc::unclear_write:
            return "unclear_write";
        case Errc::mass_change:
            return "mass_change";
        case Errc::collaboration_not_active:
            return "collaboration_not_active";
        case Errc::version_mismatch:
            return "version_mismatch";
        case Errc::rejected:
            return "rejected";
        case Errc::installation_offline:
            return "installation_offline";
        case Errc::service_unreachable:
            return "service_unreachable";
        case Errc::tls_failed:
            return "tls_failed";
        case Errc::sign_in_failed:
            return "sign_in_failed";
        case Errc::forbidden:
            return "forbidden";
        case Errc::rate_limited:
            return "rate_limited";
        case Errc::service_error:
            return "service_error";
        case Errc::call_refused:
            return "call_refused";
        case Errc::bad_reply:
            return "bad_reply";
        case Errc::epoch_changed:
            return "epoch_changed";
        case Errc::cursor_expired:
            return "cursor_expired";
        case Errc::state_failed:
            return "state_failed";
        case Errc::state_newer:
            return "state_newer";
        case Errc::cancelled:
            return "cancelled";
        case Errc::bad_settings:
            return "bad_settings";
        case Errc::bad_request:
            return "bad_request";
        case Errc::not_found:
            return "not_found";
        case Errc::not_permitted:
            return "not_permitted";
        case Errc::company_missing:
            return "company_missing";
        case Errc::not_configured:
            return "not_configured";
        case Errc::too_many:
            return "too_many";
        case Errc::daemon_unreachable:
            return "daemon_unreachable";
    }
    return "unknown";
}

Error fail(Errc code, std::string message_id, std::vector<std::pair<std::string, std::string>> args,
           std::string detail) {
    return Error{code, Message{std::move(message_id), std::move(args)}, std::move(detail)};
}

void throw_exception_from_error(const Error& error, const boost::source_location& where) {
    throw BadResultAccess{to_text(error.message) + " (" + where.file_name() + ":" + std::to_string(where.line()) + ")"};
}

}  // namespace samsynk
