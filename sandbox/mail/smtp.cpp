#include "sandbox/mail/smtp.hpp"

#include <curl/curl.h>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fstream>

#include "core/personal_numbers.hpp"
#include "core/plain_text.hpp"
#include "core/secret_file.hpp"
#include "core/text.hpp"
#include "sandbox/mail/smtp_session.hpp"

namespace samsynk::sandbox {
namespace {

constexpr std::size_t longest_words = 300;

// What a server said, as it can be shown.
std::string shown_reply(std::string text) {
    text = on_one_line(std::move(text));
    while (!text.empty() && text.back() == ' ') text.pop_back();
    return without_personal_numbers(plain(shortened(text, longest_words)), Numbers::also_mistyped);
}

Message about(const char* sentence, const SmtpOptions& options, std::vector<std::pair<std::string, std::string>> more) {
    more.insert(more.begin(), {"server", options.url});
    return {sentence, std::move(more)};
}

bool is_of_certificate(int code) {
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_ISSUER_ERROR;
}

// It was heard, and its answer to the letter itself is no.
Delivered answered(const SmtpOptions& options, const SmtpEnd& end, const Parcel& parcel) {
    const std::vector<std::pair<std::string, std::string>> who{{"email", without_personal_numbers(parcel.to)},
                                                               {"reply", shown_reply(end.reply)}};
    if (end.status >= 500)
        return {Fate::refused, about(N_("{server} refuses letters to {email}: {reply}"), options, who)};
    return {Fate::not_now, about(N_("{server} did not take the letter to {email} now: {reply}"), options, who)};
}

Delivered not_heard(const SmtpOptions& options, const SmtpEnd& end) {
    const auto no_way = [&](const char* sentence, std::vector<std::pair<std::string, std::string>> more) {
        return Delivered{Fate::no_way, about(sentence, options, std::move(more))};
    };
    if (is_of_certificate(end.code))
        return no_way(
            N_("The certificate of {server} is not trusted, so nothing was sent: {reason}. Name its authority "
               "with --smtp-ca-file."),
            {{"reason", shown_reply(end.words)}});
    if (end.code == CURLE_USE_SSL_FAILED)
        return no_way(N_("{server} offers no encryption (STARTTLS), so no password and no letter was sent. Use another "
                         "port, or smtps://."),
                      {});
    if (end.verb == "AUTH" || end.code == CURLE_LOGIN_DENIED)
        return no_way(
            N_("{server} did not let the user {user} in: {reply}. Check --smtp-user and the password in "
               "{file}."),
            {{"user", options.user}, {"reply", shown_reply(end.reply)}, {"file", options.password_file.string()}});
    if (end.verb == "MAIL" && end.status >= 400)
        return no_way(N_("{server} takes no letters from this sender: {reply}. Give another one with --mail-from."),
                      {{"reply", shown_reply(end.reply)}});
    if (!end.reply.empty() && end.status >= 400)
        return no_way(N_("{server} does not take letters now: {reply}"), {{"reply", shown_reply(end.reply)}});
    return no_way(N_("{server} can't be reached: {reason}."), {{"reason", shown_reply(end.words)}});
}

}  // namespace

Result<void> check(const SmtpOptions& options) {
    const auto url = boost::urls::parse_uri(options.url);
    const bool good = url && (url->scheme() == "smtp" || url->scheme() == "smtps") && !url->host().empty() &&
                      !url->has_userinfo() && (url->path().empty() || url->path() == "/") && !url->has_query() &&
                      !url->has_fragment() && (!url->has_port() || url->port_number() != 0);
    if (!good)
        return fail(Errc::bad_settings,
                    N_("Write the mail server as smtp://mail.example:587 or smtps://mail.example:465, without user and "
                       "password: those are given with --smtp-user and --smtp-password-file."));
    if (!options.ca_file.empty() && !std::ifstream{options.ca_file}.is_open())
        return fail(Errc::bad_settings, N_("The certificates in {file} (--smtp-ca-file) can't be read."),
                    {{"file", options.ca_file.string()}});
    if (options.user.empty() != options.password_file.empty())
        return fail(Errc::bad_settings,
                    N_("--smtp-user and --smtp-password-file belong together: give both, or neither."));
    if (options.user.empty()) return {};
    const auto password = read_secret_file(options.password_file);
    return password.has_error() ? Result<void>{password.error()} : Result<void>{};
}

Delivered Smtp::deliver(const Parcel& parcel, const std::function<bool()>& give_up) {
    std::string password;
    if (!options_.user.empty()) {
        const auto read = read_secret_file(options_.password_file);
        if (read.has_error())
            return {Fate::no_way,
                    about(N_("The password for {server} in {file} can't be used: it is missing, empty, or not for its "
                             "owner alone."),
                          options_, {{"file", options_.password_file.string()}})};
        password = *read;
    }
    const SmtpEnd end = talk(options_, password, parcel, give_up);
    if (end.code == CURLE_OK) return {};
    if (end.code == CURLE_ABORTED_BY_CALLBACK) return {Fate::interrupted};
    const bool of_letter = (end.verb == "RCPT" || end.verb == "DATA") && end.status >= 400 && !end.reply.empty();
    return of_letter ? answered(options_, end, parcel) : not_heard(options_, end);
}

}  // namespace samsynk::sandbox
