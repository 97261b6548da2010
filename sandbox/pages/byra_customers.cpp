#include <algorithm>

#include "core/company_name.hpp"
#include "sandbox/pages/handlers.hpp"

namespace samsynk::sandbox {
namespace {

constexpr std::size_t most_shown = 100;

// In small letters, with å ä ö after z, as a Swedish list is sorted.
std::string sort_key(const std::string& name) {
    std::string key;
    const std::string text = composed(name);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string two = text.substr(i, 2);
        if (two == "å" || two == "Å")
            key += '{', ++i;
        else if (two == "ä" || two == "Ä")
            key += '|', ++i;
        else if (two == "ö" || two == "Ö")
            key += '}', ++i;
        else
            key += text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] - 'A' + 'a') : text[i];
    }
    return key;
}

std::string digits_of(const std::string& text) {
    std::string digits;
    for (const char c : text)
        if (c >= '0' && c <= '9') digits += c;
    return digits;
}

// By a part of the name or of the number.
bool fits(const CustomerLine& line, const std::string& key, const std::string& digits) {
    return sort_key(line.name).find(key) != std::string::npos ||
           (!digits.empty() && line.company.digits().find(digits) != std::string::npos);
}

std::size_t page_of(const ApiRequest& request) {
    const auto found = request.query.find("sida");
    if (found == request.query.end() || found->second.empty() || found->second.size() > 5 ||
        found->second.find_first_not_of("0123456789") != std::string::npos)
        return 1;
    return std::max<std::size_t>(1, std::stoul(found->second));
}

std::vector<CustomerLine> found_customers(Visit& visit, const std::string& search) {
    auto lines = visit.desk.store.customers_of(visit.session.account->office);
    const std::string key = sort_key(search), digits = digits_of(search);
    if (!search.empty()) std::erase_if(lines, [&](const CustomerLine& line) { return !fits(line, key, digits); });
    std::vector<std::pair<std::string, std::size_t>> order;
    for (std::size_t i = 0; i < lines.size(); ++i) order.emplace_back(sort_key(lines[i].name), i);
    std::sort(order.begin(), order.end());
    std::vector<CustomerLine> sorted;
    for (const auto& [name, at] : order) sorted.push_back(std::move(lines[at]));
    return sorted;
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
    const auto lines = found_customers(visit, search);
    const std::size_t pages = std::max<std::size_t>(1, (lines.size() + most_shown - 1) / most_shown);
    const std::size_t at = std::min(page_of(visit.request), pages);
    PageData data, rows{PageData::type::list};
    for (std::size_t i = (at - 1) * most_shown; i < std::min(lines.size(), at * most_shown); ++i)
        rows.push_back(row_of(visit, lines[i]));
    data.set("customers", rows);
    data.set("none", lines.empty());
    data.set("search", search);
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
    Customer customer{.company = *number, .name = visit.field("name")};
    customer.on_spiris = visit.field("online") == "spiris" || visit.field("online") == "full";
    customer.function_active = visit.field("online") == "full";
    if (customer.on_spiris) {
        customer.administrator_name = visit.field("administrator_name");
        customer.administrator_email = email_key(visit.field("administrator_email"));
        if (customer.administrator_name.empty() || !is_email(customer.administrator_email))
            return new_customer_form(visit, visit.word("administrator_missing"), 422);
    }
    const auto added = visit.steps.add_customer(visit.session.account->office, customer);
    if (added.has_error()) return new_customer_form(visit, visit.word(added.error().message), status_of(added.error()));
    return go(visit, "/byra/kunder/" + number->digits(),
              visit.word("customer_added", {{"name", added->customer.name}}));
}

}  // namespace samsynk::sandbox
