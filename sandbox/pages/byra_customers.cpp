#include <algorithm>

#include "sandbox/pages/handlers.hpp"

namespace samsynk::sandbox {
namespace {

constexpr std::size_t most_shown = 100;

std::size_t page_of(const ApiRequest& request) {
    const auto found = request.query.find("sida");
    if (found == request.query.end() || found->second.empty() || found->second.size() > 5 ||
        found->second.find_first_not_of("0123456789") != std::string::npos)
        return 1;
    return std::max<std::size_t>(1, std::stoul(found->second));
}

PageData row_of(const Visit& visit, const CustomerLine& line) {
    PageData row;
    row.set("number", line.company.digits());
    row.set("shown_number", line.company.masked());
    row.set("name", line.name);
    row.set("state", visit.word(line.state.empty() ? "state_none" : "state_" + line.state));
    row.set("kind", line.state.empty() ? "none" : line.state);
    return row;
}

ApiReply new_customer_form(Visit& visit, const std::string& complaint, int status) {
    PageData data;
    for (const char* field : {"number", "name", "administrator_name", "administrator_email"})
        data.set(field, visit.field(field));
    const std::string online = visit.field("online");
    data.set("online_" + (online == "spiris" || online == "full" ? online : "none"), true);
    put(data, "complaint", complaint);
    return page(visit, "byra_new_customer.html", visit.word("new_customer"), std::move(data), status);
}

}  // namespace

ApiReply customers_page(Visit& visit) {
    const auto given = visit.request.query.find("sok");
    const std::string search = given == visit.request.query.end() ? "" : given->second.substr(0, 100);
    const auto lines = visit.desk.customers.find(visit.desk.store, visit.session.account->office, search);
    const std::size_t pages = std::max<std::size_t>(1, (lines.size() + most_shown - 1) / most_shown);
    const std::size_t at = std::min(page_of(visit.request), pages);
    PageData data, rows{PageData::type::list};
    for (std::size_t i = (at - 1) * most_shown; i < std::min(lines.size(), at * most_shown); ++i)
        rows.push_back(row_of(visit, lines[i]->customer));
    data.set("customers", rows);
    data.set("none", lines.empty());
    data.set("search", search);
    data.set("search_in_address", encoded(search));
    data.set("count", visit.word(lines.size() == 1 ? "one_customer" : "customers_count",
                                 {{"count", std::to_string(lines.size())}}));
    if (pages > 1) {
        data.set("pages", visit.word("page_of", {{"page", std::to_string(at)}, {"pages", std::to_string(pages)}}));
        if (at > 1) data.set("previous", std::to_string(at - 1));
        if (at < pages) data.set("next", std::to_string(at + 1));
    }
    return page(visit, "byra_customers.html", visit.word("customers"), std::move(data));
}

ApiReply new_customer_page(Visit& visit) { return new_customer_form(visit, "", 200); }

ApiReply add_customer(Visit& visit) {
    const auto number = OrgNumber::parse(visit.field("number"));
    if (number.has_error()) return new_customer_form(visit, visit.word(number.error().message), 422);
    Customer customer{.company = *number, .name = visit.given("name")};
    customer.on_spiris = visit.field("online") == "spiris" || visit.field("online") == "full";
    customer.function_active = visit.field("online") == "full";
    if (customer.on_spiris) {
        customer.administrator_name = visit.given("administrator_name");
        customer.administrator_email = email_key(visit.field("administrator_email"));
        if (visit.field("administrator_name").empty() || !is_email(customer.administrator_email))
            return new_customer_form(visit, visit.word("administrator_missing"), 422);
    }
    const auto added = visit.steps.add_customer(visit.session.account->office, customer);
    if (added.has_error()) return new_customer_form(visit, visit.word(added.error().message), status_of(added.error()));
    return go(visit, "/byra/kunder/" + number->digits(),
              visit.word("customer_added", {{"name", added->customer.name}}));
}

}  // namespace samsynk::sandbox
