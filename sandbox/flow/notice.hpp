// What a person is to be told by e-mail when a step of the flow is done. Values: what it says and where it goes is for
// the rooms around.
#pragma once

#include <string>
#include <string_view>

namespace samsynk::sandbox {

enum class Language { sv, en };
std::string_view name_of(Language language);
/// Swedish, unless it is `en`.
Language language_named(std::string_view name);

enum class NoticeKind {
    invitation_with_function,     ///< to the customer: the collaboration is activated; approve
    invitation_without_function,  ///< to the customer: collaboration and function are activated; approve
    invitation_new_on_spiris,     ///< to the new administrator: all is activated; sign in and accept the terms
    reminder,                     ///< to the customer: the invitation still waits
    approved,                     ///< to the office: the customer approved
    terms_accepted,               ///< to the office: the customer accepted the terms
    declined,                     ///< to the office
    expired,                      ///< to the office: nobody answered in time
    ending,                       ///< to the other party: it ends after `last_day`
    ended,                        ///< to the other party: it has ended
};
std::string_view name_of(NoticeKind kind);
/// `expired` where there is no such name: callers write only what name_of gave.
NoticeKind notice_named(std::string_view name);

struct Notice {
    NoticeKind kind = NoticeKind::invitation_with_function;
    Language language = Language::sv;
    std::string to_name, to_email;
    std::string company;  ///< ten digits
    std::string company_name;
    std::string office_company, office_name;
    std::string assignment_name;
    std::string invoice_recipient;        ///< `office` or `customer`
    std::string payee;                    ///< the same, or empty: not stated
    std::string token;                    ///< of an invitation's link: SITE/spiris/inbjudan/TOKEN; empty to an office
    std::string expires_on;               ///< the last day to answer an invitation (2026-12-31)
    std::string last_day;                 ///< of a collaboration that ends on a date
    std::string awaiting;                 ///< of a reminder: `approval` or `terms`
    bool existing_administrator = false;  ///< the person has signed in to Spiris before: no password is to be chosen
    bool by_office = false;               ///< of `ending` and `ended`: who ended it
    bool by_clock = false;                ///< the same: nobody did, the last day passed
    bool to_office = false;               ///< the reader works there; else speaks for the customer

    bool operator==(const Notice&) const = default;
};

}  // namespace samsynk::sandbox
