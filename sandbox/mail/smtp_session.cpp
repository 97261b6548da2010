#include "sandbox/mail/smtp_session.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>

namespace samsynk::sandbox {
namespace {

struct Close {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, Close>;
using List = std::unique_ptr<curl_slist, Close>;

constexpr std::size_t longest_reply = 2000;
constexpr std::chrono::seconds longest_goodbye{2};

struct Conversation {
    std::string_view rest;  // of the message, still to be sent
    const std::function<bool()>& give_up;
    std::string verb, reply;
    bool new_reply = true;
    std::optional<std::chrono::steady_clock::time_point> goodbye;
};

std::size_t read_message(char* to, std::size_t size, std::size_t count, void* with) {
    auto& rest = static_cast<Conversation*>(with)->rest;
    const std::size_t taken = std::min(size * count, rest.size());
    std::memcpy(to, rest.data(), taken);
    rest.remove_prefix(taken);
    return taken;
}

// A line of an answer. One that goes on has a dash after its number.
std::size_t hear_reply(char* line, std::size_t size, std::size_t count, void* with) {
    auto& conversation = *static_cast<Conversation*>(with);
    const std::string_view text{line, size * count};
    if (conversation.goodbye) return size * count;
    if (conversation.new_reply) conversation.reply.clear();
    if (conversation.reply.size() < longest_reply) conversation.reply += text;
    conversation.new_reply = text.size() < 4 || text[3] != '-';
    return size * count;
}

// Of what is said only the first word is kept: others may be secrets.
int note_verb(CURL*, curl_infotype kind, char* text, std::size_t size, void* with) {
    if (kind != CURLINFO_HEADER_OUT) return 0;
    const std::string_view said{text, size};
    auto& conversation = *static_cast<Conversation*>(with);
    const auto verb = said.substr(0, said.find_first_of(" \r\n"));
    if (verb == "QUIT") conversation.goodbye = std::chrono::steady_clock::now();
    if (conversation.goodbye) return 0;
    for (const std::string_view known : {"EHLO", "HELO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA"})
        if (verb == known) conversation.verb = verb;
    conversation.reply.clear();
    return 0;
}

// What a server says to a goodbye changes nothing, so it is not waited for long.
int look_up(void* with, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    const auto& conversation = *static_cast<Conversation*>(with);
    const bool gone =
        conversation.goodbye && std::chrono::steady_clock::now() - *conversation.goodbye > longest_goodbye;
    return gone || conversation.give_up() ? 1 : 0;
}

void set_trust(CURL* handle, const SmtpOptions& options, const std::string& password) {
    const bool required = !options.user.empty() || !options.ca_file.empty();
    curl_easy_setopt(handle, CURLOPT_USE_SSL, static_cast<long>(required ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!options.ca_file.empty()) {
        curl_easy_setopt(handle, CURLOPT_CAINFO, options.ca_file.c_str());
        curl_easy_setopt(handle, CURLOPT_CAPATH, nullptr);
    }
    if (options.user.empty()) return;
    curl_easy_setopt(handle, CURLOPT_USERNAME, options.user.c_str());
    curl_easy_setopt(handle, CURLOPT_PASSWORD, password.c_str());
}

void set_way(CURL* handle, const SmtpOptions& options) {
    curl_easy_setopt(handle, CURLOPT_URL, options.url.c_str());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_FORBID_REUSE,
                     1L);  // else the goodbye is said later, and waited for by nobody's clock
    curl_easy_setopt(handle, CURLOPT_TIMEOUT, static_cast<long>(options.timeout.count()));
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, static_cast<long>(std::min<long>(15, options.timeout.count())));
    curl_easy_setopt(handle, CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(options.timeout.count()));
}

void listen(CURL* handle, Conversation& conversation) {
    curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, read_message);
    curl_easy_setopt(handle, CURLOPT_READDATA, &conversation);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, hear_reply);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &conversation);
    curl_easy_setopt(handle, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, note_verb);
    curl_easy_setopt(handle, CURLOPT_DEBUGDATA, &conversation);
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, look_up);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &conversation);
}

// libcurl's own words say more, but of some troubles also how many milliseconds they took: those would be news each
// time.
std::string in_words(CURLcode code, const char* detail) {
    const bool counts =
        code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_OPERATION_TIMEDOUT;
    return counts || *detail == '\0' ? curl_easy_strerror(code) : detail;
}

}  // namespace

SmtpEnd talk(const SmtpOptions& options, const std::string& password, const Parcel& parcel,
             const std::function<bool()>& give_up) {
    static std::once_flag begun;
    std::call_once(begun, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    Conversation conversation{.rest = parcel.message, .give_up = give_up, .verb = {}, .reply = {}};
    std::array<char, CURL_ERROR_SIZE> words{};
    const std::string from = "<" + parcel.from + ">", to = "<" + parcel.to + ">";
    const List recipients{curl_slist_append(nullptr, to.c_str())};
    const Handle handle{curl_easy_init()};
    if (!handle || !recipients) throw std::runtime_error("libcurl has no memory");
    set_way(handle.get(), options);
    set_trust(handle.get(), options, password);
    listen(handle.get(), conversation);
    curl_easy_setopt(handle.get(), CURLOPT_ERRORBUFFER, words.data());
    curl_easy_setopt(handle.get(), CURLOPT_MAIL_FROM, from.c_str());
    curl_easy_setopt(handle.get(), CURLOPT_MAIL_RCPT, recipients.get());
    curl_easy_setopt(handle.get(), CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(parcel.message.size()));
    const CURLcode code = curl_easy_perform(handle.get());
    return {.code = code,
            .words = in_words(code, words.data()),
            .status = std::atol(conversation.reply.c_str()),
            .reply = conversation.reply,
            .verb = conversation.verb};
}

}  // namespace samsynk::sandbox
