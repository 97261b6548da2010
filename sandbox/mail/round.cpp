#include "sandbox/mail/round.hpp"

#include <algorithm>

#include "core/personal_numbers.hpp"
#include "core/plain_text.hpp"
#include "sandbox/mail/letter.hpp"
#include "sandbox/mail/mime.hpp"

namespace samsynk::sandbox {
namespace {

// More than a delivery takes, so that a letter is taken over only from who is gone.
constexpr std::chrono::seconds spare{60};

}  // namespace

std::string parcel_name(const PostedLetter& letter) {
    std::string time = to_rfc3339(letter.created_at);
    std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
    std::string id = std::to_string(letter.id);
    id.insert(0, id.size() < 6 ? 6 - id.size() : 0, '0');
    const auto number = OrgNumber::parse(letter.notice.company);
    const std::string company = number.has_value() && !number->is_person() ? "-" + number->digits() : "";
    return time + "-" + id + company + "-" + std::string{name_of(letter.notice.kind)};
}

void Round::go() {
    while (!around_.stop()) {
        const Time now = around_.clock();
        const auto letter = store_.outbox().take(now, now + delivery_.longest() + spare);
        if (!letter || !record(*letter, send(*letter))) return;
    }
}

Delivered Round::send(const PostedLetter& letter) {
    if (!is_email(letter.notice.to_email))
        return {Fate::refused,
                {N_("{email} is not an address that can be written to."),
                 {{"email", one_line(without_personal_numbers(letter.notice.to_email))}}}};
    Parcel parcel{.name = parcel_name(letter), .from = around_.from, .to = letter.notice.to_email, .message = {}};
    try {
        parcel.message = to_mime(compose(letter.notice, around_.site),
                                 {.from = around_.from, .message_id = letter.message_id, .date = letter.created_at});
    } catch (const std::exception& fault) {
        return {Fate::refused, {N_("The letter could not be written: {reason}"), {{"reason", fault.what()}}}};
    }
    return delivery_.deliver(parcel, around_.give_up);
}

// Whether others are to be tried.
bool Round::record(const PostedLetter& letter, const Delivered& delivered) {
    Outbox& outbox = store_.outbox();
    const Time now = around_.clock();
    switch (delivered.fate) {
        case Fate::delivered:
            outbox.sent(letter.id, now);
            break;
        case Fate::refused:
            outbox.refused(letter.id, delivered.trouble);
            break;
        case Fate::not_now:
            outbox.not_sent(letter.id, delivered.trouble, now);
            break;
        case Fate::no_way:
            outbox.hold_up(letter.id, delivered.trouble, now);
            break;
        case Fate::interrupted:
            outbox.give_back(letter.id);
            break;
    }
    tell(letter, delivered);
    return delivered.fate != Fate::no_way && delivered.fate != Fate::interrupted;
}

// Trouble with the way is told when it begins, changes and ends; a letter's own each time that it is another.
void Round::tell(const PostedLetter& letter, const Delivered& delivered) {
    if (delivered.fate == Fate::interrupted) return;
    const std::string text = to_text(delivered.trouble);
    if (delivered.fate == Fate::no_way) {
        if (text != way_trouble_) around_.log(text + " Letters are kept and tried again.");
        way_trouble_ = text;
        return;
    }
    if (!way_trouble_.empty()) {
        around_.log("Letters are sent again.");
        way_trouble_.clear();
        store_.outbox().go_on(around_.clock());
    }
    if (delivered.fate == Fate::delivered || (letter.trouble && to_text(*letter.trouble) == text)) return;
    around_.log("Letter " + std::to_string(letter.id) + ": " + text +
                (delivered.fate == Fate::refused ? " It is not tried again; the step that it tells of stands."
                                                 : " It is kept and tried again."));
}

}  // namespace samsynk::sandbox
