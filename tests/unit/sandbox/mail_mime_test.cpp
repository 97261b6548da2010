#include "sandbox/mail/mime.hpp"

#include <gmime/gmime.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "mail_samples.hpp"

namespace samsynk::sandbox {
namespace {

using testing::HasSubstr;
using testing::Not;

const Envelope envelope{.from = "byrastod@sandbox.example",
                        .message_id = "0123456789abcdef0123456789abcdef@samsynk-sandbox.example",
                        .date = parse_rfc3339("2026-11-25T20:50:07Z").value()};

struct GiveBack {
    void operator()(void* object) const { g_object_unref(object); }
};
template <class T>
using Held = std::unique_ptr<T, GiveBack>;

// A message as who gets it reads it.
class Read {
public:
    explicit Read(const std::string& text) {
        g_mime_init();
        const Held<GMimeStream> stream{g_mime_stream_mem_new_with_buffer(text.data(), text.size())};
        const Held<GMimeParser> parser{g_mime_parser_new_with_stream(stream.get())};
        message_.reset(g_mime_parser_construct_message(parser.get(), nullptr));
    }
    GMimeMessage* operator->() const { return message_.get(); }
    GMimeMessage* get() const { return message_.get(); }
    // What begins with Content belongs to the body.
    std::string header(const std::string& name) const {
        auto* object =
            name.starts_with("Content-") ? g_mime_message_get_mime_part(message_.get()) : GMIME_OBJECT(message_.get());
        const char* value = g_mime_object_get_header(object, name.c_str());
        return value ? value : "";
    }
    int headers() const {
        return g_mime_header_list_get_count(g_mime_object_get_header_list(GMIME_OBJECT(message_.get())));
    }
    InternetAddressMailbox* only(GMimeAddressType type) const {
        auto* list = g_mime_message_get_addresses(message_.get(), type);
        EXPECT_EQ(internet_address_list_length(list), 1);
        return INTERNET_ADDRESS_MAILBOX(internet_address_list_get_address(list, 0));
    }
    std::string part(int number) const {
        auto* parts = GMIME_MULTIPART(g_mime_message_get_mime_part(message_.get()));
        EXPECT_EQ(g_mime_multipart_get_count(parts), 2);
        auto* one = GMIME_TEXT_PART(g_mime_multipart_get_part(parts, number));
        const std::unique_ptr<char, void (*)(void*)> text{g_mime_text_part_get_text(one), g_free};
        std::string lines{text.get()};
        std::erase(lines, '\r');
        return lines;
    }

private:
    Held<GMimeMessage> message_;
};

TEST(MailMime, IsReadBackAsItWasWritten) {
    for (const Language language : {Language::sv, Language::en})
        for (const Notice& notice : all_samples(language)) {
            const Letter letter = compose(notice, sample_site);
            const Read read{to_mime(letter, envelope)};
            EXPECT_EQ(read.part(0), letter.text);
            EXPECT_EQ(read.part(1), letter.html);
            EXPECT_EQ(g_mime_message_get_subject(read.get()), letter.subject);
            auto* to = read.only(GMIME_ADDRESS_TYPE_TO);
            EXPECT_STREQ(internet_address_mailbox_get_addr(to), "eva@lindqvist.example");
            const char* name = internet_address_get_name(INTERNET_ADDRESS(to));
            EXPECT_EQ(std::string{name ? name : ""}, letter.to_name);
            auto* from = read.only(GMIME_ADDRESS_TYPE_FROM);
            EXPECT_STREQ(internet_address_mailbox_get_addr(from), "byrastod@sandbox.example");
            EXPECT_EQ(internet_address_get_name(INTERNET_ADDRESS(from)), letter.from_name);
            EXPECT_EQ(g_mime_message_get_message_id(read.get()), envelope.message_id);
            EXPECT_EQ(g_date_time_to_unix(g_mime_message_get_date(read.get())),
                      std::chrono::floor<std::chrono::seconds>(envelope.date).time_since_epoch().count());
            EXPECT_EQ(read.header("Auto-Submitted"), "auto-generated");
            EXPECT_EQ(read.header("Content-Language"), name_of(language));
            EXPECT_EQ(read.header("MIME-Version"), "1.0");
        }
}

TEST(MailMime, HasLinesThatEveryServerTakes) {
    const std::string message = to_mime(compose(sample(NoticeKind::invitation_new_on_spiris), sample_site), envelope);
    std::size_t at = 0;
    for (std::size_t end; (end = message.find('\n', at)) != std::string::npos; at = end + 1) {
        ASSERT_GT(end, at);
        EXPECT_EQ(message[end - 1], '\r');
        EXPECT_LE(end - at, 80U) << message.substr(at, end - at);
    }
    EXPECT_EQ(at, message.size()) << "the last line ends too";
    for (const char c : message) EXPECT_TRUE(c == '\r' || c == '\n' || c == '\t' || (c >= ' ' && c < 0x7f)) << int{c};
    EXPECT_THAT(message, HasSubstr("Content-Transfer-Encoding: quoted-printable"));
    EXPECT_THAT(message, Not(HasSubstr("iso-8859")));
}

TEST(MailMime, GivesNoNameAHeaderOfItsOwn) {
    Letter letter = compose(sample(NoticeKind::approved), sample_site);
    const int headers = Read{to_mime(letter, envelope)}.headers();
    for (const char* evil : {"Eva\r\nBcc: alla@example.com", "Eva\nX-Evil: 1\n\nbrev", "Eva\r\n\r\nbrev",
                             "Eva <x@y.z>, ", "\"Eva\" <x@y.example>\r\n"}) {
        letter.to_name = evil;
        letter.subject = evil;
        const Read read{to_mime(letter, envelope)};
        EXPECT_EQ(read.headers(), headers) << evil;
        EXPECT_EQ(read.header("Bcc"), "");
        const char* name = internet_address_get_name(INTERNET_ADDRESS(read.only(GMIME_ADDRESS_TYPE_TO)));
        for (const std::string& shown : {std::string{g_mime_message_get_subject(read.get())}, std::string{name}})
            EXPECT_EQ(shown.find_first_of("\r\n"), std::string::npos) << shown;
        EXPECT_STREQ(internet_address_mailbox_get_addr(read.only(GMIME_ADDRESS_TYPE_TO)), "eva@lindqvist.example");
        EXPECT_EQ(read.part(0), letter.text);
    }
}

TEST(MailMime, IsTheSameTextWhenItIsMadeOnceMore) {
    const Letter letter = compose(sample(NoticeKind::reminder), sample_site);
    EXPECT_EQ(to_mime(letter, envelope), to_mime(letter, envelope));
}

}  // namespace
}  // namespace samsynk::sandbox
