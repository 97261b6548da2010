#include "sandbox/mail/letter.hpp"

#include <vector>

#include "core/org_number.hpp"
#include "core/personal_numbers.hpp"
#include "core/plain_text.hpp"
#include "core/text.hpp"
#include "sandbox/words/words.hpp"

namespace samsynk::sandbox {
namespace {

using Data = kainjow::mustache::data;
constexpr std::size_t longest_name = 200;

// Names come from outside.
std::string shown_name(const std::string& name) {
    return without_personal_numbers(without_steering(on_one_line(shortened(valid_utf8(name), longest_name))),
                                    Numbers::also_mistyped);
}

std::string with_number(const std::string& name, const std::string& digits) {
    const auto number = OrgNumber::parse(digits);
    return number.has_value() ? name + " (" + number->masked() + ")" : name;
}

// HTML has known this name for an apostrophe since its fifth version only, and there are older mail programs.
std::string for_older_programs(std::string html) {
    constexpr std::string_view name = "&apos;";
    for (std::size_t at = 0; (at = html.find(name, at)) != std::string::npos;) html.replace(at, name.size(), "&#39;");
    return html;
}

// The notice with names that can be shown, and its words.
class Writer {
public:
    Writer(const Notice& notice, const std::string& site) : notice_{notice}, site_{site} {
        for (std::string Notice::*name :
             {&Notice::to_name, &Notice::company_name, &Notice::office_name, &Notice::assignment_name})
            notice_.*name = shown_name(notice_.*name);
    }

    Letter letter() const {
        const std::string subject = word("mail_subject_" + kind() + (is_reminder() ? "_" + awaiting() : ""));
        Data data;
        data.set("subject", subject);
        data.set("greeting", word(notice_.to_name.empty() ? "mail_greeting_nameless" : "mail_greeting"));
        data.set("before", paragraphs(before()));
        data.set("facts", facts());
        data.set("action", word("mail_action_" + (is_invitation()     ? awaiting()
                                                  : notice_.to_office ? "office"
                                                                      : "customer")));
        data.set("url", url());
        data.set("after", paragraphs(after()));
        data.set("office", notice_.office_name);
        return {.language = notice_.language,
                .from_name = word("mail_from_name"),
                .to_name = notice_.to_name,
                .to_email = notice_.to_email,
                .subject = subject,
                .text = render("mail/letter.txt", data, notice_.language),
                .html = for_older_programs(render("mail/letter.html", data, notice_.language))};
    }

private:
    using Keys = std::vector<std::string>;

    std::string word(const std::string& key) const {
        return say(notice_.language, key,
                   {{"name", notice_.to_name},
                    {"company", notice_.company_name},
                    {"office", notice_.office_name},
                    {"expires_on", notice_.expires_on},
                    {"last_day", notice_.last_day}});
    }

    std::string kind() const { return std::string{name_of(notice_.kind)}; }
    bool is_reminder() const { return notice_.kind == NoticeKind::reminder; }
    bool is_invitation() const { return is_reminder() || kind().starts_with("invitation_"); }
    bool is_ending() const { return notice_.kind == NoticeKind::ending || notice_.kind == NoticeKind::ended; }

    // What an invitation waits for.
    std::string awaiting() const {
        const bool terms =
            is_reminder() ? notice_.awaiting == "terms" : notice_.kind == NoticeKind::invitation_new_on_spiris;
        return terms ? "terms" : "approval";
    }

    Keys before() const {
        std::string lead = "mail_lead_" + kind();
        if (is_ending()) lead += notice_.by_clock ? "_by_clock" : notice_.by_office ? "_by_office" : "_by_customer";
        if (!is_invitation()) return {lead};
        // A new administrator's is known; others may have signed in before, or not.
        std::string password = "perhaps";
        if (notice_.kind == NoticeKind::invitation_new_on_spiris)
            password = notice_.existing_administrator ? "known" : "new";
        return {lead, "mail_ask_" + awaiting(), "mail_password_" + password};
    }

    Keys after() const {
        switch (notice_.kind) {
            case NoticeKind::approved:
            case NoticeKind::terms_accepted:
                return {"mail_next_office", "mail_unexpected_from_customer"};
            case NoticeKind::declined:
            case NoticeKind::expired:
                return {"mail_invite_again", "mail_unexpected_from_customer"};
            case NoticeKind::ending:
            case NoticeKind::ended:
                return {notice_.kind == NoticeKind::ending ? "mail_until_last_day" : "mail_from_now_on",
                        notice_.to_office ? "mail_unexpected_from_customer" : "mail_unexpected_from_office"};
            default:
                break;
        }
        Keys keys{"mail_begins_" + awaiting()};
        if (!notice_.expires_on.empty()) keys.emplace_back("mail_until");
        keys.insert(keys.end(), {"mail_link_is_yours", "mail_unexpected_invitation"});
        return keys;
    }

    Data paragraphs(const Keys& keys) const {
        Data list{Data::type::list};
        for (const std::string& key : keys) list.push_back(Data{"text", word(key)});
        return list;
    }

    Data facts() const {
        Data list{Data::type::list};
        const auto add = [&](const char* label, const std::string& value) {
            if (value.empty()) return;
            Data fact;
            fact.set("label", word(label));
            fact.set("value", value);
            list.push_back(fact);
        };
        add("mail_company", with_number(notice_.company_name, notice_.company));
        add("office", with_number(notice_.office_name, notice_.office_company));
        add("mail_function", word("function"));
        add("assignment", notice_.assignment_name);
        for (const auto& [label, who] : {std::pair{"recipient", notice_.invoice_recipient}, {"payee", notice_.payee}})
            if (!who.empty()) add(label, word("mail_party_" + who));
        if (is_invitation()) add("mail_answer_by", notice_.expires_on);
        if (notice_.kind == NoticeKind::ending || notice_.by_clock) add("last_day", notice_.last_day);
        return list;
    }

    // A person's number does not stand in an address either.
    std::string url() const {
        const auto number = OrgNumber::parse(notice_.company);
        const bool named = number.has_value() && !number->is_person();
        if (is_invitation()) return site_ + "/spiris/inbjudan/" + notice_.token;
        if (!notice_.to_office) return site_ + "/spiris" + (named ? "/" + number->digits() : "");
        return site_ + "/byra/kunder" + (named ? "/" + number->digits() + "/samarbeten/digitala-fakturor" : "");
    }

    Notice notice_;
    const std::string& site_;
};

}  // namespace

Letter compose(const Notice& notice, const std::string& site) { return Writer{notice, site}.letter(); }

}  // namespace samsynk::sandbox
