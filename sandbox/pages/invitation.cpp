#include "sandbox/pages/customer_data.hpp"
#include "sandbox/pages/handlers.hpp"

namespace samsynk::sandbox {
namespace {

// The customer that the link invites, while it still does.
std::optional<StoredCustomer> invited(Visit& visit) {
    const auto company = visit.desk.store.invited_with(visit.part);
    auto stored = company ? visit.desk.store.find(*company) : std::nullopt;
    if (!stored || place_of(stored->customer).state != State::invited ||
        stored->customer.collaboration->token != visit.part)
        return std::nullopt;
    return stored;
}

// A link that was good once leads on to how it is now; one that never was says so.
ApiReply no_longer(Visit& visit) {
    const auto company = visit.desk.store.invited_with(visit.part);
    const auto stored = company ? visit.desk.store.find(*company) : std::nullopt;
    if (!stored) return tell(visit, 404, visit.word("invitation"), visit.word("link_unknown"));
    const bool same = stored->customer.collaboration && stored->customer.collaboration->token == visit.part;
    const std::string key =
        same ? "link_" + std::string{name_of(stored->customer.collaboration->state)} : "link_replaced";
    PageData data;
    data.set("sentence", visit.word(key, {{"name", stored->customer.name},
                                          {"office", stored->customer.collaboration->office_name}}));
    data.set("onward", "/spiris/" + company->digits());
    return page(visit, "told.html", visit.word("invitation"), std::move(data), 410);
}

ApiReply show_invitation(Visit& visit, const StoredCustomer& stored, const std::string& complaint, int status) {
    PageData data = customer_data(visit, stored);
    data.set("collaboration", collaboration_data(visit, &*stored.customer.collaboration));
    data.set("email", email_key(stored.customer.administrator_email));
    data.set("has_account", visit.desk.accounts.find(stored.customer.administrator_email).has_value());
    data.set("till", "/spiris/" + stored.customer.company.digits());
    if (visit.session.account) data.set("somebody_else", visit.session.account->email);
    put(data, "complaint", complaint);
    return page(visit, "invitation.html", visit.word("invitation"), std::move(data), status);
}

bool is_invited_one(const Visit& visit, const StoredCustomer& stored) {
    return visit.session.account && visit.session.account->email == email_key(stored.customer.administrator_email);
}

}  // namespace

ApiReply invitation_page(Visit& visit) {
    const auto stored = invited(visit);
    if (!stored) return no_longer(visit);
    if (is_invited_one(visit, *stored)) return go(visit, "/spiris/" + stored->customer.company.digits());
    return show_invitation(visit, *stored, "", 200);
}

// Who has the link has the letter, so the address is theirs.
ApiReply choose_password(Visit& visit) {
    const auto stored = invited(visit);
    if (!stored) return no_longer(visit);
    const std::string onward = "/spiris/" + stored->customer.company.digits();
    if (is_invited_one(visit, *stored)) return go(visit, onward);
    const auto password = visit.form.find("password"), again = visit.form.find("again");
    if (password == visit.form.end() || again == visit.form.end() || password->second != again->second)
        return show_invitation(visit, *stored, visit.word("passwords_differ"), 422);
    const auto account = visit.desk.accounts.add(
        {.email = stored->customer.administrator_email, .name = stored->customer.administrator_name, .office = {}},
        password->second);
    if (account.has_error())
        return show_invitation(visit, *stored, visit.word(account.error().message), status_of(account.error()));
    visit.session.account = *account;
    visit.session_key = visit.desk.sessions.renew(visit.session_key);
    return go(visit, onward, visit.word("account_made"));
}

}  // namespace samsynk::sandbox
