#include "sandbox/pages/customer_data.hpp"
#include "sandbox/pages/handlers.hpp"

namespace samsynk::sandbox {
namespace {

PageData with_tab(const Visit& visit, const StoredCustomer& stored, const char* tab) {
    PageData data = customer_data(visit, stored);
    data.set(std::string{"tab_"} + tab, true);
    return data;
}

ApiReply assignments_form(Visit& visit, const StoredCustomer& stored, const std::string& complaint, int status) {
    PageData data = with_tab(visit, stored, "assignments"), list{PageData::type::list};
    const Assignments& assignments = stored.customer.offices.at(visit.session.account->office);
    for (const auto& [id, name] : assignments) {
        PageData one;
        one.set("name", name);
        list.push_back(one);
    }
    data.set("assignments", list);
    data.set("none", assignments.empty());
    data.set("given", visit.field("assignment"));
    put(data, "complaint", complaint);
    return page(visit, "byra_assignments.html", stored.customer.name, std::move(data), status);
}

}  // namespace

ApiReply customer_page(Visit& visit) {
    const auto stored = office_customer(visit);
    if (!stored) return not_found(visit);
    return page(visit, "byra_customer.html", stored->customer.name, with_tab(visit, *stored, "details"));
}

ApiReply assignments_page(Visit& visit) {
    const auto stored = office_customer(visit);
    return stored ? assignments_form(visit, *stored, "", 200) : not_found(visit);
}

ApiReply add_assignment(Visit& visit) {
    const auto stored = office_customer(visit);
    if (!stored) return not_found(visit);
    const Asked asked{.company = stored->customer.company, .office = visit.session.account->office};
    const auto added = visit.steps.add_assignment(asked, visit.given("assignment"));
    if (added.has_error())
        return assignments_form(visit, *stored, visit.word(added.error().message), status_of(added.error()));
    return go(visit, visit.request.path, visit.word("assignment_added", {{"name", visit.field("assignment")}}));
}

ApiReply collaborations_page(Visit& visit) {
    const auto stored = office_customer(visit);
    if (!stored) return not_found(visit);
    PageData data = with_tab(visit, *stored, "collaborations");
    data.set("collaboration", collaboration_data(visit, seen_by(stored->customer, visit.session.account->office)));
    return page(visit, "byra_collaborations.html", stored->customer.name, std::move(data));
}

}  // namespace samsynk::sandbox
