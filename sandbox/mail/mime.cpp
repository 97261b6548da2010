#include "sandbox/mail/mime.hpp"

#include <gmime/gmime.h>

#include <memory>

#include "core/text.hpp"

namespace samsynk::sandbox {
namespace {

// A C object of GMime's, given back when it goes out of sight.
struct GiveBack {
    void operator()(GMimeFormatOptions* options) const { g_mime_format_options_free(options); }
    void operator()(GDateTime* time) const { g_date_time_unref(time); }
    void operator()(char* text) const { g_free(text); }
    void operator()(void* object) const { g_object_unref(object); }
};
template <class T>
using Held = std::unique_ptr<T, GiveBack>;

void begin_once() {
    static const bool begun = (g_mime_init(), true);
    (void)begun;
}

void set_header(GMimeObject* object, const char* name, const std::string& value) {
    g_mime_object_set_header(object, name, value.c_str(), "utf-8");
}

// In UTF-8, as the HTML says of itself; by itself GMime takes the smallest set of characters that has them all.
Held<GMimePart> part_of(const char* kind, const std::string& text, Language language) {
    Held<GMimePart> part{g_mime_part_new_with_type("text", kind)};
    const Held<GMimeStream> stream{g_mime_stream_mem_new_with_buffer(text.data(), text.size())};
    const Held<GMimeDataWrapper> content{
        g_mime_data_wrapper_new_with_stream(stream.get(), GMIME_CONTENT_ENCODING_DEFAULT)};
    g_mime_object_set_content_type_parameter(GMIME_OBJECT(part.get()), "charset", "utf-8");
    g_mime_part_set_content(part.get(), content.get());
    g_mime_part_set_content_encoding(part.get(), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    set_header(GMIME_OBJECT(part.get()), "Content-Language", std::string{name_of(language)});
    return part;
}

void add_address(GMimeMessage* message, GMimeAddressType type, const std::string& name, const std::string& address) {
    const Held<InternetAddress> mailbox{internet_address_mailbox_new(on_one_line(name).c_str(), address.c_str())};
    internet_address_set_charset(mailbox.get(), "utf-8");
    internet_address_list_add(g_mime_message_get_addresses(message, type), mailbox.get());
}

// Of the message's own id, so that a message that is made once more is the same.
std::string boundary_of(const std::string& message_id) { return "=-" + message_id.substr(0, message_id.find('@')); }

Held<GMimeMultipart> body_of(const Letter& letter, const std::string& message_id) {
    Held<GMimeMultipart> body{g_mime_multipart_new_with_subtype("alternative")};
    g_mime_multipart_set_boundary(body.get(), boundary_of(message_id).c_str());
    for (const auto& [kind, text] : {std::pair{"plain", &letter.text}, std::pair{"html", &letter.html}})
        g_mime_multipart_add(body.get(), GMIME_OBJECT(part_of(kind, *text, letter.language).get()));
    return body;
}

std::string written(GMimeMessage* message) {
    const Held<GMimeFormatOptions> options{g_mime_format_options_new()};
    g_mime_format_options_set_newline_format(options.get(), GMIME_NEWLINE_FORMAT_DOS);
    const Held<char> text{g_mime_object_to_string(GMIME_OBJECT(message), options.get())};
    return text.get();
}

}  // namespace

std::string to_mime(const Letter& letter, const Envelope& envelope) {
    begin_once();
    const Held<GMimeMessage> message{g_mime_message_new(TRUE)};
    add_address(message.get(), GMIME_ADDRESS_TYPE_FROM, letter.from_name, envelope.from);
    add_address(message.get(), GMIME_ADDRESS_TYPE_TO, letter.to_name, letter.to_email);
    g_mime_message_set_subject(message.get(), on_one_line(letter.subject).c_str(), "utf-8");
    const auto seconds = std::chrono::floor<std::chrono::seconds>(envelope.date).time_since_epoch().count();
    const Held<GDateTime> date{g_date_time_new_from_unix_utc(seconds)};
    g_mime_message_set_date(message.get(), date.get());
    g_mime_message_set_message_id(message.get(), envelope.message_id.c_str());
    set_header(GMIME_OBJECT(message.get()), "Auto-Submitted", "auto-generated");
    set_header(GMIME_OBJECT(message.get()), "Content-Language", std::string{name_of(letter.language)});
    const auto body = body_of(letter, envelope.message_id);
    g_mime_message_set_mime_part(message.get(), GMIME_OBJECT(body.get()));
    return written(message.get());
}

}  // namespace samsynk::sandbox
