#include "sandbox/pages/site.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>

#include "core/plain_text.hpp"
#include "sandbox/pages/handlers.hpp"

namespace samsynk::sandbox {
namespace {

constexpr const char* session_cookie = "__Host-samsynk-sandbox";
constexpr const char* language_cookie = "__Host-language";
constexpr std::size_t longest_form = 64 * 1024;

enum class Who { anyone, office, customer };

struct Route {
    const char* method;
    const char* pattern;
    Who who;
    ApiReply (*handler)(Visit&);
};

constexpr std::array routes{
    Route{"GET", "/", Who::anyone, start_page},
    Route{"GET", "/logga-in", Who::anyone, sign_in_page},
    Route{"POST", "/logga-in", Who::anyone, sign_in},
    Route{"POST", "/logga-ut", Who::anyone, sign_out},
    Route{"POST", "/sprak", Who::anyone, choose_language},
    Route{"GET", "/device", Who::office, device_page},
    Route{"POST", "/device", Who::office, answer_device},
    Route{"GET", "/byra", Who::office, customers_page},
    Route{"GET", "/byra/kunder", Who::office, customers_page},
    Route{"GET", "/byra/kunder/ny", Who::office, new_customer_page},
    Route{"POST", "/byra/kunder/ny", Who::office, add_customer},
    Route{"GET", "/byra/kunder/*", Who::office, customer_page},
    Route{"GET", "/byra/kunder/*/uppdrag", Who::office, assignments_page},
    Route{"POST", "/byra/kunder/*/uppdrag", Who::office, add_assignment},
    Route{"GET", "/byra/kunder/*/samarbeten", Who::office, collaborations_page},
    Route{"GET", "/byra/kunder/*/samarbeten/digitala-fakturor", Who::office, collaboration_page},
    Route{"POST", "/byra/kunder/*/samarbeten/digitala-fakturor", Who::office, take_office_step},
    Route{"GET", "/byra/kunder/*/samarbeten/digitala-fakturor/aktivera", Who::office, activate_page},
    Route{"POST", "/byra/kunder/*/samarbeten/digitala-fakturor/aktivera", Who::office, activate_collaboration},
    Route{"GET", "/spiris/inbjudan/*", Who::anyone, invitation_page},
    Route{"POST", "/spiris/inbjudan/*", Who::anyone, choose_password},
    Route{"GET", "/spiris", Who::customer, companies_page},
    Route{"GET", "/spiris/*", Who::customer, company_page},
    Route{"POST", "/spiris/*", Who::customer, take_customer_step},
    Route{"GET", "/bokforing", Who::customer, invoicing_start},
    Route{"GET", "/bokforing/*", Who::customer, invoicing_page},
    Route{"GET", "/bokforing/*/installningar/foretagsinstallningar/faktureringsuppgifter", Who::customer,
          invoicing_page},
    Route{"POST", "/bokforing/*/installningar/foretagsinstallningar/faktureringsuppgifter", Who::customer,
          save_invoicing},
};

// Whether an address fits a pattern, in which one part is `*`.
bool fits(const std::string& path, const std::string& pattern, std::string& part) {
    const auto star = pattern.find('*');
    if (star == std::string::npos) return path == pattern;
    const std::string rest = pattern.substr(star + 1);
    if (path.size() <= star + rest.size() || !path.starts_with(pattern.substr(0, star)) || !path.ends_with(rest))
        return false;
    part = path.substr(star, path.size() - star - rest.size());
    // A number or a token and nothing around it: it stands in `Location` again.
    return std::all_of(part.begin(), part.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
    });
}

std::string cookie_of(const ApiRequest& request, const std::string& name) {
    const std::string all = "; " + request.header("cookie");
    const auto at = all.find("; " + name + "=");
    if (at == std::string::npos) return {};
    const auto begin = at + 3 + name.size();
    return all.substr(begin, all.find(';', begin) - begin);
}

// A form must come from a page of ours, in the session that it was shown in.
bool from_our_page(const Visit& visit) {
    const std::string origin = visit.request.header("origin"), site = visit.request.header("sec-fetch-site");
    if (!origin.empty() && origin != "https://" + visit.request.header("host")) return false;
    if (!site.empty() && site != "same-origin") return false;
    const auto found = visit.form.find("form_key");
    const std::string given = found == visit.form.end() ? "" : found->second, &own = visit.session.form_key;
    return given.size() == own.size() && CRYPTO_memcmp(given.data(), own.data(), own.size()) == 0;
}

bool lets_in(Who who, const Session& session) {
    if (who == Who::anyone) return true;
    return session.account && session.account->office.empty() == (who == Who::customer);
}

// The address with what was asked for.
std::string target_of(const ApiRequest& request) {
    std::string target = request.path;
    for (const auto& [name, value] : request.query)
        target += (target.find('?') == std::string::npos ? "?" : "&") + encoded(name) + "=" + encoded(value);
    return target;
}

ApiReply at_the_door(Visit& visit, Who who) {
    if (!visit.session.account) {
        const std::string back = visit.request.method == "GET" ? target_of(visit.request) : "/";
        return go(visit, "/logga-in?till=" + encoded(back));
    }
    return tell(visit, 403, visit.word("wrong_door_title"),
                visit.word(who == Who::office ? "only_for_office" : "only_for_customer"));
}

ApiReply file_of_site(const std::string& name) {
    const std::string type = name.ends_with(".css")   ? "text/css; charset=utf-8"
                             : name.ends_with(".js")  ? "text/javascript; charset=utf-8"
                             : name.ends_with(".svg") ? "image/svg+xml"
                                                      : "application/octet-stream";
    return {.body = std::string{asset(name)}, .content_type = type};
}

void protect(ApiReply& reply) {
    for (const auto& [name, value] : std::initializer_list<std::pair<const char*, const char*>>{
             {"content-security-policy",
              "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
              "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
             {"x-content-type-options", "nosniff"},
             {"referrer-policy", "same-origin"},
             {"cross-origin-opener-policy", "same-origin"},
             {"cross-origin-resource-policy", "same-origin"},
             {"cache-control", "no-store"}})
        reply.headers.emplace_back(name, value);
}

}  // namespace

ApiReply Site::answer(const ApiRequest& given) {
    ApiRequest request = given;
    request.path = valid_utf8(request.path);
    for (auto& [name, value] : request.query) value = valid_utf8(value);
    const bool is_file =
        request.method == "GET" && request.path.starts_with("/site/") && has_asset(request.path.substr(1));
    ApiReply reply = is_file ? file_of_site(request.path.substr(1)) : answer_page(request);
    protect(reply);
    return reply;
}

ApiReply Site::sorry() {
    ApiReply reply{.status = 503,
                   .body = say(Language::sv, "unavailable") + "\n" + say(Language::en, "unavailable") + "\n",
                   .content_type = "text/plain; charset=utf-8"};
    protect(reply);
    return reply;
}

ApiReply Site::answer_page(const ApiRequest& request) {
    const auto now = std::chrono::steady_clock::now();
    std::string key = cookie_of(request, session_cookie);
    if (!desk_.sessions.find(key, now)) key = desk_.sessions.open(now);
    Visit visit{.desk = desk_,
                .request = request,
                .session_key = key,
                .session = *desk_.sessions.find(key, now),
                .language = language_named(cookie_of(request, language_cookie)),
                .part = {},
                .form = {}};
    if (request.method == "POST") visit.form = read_form(request.body);
    ApiReply reply = answer_visit(visit);
    if (visit.session_key != cookie_of(request, session_cookie))
        reply.headers.emplace_back("set-cookie", std::string{session_cookie} + "=" + visit.session_key +
                                                     "; Path=/; Secure; HttpOnly; SameSite=Lax");
    return reply;
}

ApiReply Site::answer_visit(Visit& visit) {
    const ApiRequest& request = visit.request;
    desk_.store.pass_date(wall_clock());
    std::string allow;
    for (const Route& route : routes) {
        if (!fits(request.path, route.pattern, visit.part)) continue;
        if (request.method != route.method) {
            allow += (allow.empty() ? "" : ", ") + std::string{route.method};
            continue;
        }
        if (request.method == "POST") {
            if (request.body.size() > longest_form ||
                !request.header("content-type").starts_with("application/x-www-form-urlencoded"))
                return tell(visit, 415, visit.word("bad_form_title"), visit.word("bad_form"));
            if (!from_our_page(visit))
                return tell(visit, 403, visit.word("bad_form_title"), visit.word("foreign_form"));
        }
        return lets_in(route.who, visit.session) ? route.handler(visit) : at_the_door(visit, route.who);
    }
    ApiReply reply =
        allow.empty() ? not_found(visit) : tell(visit, 405, visit.word("bad_form_title"), visit.word("bad_form"));
    reply.allow = allow;
    return reply;
}

}  // namespace samsynk::sandbox
