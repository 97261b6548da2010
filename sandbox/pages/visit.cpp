#include "sandbox/pages/visit.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/grammar/lut_chars.hpp>
#include <boost/url/params_encoded_view.hpp>
#include <boost/url/parse_query.hpp>
#include <boost/url/pct_string_view.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "core/plain_text.hpp"
#include "core/text.hpp"

namespace samsynk::sandbox {
namespace {

std::string decoded(boost::urls::pct_string_view text) {
    boost::urls::encoding_opts options;
    options.space_as_plus = true;
    std::string result;
    text.decode(options, boost::urls::string_token::assign_to(result));
    return valid_utf8(result);
}

// Which of the four places a page belongs to, by its address.
std::string place_of(const std::string& path) {
    for (const char* place : {"byra", "spiris", "bokforing"})
        if (path.starts_with("/" + std::string{place})) return place;
    return {};
}

}  // namespace

std::string Visit::given(const std::string& name) const {
    const auto found = form.find(name);
    return found == form.end() ? std::string{} : found->second;
}

std::string Visit::field(const std::string& name) const {
    const std::string text = on_one_line(given(name));
    const auto first = text.find_first_not_of(' '), last = text.find_last_not_of(' ');
    return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

Form read_form(const std::string& body) {
    Form form;
    if (const auto parameters = boost::urls::parse_query(body))
        for (const auto& parameter : *parameters) form.emplace(decoded(parameter.key), decoded(parameter.value));
    return form;
}

std::string encoded(const std::string& text) {
    return boost::urls::encode(text, boost::urls::unreserved_chars + boost::urls::grammar::lut_chars{'/'});
}

std::string own_path(const std::string& given) {
    const bool own = given.starts_with('/') && !given.starts_with("//") && given.size() < 300 &&
                     given.find('\\') == std::string::npos && !has_control_characters(given);
    return own ? given : "/";
}

int status_of(const Error& error) {
    switch (error.code) {
        case Errc::not_found:
            return 404;
        case Errc::changed_meanwhile:
        case Errc::duplicate:
            return 409;
        default:
            return 422;
    }
}

void put(PageData& data, const std::string& name, const std::string& text) {
    if (!text.empty()) data.set(name, text);
}

ApiReply page(Visit& visit, const std::string& name, const std::string& title, PageData data, int status) {
    const std::string place = place_of(visit.request.path);
    data.set("title", title);
    put(data, "place", place.empty() ? "" : visit.word("place_" + place));
    data.set("in_" + (place.empty() ? "start" : place), true);
    data.set("form_key", visit.session.form_key);
    data.set("here", visit.request.path);
    data.set("swedish", visit.language == Language::sv);
    data.set("english", visit.language == Language::en);
    if (visit.session.account) {
        data.set("person", visit.session.account->name);
        data.set("works_at_office", !visit.session.account->office.empty());
        data.set("speaks_for_customer", visit.session.account->office.empty());
    }
    put(data, "notice", std::exchange(visit.session.notice, {}));
    return {.status = status,
            .body = render("pages/" + name, std::move(data), visit.language),
            .content_type = "text/html; charset=utf-8"};
}

ApiReply tell(Visit& visit, int status, const std::string& title, const std::string& sentence) {
    PageData data;
    data.set("sentence", sentence);
    return page(visit, "told.html", title, std::move(data), status);
}

ApiReply go(Visit& visit, const std::string& path, const std::string& notice) {
    if (!notice.empty()) visit.session.notice = notice;
    return {.status = 303, .content_type = "text/plain", .headers = {{"location", own_path(path)}}};
}

ApiReply not_found(Visit& visit) { return tell(visit, 404, visit.word("not_found_title"), visit.word("not_found")); }

}  // namespace samsynk::sandbox
