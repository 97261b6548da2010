#include "sandbox/mail/letter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <regex>

#include "mail_samples.hpp"
#include "sandbox/words/words.hpp"

namespace samsynk::sandbox {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// A text as it stands in HTML.
std::string in_html(std::string text) {
    for (const auto& [plain, escaped] :
         {std::pair{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}})
        text = std::regex_replace(text, std::regex{plain}, escaped);
    return text;
}

std::string kind_of(const Notice& notice) {
    return std::string{name_of(notice.kind)} + " " + std::string{name_of(notice.language)};
}

// What both forms say.
void expect_both(const Letter& letter, const std::string& text) {
    EXPECT_NE(letter.text.find(text), std::string::npos) << text << "\n" << letter.text;
    EXPECT_NE(letter.html.find(in_html(text)), std::string::npos) << in_html(text) << "\n" << letter.html;
}

TEST(MailLetter, OfEveryKindSaysTheEssentialInBothForms) {
    for (const Language language : {Language::sv, Language::en})
        for (const Notice& notice : all_samples(language)) {
            SCOPED_TRACE(kind_of(notice));
            const Letter letter = compose(notice, sample_site);
            EXPECT_FALSE(letter.subject.empty());
            for (const std::string& text :
                 {std::string{"Lindqvist Bygg AB (556016-0680)"}, std::string{"Norrsken Redovisning AB (556265-1892)"},
                  std::string{"Digitala fakturor & dokument"}, std::string{"Löpande bokföring"}, notice.to_name,
                  say(language, "mail_sandbox"),
                  say(language, "mail_party_" + notice.invoice_recipient,
                      {{"office", "Norrsken Redovisning AB"}, {"company", "Lindqvist Bygg AB"}})})
                expect_both(letter, text);
            EXPECT_THAT(letter.html, HasSubstr(language == Language::sv ? "<html lang=\"sv\">" : "<html lang=\"en\">"));
            EXPECT_EQ(letter.text.find(say(language, "payee") + ":") != std::string::npos, !notice.payee.empty());
            for (const std::string* part : {&letter.subject, &letter.text, &letter.html}) {
                EXPECT_THAT(*part, Not(HasSubstr("{{")));
                EXPECT_FALSE(std::regex_search(*part, std::regex{R"(\{\w*\})"})) << *part;
            }
        }
}

TEST(MailLetter, OfAnInvitationAsksForItsAnswerAndSaysUntilWhen) {
    for (const NoticeKind kind : {NoticeKind::invitation_with_function, NoticeKind::invitation_without_function,
                                  NoticeKind::invitation_new_on_spiris, NoticeKind::reminder}) {
        const Letter letter = compose(sample(kind), sample_site);
        const bool terms = kind == NoticeKind::invitation_new_on_spiris;
        expect_both(letter, terms ? "Du ombeds logga in på Spiris och godkänna villkoren för tjänsten."
                                  : "Du ombeds godkänna samarbetet genom att logga in på Spiris.");
        expect_both(letter, "https://localhost:8443/spiris/inbjudan/0123abcd");
        EXPECT_THAT(letter.html, HasSubstr("<a href=\"https://localhost:8443/spiris/inbjudan/0123abcd\""));
        expect_both(letter, "Länken gäller till och med 2026-12-24.");
        expect_both(letter, "Väntade du dig inte det här mejlet?");
    }
}

TEST(MailLetter, SaysWhatEachOfTheThreeSituationsActivated) {
    const auto text = [](NoticeKind kind) { return compose(sample(kind), sample_site).text; };
    EXPECT_THAT(text(NoticeKind::invitation_with_function), HasSubstr("har aktiverat ett samarbete"));
    EXPECT_THAT(text(NoticeKind::invitation_without_function), HasSubstr("har aktiverat både funktionen"));
    EXPECT_THAT(text(NoticeKind::invitation_new_on_spiris), HasSubstr("har aktiverat tjänsten"));
    EXPECT_THAT(text(NoticeKind::invitation_new_on_spiris), HasSubstr("administratör för Lindqvist Bygg AB på Spiris"));
    EXPECT_THAT(text(NoticeKind::invitation_new_on_spiris), HasSubstr("väljer du ett lösenord"));
    Notice known = sample(NoticeKind::invitation_new_on_spiris);
    known.existing_administrator = true;
    EXPECT_THAT(compose(known, sample_site).text, HasSubstr("det lösenord som du redan har"));
}

TEST(MailLetter, OfAnEndSaysWhoEndedItAndLeadsItsReaderHome) {
    Notice notice = sample(NoticeKind::ending);
    Letter letter = compose(notice, sample_site);
    expect_both(letter, "Norrsken Redovisning AB avslutar samarbetet");
    expect_both(letter, "2027-01-31");
    expect_both(letter, "https://localhost:8443/spiris/5560160680");
    notice.by_office = false;
    notice.to_office = true;
    letter = compose(notice, sample_site);
    expect_both(letter, "Lindqvist Bygg AB avslutar samarbetet");
    expect_both(letter, "https://localhost:8443/byra/kunder/5560160680/samarbeten/digitala-fakturor");
    notice.kind = NoticeKind::ended;
    EXPECT_THAT(compose(notice, sample_site).text, HasSubstr("Lindqvist Bygg AB har avslutat"));
    notice.by_clock = true;
    EXPECT_THAT(compose(notice, sample_site).text, HasSubstr("har passerat"));
}

TEST(MailLetter, EscapesNamesInHtmlAndKeepsThemOnOneLine) {
    Notice notice = sample(NoticeKind::invitation_new_on_spiris);
    notice.company_name = "<script>alert(1)</script> & \"Co\"";
    notice.office_name = "Byrån\r\nBcc: alla@example.com\u202e";
    notice.to_name = "Eva\n\nHej\x07";
    notice.assignment_name = "{{w.no}} {office}\xff";
    const Letter letter = compose(notice, sample_site);
    EXPECT_THAT(letter.html, Not(HasSubstr("<script")));
    EXPECT_THAT(letter.html, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Co&quot;"));
    EXPECT_THAT(letter.text, HasSubstr("<script>alert(1)</script> & \"Co\""));
    EXPECT_THAT(letter.text, HasSubstr("{{w.no}} {office}\xEF\xBF\xBD")) << "a name is no template";
    EXPECT_THAT(letter.text, HasSubstr("Hej Eva  Hej ,"));
    for (const std::string* line : {&letter.subject, &letter.to_name})
        EXPECT_EQ(line->find_first_of("\r\n"), std::string::npos) << *line;
    for (const std::string* part : {&letter.subject, &letter.text, &letter.html})
        EXPECT_THAT(*part, Not(HasSubstr("\u202e"))) << "it would turn what stands after it";
}

TEST(MailLetter, HasNoPersonalNumber) {
    for (const Language language : {Language::sv, Language::en})
        for (Notice notice : all_samples(language)) {
            SCOPED_TRACE(kind_of(notice));
            notice.company = "8001011231";
            notice.company_name = "Eva Åkesson, 800101-1231";
            notice.assignment_name = "Bokslut 198001011231";
            const Letter letter = compose(notice, sample_site);
            for (const std::string* part : {&letter.subject, &letter.text, &letter.html})
                for (const char* number : {"8001011231", "800101-1231"}) EXPECT_THAT(*part, Not(HasSubstr(number)));
            expect_both(letter, "(800101-****)");
        }
}

TEST(MailLetter, UsesEveryWordOfLetters) {
    for (const Language language : {Language::sv, Language::en}) {
        std::string all;
        for (const Notice& notice : all_samples(language)) {
            const Letter letter = compose(notice, sample_site);
            all += letter.from_name + "\n" + letter.subject + "\n" + letter.text + "\n" + letter.html + "\n";
        }
        const std::string file{asset("words/mail." + std::string{name_of(language)} + ".json")};
        const boost::json::value words = boost::json::parse(file);
        for (const auto& [key, word] : words.as_object()) {
            EXPECT_TRUE(key.starts_with("mail_")) << key;
            if (key.starts_with("mail_kind_") || key.starts_with("mail_state_")) continue;  // the pages' own
            const std::string said = say(language, std::string{key},
                                         {{"name", "Eva Åkesson"},
                                          {"company", "Lindqvist Bygg AB"},
                                          {"office", "Norrsken Redovisning AB"},
                                          {"expires_on", "2026-12-24"},
                                          {"last_day", "2027-01-31"}});
            EXPECT_NE(all.find(said), std::string::npos) << key << ": " << said;
        }
    }
}

TEST(MailLetter, UsesOnlyKnownWordsInItsTemplates) {
    for (const char* name : {"mail/letter.html", "mail/letter.txt"}) {
        const std::string text{asset(name)};
        const std::regex word{R"(\{\{w\.(\w+)\}\})"};
        for (std::sregex_iterator at{text.begin(), text.end(), word}, end; at != end; ++at)
            for (const Language language : {Language::sv, Language::en}) EXPECT_NO_THROW(say(language, (*at)[1]));
    }
}

}  // namespace
}  // namespace samsynk::sandbox
