#include "sandbox/pages/handlers.hpp"

namespace samsynk::sandbox {
namespace {

std::string code_of(const Visit& visit) {
    const auto found = visit.request.query.find("user_code");
    std::string code = visit.request.method == "POST"       ? visit.field("user_code")
                       : found == visit.request.query.end() ? ""
                                                            : found->second;
    std::string clean;
    for (const char c : code)
        if (c >= 'a' && c <= 'z')
            clean += static_cast<char>(c - 'a' + 'A');
        else if (c >= 'A' && c <= 'Z')
            clean += c;
    return clean.size() == 8 ? clean.substr(0, 4) + "-" + clean.substr(4) : clean;
}

ApiReply form(Visit& visit, const std::string& complaint, int status) {
    PageData data;
    data.set("user_code", code_of(visit));
    put(data, "complaint", complaint);
    return page(visit, "device.html", visit.word("device_title"), std::move(data), status);
}

}  // namespace

ApiReply device_page(Visit& visit) { return form(visit, "", 200); }

ApiReply answer_device(Visit& visit) {
    const bool lets_in = visit.field("answer") == "approve";
    const auto now = std::chrono::steady_clock::now();
    // A code is short: who may guess often finds one.
    const std::string guesser = "device " + visit.session.account->email;
    if (const auto wait = visit.desk.by_email.wait(guesser, now); wait.count() > 0)
        return form(visit,
                    visit.word("too_often",
                               {{"minutes", std::to_string(std::chrono::ceil<std::chrono::minutes>(wait).count())}}),
                    429);
    if (!visit.desk.tokens.decide(code_of(visit), lets_in ? DeviceState::approved : DeviceState::denied,
                                  moment_now())) {
        visit.desk.by_email.failed(guesser, now);
        return form(visit, visit.word("no_such_code"), 422);
    }
    return tell(visit, 200, visit.word("device_title"), visit.word(lets_in ? "device_approved" : "device_denied"));
}

}  // namespace samsynk::sandbox
