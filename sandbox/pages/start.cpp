#include "sandbox/pages/handlers.hpp"

namespace samsynk::sandbox {
namespace {

ApiReply sign_in_form(Visit& visit, const std::string& complaint, int status) {
    PageData data;
    const auto back = visit.request.query.find("till");
    data.set("till", own_path(visit.request.method == "POST"      ? visit.field("till")
                              : back == visit.request.query.end() ? "/"
                                                                  : back->second));
    data.set("email", visit.field("email"));
    put(data, "complaint", complaint);
    return page(visit, "sign_in.html", visit.word("sign_in"), std::move(data), status);
}

ApiReply too_often(Visit& visit, std::chrono::seconds wait) {
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(wait).count();
    ApiReply reply = sign_in_form(visit, visit.word("too_often", {{"minutes", std::to_string(minutes)}}), 429);
    reply.headers.emplace_back("retry-after", std::to_string(wait.count()));
    return reply;
}

}  // namespace

ApiReply start_page(Visit& visit) { return page(visit, "start.html", visit.word("start_title")); }

ApiReply sign_in_page(Visit& visit) { return sign_in_form(visit, "", 200); }

ApiReply sign_in(Visit& visit) {
    const auto now = std::chrono::steady_clock::now();
    const std::string email = email_key(visit.field("email"));
    const auto wait =
        std::max(visit.desk.by_email.wait(email, now), visit.desk.by_address.wait(visit.request.from, now));
    if (wait.count() > 0) return too_often(visit, wait);
    const auto given = visit.form.find("password");
    const auto account = visit.desk.accounts.sign_in(email, given == visit.form.end() ? "" : given->second);
    if (!account) {
        visit.desk.by_email.failed(email, now);
        visit.desk.by_address.failed(visit.request.from, now);
        return sign_in_form(visit, visit.word("wrong_password"), 422);
    }
    visit.desk.by_email.succeeded(email);
    visit.session.account = account;
    visit.session_key = visit.desk.sessions.renew(visit.session_key);
    const std::string back = own_path(visit.field("till"));
    return go(visit, back != "/" ? back : account->office.empty() ? "/spiris" : "/byra/kunder");
}

ApiReply sign_out(Visit& visit) {
    visit.session.account.reset();
    visit.session_key = visit.desk.sessions.renew(visit.session_key);
    return go(visit, "/", visit.word("signed_out"));
}

ApiReply choose_language(Visit& visit) {
    ApiReply reply = go(visit, own_path(visit.field("till")));
    reply.headers.emplace_back("set-cookie",
                               "__Host-language=" + std::string{name_of(language_named(visit.field("language")))} +
                                   "; Path=/; Secure; SameSite=Lax; Max-Age=31536000");
    return reply;
}

}  // namespace samsynk::sandbox
