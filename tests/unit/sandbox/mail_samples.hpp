// Notices of every kind, for the tests of letters.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "sandbox/flow/notice.hpp"

namespace samsynk::sandbox {

inline std::filesystem::path new_folder() {
    const auto folder = std::filesystem::temp_directory_path() / ("samsynk-mail-" + random_hex(6));
    std::filesystem::create_directory(folder);
    return folder;
}

inline constexpr const char* sample_site = "https://localhost:8443";

inline Notice sample(NoticeKind kind, Language language = Language::sv) {
    Notice notice{.kind = kind,
                  .language = language,
                  .to_name = "Eva Åkesson",
                  .to_email = "eva@lindqvist.example",
                  .company = "5560160680",
                  .company_name = "Lindqvist Bygg AB",
                  .office_company = "5562651892",
                  .office_name = "Norrsken Redovisning AB",
                  .assignment_name = "Löpande bokföring",
                  .invoice_recipient = "office",
                  .payee = "customer",
                  .token = {},
                  .expires_on = "2026-12-24",
                  .last_day = {},
                  .awaiting = {}};
    switch (kind) {
        case NoticeKind::invitation_with_function:
        case NoticeKind::invitation_without_function:
        case NoticeKind::invitation_new_on_spiris:
        case NoticeKind::reminder:
            notice.token = "0123abcd";
            notice.awaiting = kind == NoticeKind::invitation_new_on_spiris ? "terms" : "approval";
            break;
        case NoticeKind::ending:
            notice.last_day = "2027-01-31";
            notice.by_office = true;
            break;
        case NoticeKind::ended:
            notice.by_office = true;
            break;
        default:
            notice.to_office = true;
    }
    return notice;
}

inline constexpr NoticeKind all_kinds[] = {NoticeKind::invitation_with_function,
                                           NoticeKind::invitation_without_function,
                                           NoticeKind::invitation_new_on_spiris,
                                           NoticeKind::reminder,
                                           NoticeKind::approved,
                                           NoticeKind::terms_accepted,
                                           NoticeKind::declined,
                                           NoticeKind::expired,
                                           NoticeKind::ending,
                                           NoticeKind::ended};

/// Every kind with all that can be said otherwise of it, in one language.
inline std::vector<Notice> all_samples(Language language) {
    std::vector<Notice> notices;
    for (const NoticeKind kind : all_kinds) {
        notices.push_back(sample(kind, language));
        Notice other = notices.back();
        other.existing_administrator = true;
        other.awaiting = "terms";
        other.by_office = false;
        other.to_office = true;
        other.invoice_recipient = "customer";
        other.payee = "";
        other.to_name = "";
        if (!other.token.empty()) other.to_office = false;
        notices.push_back(other);
        if (kind != NoticeKind::ended) continue;
        other.by_clock = true;
        other.last_day = "2027-01-31";
        notices.push_back(other);
    }
    return notices;
}

}  // namespace samsynk::sandbox
