#include "sandbox/pages/customer_data.hpp"
#include "sandbox/pages/handlers.hpp"

#include "sandbox/flow/stockholm.hpp"

namespace samsynk::sandbox {
namespace {

ApiReply show_collaboration(Visit& visit, const StoredCustomer& stored, const std::string& complaint, int status) {
    const std::string& office = visit.session.account->office;
    const Collaboration* one = seen_by(stored.customer, office);
    PageData data = customer_data(visit, stored);
    data.set("tab_collaborations", true);
    data.set("collaboration", collaboration_data(visit, one));
    data.set("letters", letters_data(visit, stored.customer.company));
    const bool live = has_live_collaboration(stored.customer);
    data.set("may_activate", !live);
    data.set("with_another_office", live && stored.customer.collaboration->office_company != office);
    data.set("today", day_in_stockholm(wall_clock()));
    data.set("last_day", visit.field("last_day"));
    put(data, "complaint", complaint);
    return page(visit, "byra_collaboration.html", stored.customer.name, std::move(data), status);
}

}  // namespace

ApiReply collaboration_page(Visit& visit) {
    const auto stored = office_customer(visit);
    return stored ? show_collaboration(visit, *stored, "", 200) : not_found(visit);
}

ApiReply take_office_step(Visit& visit) {
    const auto stored = office_customer(visit);
    if (!stored) return not_found(visit);
    const std::string step = visit.field("step");
    const auto done = take_step(visit, *stored, Party::office);
    if (done.has_error()) {
        const auto now = office_customer(visit);
        return now ? show_collaboration(visit, *now, visit.word(done.error().message), status_of(done.error()))
                   : not_found(visit);
    }
    return go(visit, visit.request.path,
              visit.word("done_" + step, {{"name", done->customer.name}, {"day", visit.field("last_day")}}));
}

}  // namespace samsynk::sandbox
