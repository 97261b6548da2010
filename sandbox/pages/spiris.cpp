#include "sandbox/flow/stockholm.hpp"
#include "sandbox/pages/customer_data.hpp"
#include "sandbox/pages/handlers.hpp"

namespace samsynk::sandbox {
namespace {

ApiReply show_spiris(Visit& visit, const StoredCustomer& stored, const std::string& complaint, int status) {
    PageData data = customer_data(visit, stored);
    const auto& one = stored.customer.collaboration;
    data.set("collaboration", collaboration_data(visit, one ? &*one : nullptr));
    data.set("today", day_in_stockholm(wall_clock()));
    data.set("last_day", visit.field("last_day"));
    PageData earlier{PageData::type::list};
    for (auto at = stored.customer.earlier.rbegin(); at != stored.customer.earlier.rend(); ++at)
        earlier.push_back(collaboration_data(visit, &*at));
    data.set("earlier", earlier);
    data.set("has_earlier", !stored.customer.earlier.empty());
    put(data, "complaint", complaint);
    return page(visit, "spiris_company.html", stored.customer.name, std::move(data), status);
}

}  // namespace

ApiReply companies_page(Visit& visit) {
    PageData data, list{PageData::type::list};
    for (const auto& stored : visit.desk.store.administered_by(visit.session.account->email)) {
        PageData one = customer_data(visit, stored);
        const auto& collaboration = stored.customer.collaboration;
        one.set("collaboration", collaboration_data(visit, collaboration ? &*collaboration : nullptr));
        list.push_back(one);
    }
    data.set("none", list.is_empty_list());
    data.set("companies", list);
    return page(visit, "spiris_companies.html", visit.word("my_companies"), std::move(data));
}

ApiReply company_page(Visit& visit) {
    const auto stored = own_company(visit);
    return stored ? show_spiris(visit, *stored, "", 200) : not_found(visit);
}

ApiReply take_customer_step(Visit& visit) {
    const auto stored = own_company(visit);
    if (!stored) return not_found(visit);
    const std::string step = visit.field("step");
    if (step == "accept_terms" && visit.field("terms").empty())
        return show_spiris(visit, *stored, visit.word("terms_not_ticked"), 422);
    const auto done = take_step(visit, *stored, Party::customer);
    if (done.has_error()) {
        const auto now = own_company(visit);
        return now ? show_spiris(visit, *now, visit.word(done.error().message), status_of(done.error()))
                   : not_found(visit);
    }
    return go(visit, visit.request.path,
              visit.word("done_" + step, {{"name", done->customer.name}, {"day", visit.field("last_day")}}));
}

}  // namespace samsynk::sandbox
