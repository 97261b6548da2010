// What has been sent, and where it stands.
#include <boost/json.hpp>
#include <iostream>

#include "core/personal_numbers.hpp"
#include "sandbox/commands/common.hpp"

namespace samsynk::sandbox {
namespace {

namespace json = boost::json;

json::value or_null(const std::optional<Time>& time) {
    return time ? json::value(to_rfc3339(*time)) : json::value(nullptr);
}

// A person's is not shown whole.
std::string shown(const std::string& company) {
    const auto number = OrgNumber::parse(company);
    return number.has_value() && number->is_person() ? number->masked() : company;
}

json::object line_of(const PostedLetter& letter) {
    const Notice& notice = letter.notice;
    return {{"id", letter.id},
            {"created_at", to_rfc3339(letter.created_at)},
            {"company", shown(notice.company)},
            {"office", shown(notice.office_company)},
            {"kind", json::string{name_of(notice.kind)}},
            {"language", json::string{name_of(notice.language)}},
            {"to", without_personal_numbers(notice.to_email)},
            {"message_id", letter.message_id},
            {"state", json::string{name_of(letter.state)}},
            {"attempts", letter.attempts},
            {"next_attempt", or_null(letter.next_attempt)},
            {"sent_at", or_null(letter.sent_at)},
            {"trouble", letter.trouble ? json::value(to_text(*letter.trouble)) : json::value(nullptr)}};
}

}  // namespace

// The oldest first. No link of an invitation, no personal number.
void add_letter_commands(CLI::App& program, const Data& data) {
    auto* command = program.add_subcommand("letters", "Show what has been sent, and where it stands, a line each");
    auto number = std::make_shared<std::string>();
    command->add_option("NUMBER", *number, "Of one customer only");
    command->callback([=] {
        OfficeStore store = open(data);
        for (const PostedLetter& letter :
             number->empty() ? store.outbox().all() : store.outbox().letters_of(number_of(*number)))
            std::cout << line_of(letter) << "\n";
    });
}

}  // namespace samsynk::sandbox
