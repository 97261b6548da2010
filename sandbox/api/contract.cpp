#include "sandbox/api/contract.hpp"

#include <algorithm>
#include <set>

#include "core/ids.hpp"
#include "sandbox/flow/entered_name.hpp"
#include "sandbox/store/customer_json.hpp"

namespace samsynk::sandbox {
namespace {

namespace json = boost::json;

constexpr std::size_t most_operations = 500;

struct Refusal {
    ApiReply reply;
};

[[noreturn]] void refuse(int status, const std::string& code, const std::string& detail) {
    throw Refusal{problem(status, code, detail)};
}

std::size_t limit_of(const ApiRequest& request) {
    const auto given = request.query.find("limit");
    if (given == request.query.end()) return 500;
    if (given->second.empty() || given->second.size() > 4 ||
        given->second.find_first_not_of("0123456789") != std::string::npos)
        refuse(400, "bad_request", "limit must be a number from 1 to 500.");
    return std::clamp<std::size_t>(std::stoul(given->second), 1, 500);
}

json::object parse_body(const std::string& text) {
    boost::system::error_code code;
    const json::value value = json::parse(text, code);
    if (code || !value.is_object()) refuse(400, "bad_request", "The body is not a JSON object.");
    return value.get_object();
}

std::string text_at(const json::object& object, const char* key) {
    const auto* value = object.if_contains(key);
    if (!value || !value->is_string()) refuse(400, "bad_request", std::string{key} + " must be a text.");
    return std::string{value->get_string()};
}

const json::array& list_at(const json::object& object, const char* key) {
    const auto* value = object.if_contains(key);
    if (!value || !value->is_array()) refuse(400, "bad_request", std::string{key} + " must be a list.");
    return value->get_array();
}

ApiReply ok(const json::value& value) { return {.status = 200, .body = json::serialize(value)}; }

json::object refused(const std::string& id, int status, const std::string& code, const std::string& detail) {
    return {{"operation_id", id},
            {"status", status},
            {"problem", {{"code", code}, {"detail", detail}, {"request_id", "q-" + random_hex(6)}}}};
}

bool is_uuid(const std::string& text) {
    return text.size() == 36 && text.find_first_not_of("0123456789abcdefABCDEF-") == std::string::npos;
}

// What an operation's id stands for: the same id with another of these is a reuse.
std::string identity_of(const json::object& operation) {
    json::array parts;
    for (const char* key : {"installation", "company", "if_version", "set"})
        parts.push_back(operation.contains(key) ? operation.at(key) : json::value(nullptr));
    return json::serialize(parts);
}

// The choices of `set`; nothing where it is not valid.
std::optional<std::map<std::string, bool>> choices_of(const json::object& operation) {
    const auto* set = operation.if_contains("set");
    if (!set || !set->is_object() || set->get_object().empty()) return std::nullopt;
    std::map<std::string, bool> choices;
    for (const auto& [key, value] : set->get_object()) {
        if ((key != "send_all_invoices" && key != "receive_invoices") || !value.is_bool()) return std::nullopt;
        choices.emplace(std::string{key}, value.get_bool());
    }
    return choices;
}

}  // namespace

ApiReply problem(int status, const std::string& code, const std::string& detail) {
    const json::object body{{"type", "about:blank"}, {"title", code}, {"status", status},
                            {"detail", detail},      {"code", code},  {"request_id", "q-" + random_hex(6)}};
    return {.status = status, .body = json::serialize(body), .content_type = "application/problem+json"};
}

ApiReply Contract::answer(const ApiRequest& request) try {
    store_.pass_date(wall_clock());
    const auto method = [&](const char* wanted) {
        if (request.method == wanted) return;
        ApiReply reply = problem(405, "method_not_allowed", "This address is asked with " + std::string{wanted} + ".");
        reply.allow = wanted;
        throw Refusal{reply};
    };
    const std::string& path = request.path;
    if (path == "/v1/companies") return method("GET"), list(request);
    if (path == "/v1/changes") return method("GET"), changes(request);
    if (path == "/v1/preferences") return method("POST"), set_preferences(request);
    if (path.starts_with("/v1/companies/")) return method("GET"), one(path.substr(14));
    if (path.starts_with("/v1/installations/")) {
        const std::string rest = path.substr(18);
        const auto slash = rest.find('/');
        if (slash == std::string::npos) return method("PUT"), register_installation(request, rest);
        if (rest.substr(slash).starts_with("/companies/"))
            return method("DELETE"), release(rest.substr(0, slash), rest.substr(slash + 11));
    }
    return problem(404, "not_found", "There is nothing at this address.");
} catch (const Refusal& refusal) {
    return refusal.reply;
}

ApiReply Contract::list(const ApiRequest& request) {
    const std::size_t limit = limit_of(request);
    std::int64_t after = 0;
    if (const auto given = request.query.find("after"); given != request.query.end() && !given->second.empty()) {
        if (given->second.size() != 12 || !given->second.starts_with("p-") ||
            given->second.find_first_not_of("0123456789", 2) != std::string::npos)
            refuse(400, "bad_request", "after is not a page of ours.");
        after = std::stoll(given->second.substr(2));
    }
    const std::string epoch = store_.epoch();
    const std::string cursor = epoch + "." + std::to_string(store_.last_change());
    const auto page = store_.page(after, limit);
    json::array items;
    for (const auto& stored : page) items.push_back(record_of(stored.customer, stored.version, stored.updated_at));
    json::value next = nullptr;
    if (page.size() == limit) next = "p-" + page.back().customer.company.digits();
    return ok(json::object{{"items", std::move(items)}, {"next", next}, {"cursor", cursor}, {"epoch", epoch}});
}

ApiReply Contract::changes(const ApiRequest& request) {
    const std::size_t limit = limit_of(request);
    const std::string epoch = store_.epoch();
    const std::int64_t last = store_.last_change();
    const auto given = request.query.find("cursor");
    if (given == request.query.end()) refuse(400, "bad_request", "cursor is missing.");
    const std::string& cursor = given->second;
    const auto dot = cursor.rfind('.');
    const std::string number = dot == std::string::npos ? "" : cursor.substr(dot + 1);
    const bool known = !number.empty() && number.size() < 16 &&
                       number.find_first_not_of("0123456789") == std::string::npos && cursor.substr(0, dot) == epoch &&
                       std::stoll(number) <= last;
    if (!known) refuse(410, "cursor_expired", "The cursor is not known any more. List all companies anew.");
    auto changed = store_.changed_since(std::stoll(number), limit + 1);
    const bool more = changed.size() > limit;
    if (more) changed.pop_back();
    const std::int64_t reached = changed.empty() ? std::stoll(number) : changed.back().change;
    json::array items;
    for (const auto& stored : changed) items.push_back(record_of(stored.customer, stored.version, stored.updated_at));
    ApiReply reply = ok(json::object{{"items", std::move(items)},
                                     {"cursor", epoch + "." + std::to_string(reached)},
                                     {"more", more},
                                     {"epoch", epoch}});
    reply.nothing_new = changed.empty();
    return reply;
}

ApiReply Contract::one(const std::string& company) {
    const auto number = OrgNumber::parse(company);
    const auto stored = number.has_value() ? store_.find(*number) : std::nullopt;
    if (!stored) refuse(404, "unknown_company", "The account has no such company.");
    ApiReply reply = ok(json::object{{"record", record_of(stored->customer, stored->version, stored->updated_at)},
                                     {"epoch", store_.epoch()}});
    reply.etag = "\"" + std::to_string(stored->version) + "\"";
    return reply;
}

ApiReply Contract::register_installation(const ApiRequest& request, const std::string& id) {
    if (!is_uuid(id)) refuse(404, "not_found", "An installation's id is a UUID.");
    const json::object body = parse_body(request.body);
    if (text_at(body, "epoch") != store_.epoch())
        refuse(409, "epoch_changed", "The service was restored. List all companies anew.");
    const auto host = entered_name(Named::machine, text_at(body, "host"));
    if (host.has_error()) refuse(422, "invalid", "host: " + to_text(host.error().message));
    json::array claims;
    store_.transaction([&] {
        for (const auto& item : list_at(body, "companies")) {
            const auto number =
                item.is_string() ? OrgNumber::parse(std::string{item.get_string()}) : OrgNumber::parse("");
            if (number.has_error()) refuse(422, "invalid", "companies must be organisation numbers.");
            const auto stored = store_.find(*number);
            if (!stored || !stored->customer.in_account) {
                claims.push_back({{"company", number->digits()},
                                  {"status", "unknown"},
                                  {"holder", nullptr},
                                  {"holder_host", nullptr}});
                continue;
            }
            auto holder = store_.claim_of(*number);
            if (!holder || holder->installation == id) {
                holder = ClaimRow{id, *host};
                store_.claim(*number, *holder);
            }
            claims.push_back({{"company", number->digits()},
                              {"status", holder->installation == id ? "granted" : "held"},
                              {"holder", holder->installation},
                              {"holder_host", holder->host}});
        }
    });
    return ok(json::object{{"epoch", store_.epoch()}, {"claims", std::move(claims)}});
}

ApiReply Contract::release(const std::string& id, const std::string& company) {
    const auto number = OrgNumber::parse(company);
    if (number.has_error()) refuse(404, "unknown_company", "The account has no such company.");
    store_.transaction([&] { store_.release(*number, id); });
    return ok(json::object{{"epoch", store_.epoch()}});
}

ApiReply Contract::set_preferences(const ApiRequest& request) {
    const json::object body = parse_body(request.body);
    if (text_at(body, "epoch") != store_.epoch())
        refuse(409, "epoch_changed", "The service was restored. List all companies anew.");
    const json::array& operations = list_at(body, "operations");
    if (operations.size() > most_operations) refuse(413, "too_many", "At most 500 operations a call.");
    std::set<std::string> companies;
    for (const auto& operation : operations) {
        if (!operation.is_object()) refuse(400, "bad_request", "operations must be objects.");
        if (!companies.insert(text_at(operation.get_object(), "company")).second)
            refuse(422, "invalid", "At most one operation a company in one call.");
        text_at(operation.get_object(), "operation_id");
    }
    json::array results;
    store_.transaction([&] {
        for (const auto& operation : operations) results.push_back(apply(operation));
    });
    return ok(json::object{{"epoch", store_.epoch()}, {"results", std::move(results)}});
}

json::object Contract::apply(const json::value& value) {
    const json::object& operation = value.get_object();
    const std::string id = text_at(operation, "operation_id");
    const std::string body = identity_of(operation);
    if (const auto before = store_.operation(id)) {
        if (*before != body) return refused(id, 422, "operation_id_reused", "This id was used for another operation.");
        const auto number = OrgNumber::parse(text_at(operation, "company"));
        const auto stored = number.has_value() ? store_.find(*number) : std::nullopt;
        if (!stored) return refused(id, 404, "unknown_company", "The account has no such company.");
        store_.count_repeated(id);
        return {{"operation_id", id},
                {"status", 200},
                {"record", record_of(stored->customer, stored->version, stored->updated_at)}};
    }
    return change(operation, body);
}

json::object Contract::change(const json::object& operation, const std::string& body) {
    const std::string id = text_at(operation, "operation_id");
    const auto number = OrgNumber::parse(text_at(operation, "company"));
    const auto* version = operation.if_contains("if_version");
    const auto choices = choices_of(operation);
    if (!is_uuid(id) || number.has_error() || !version || !version->is_int64() || !choices ||
        !operation.contains("installation"))
        return refused(id, 422, "invalid", "The operation is not of the agreed form.");
    auto stored = store_.find(*number);
    if (!stored || !stored->customer.in_account)
        return refused(id, 404, "unknown_company", "The account has no such company.");
    const auto claim = store_.claim_of(*number);
    if (!claim || claim->installation != text_at(operation, "installation"))
        return refused(id, 409, "claim_held", "Another installation holds the company, or none does.");
    if (stored->version != version->get_int64()) {
        json::object result = refused(id, 412, "version_mismatch", "The record has changed since.");
        result["record"] = record_of(stored->customer, stored->version, stored->updated_at);
        return result;
    }
    Customer& customer = stored->customer;
    for (const auto& [key, chosen] : *choices) {
        if (chosen && !in_effect(customer))
            return refused(id, 409, "collaboration_not_active", "The collaboration is not active.");
        (key == "send_all_invoices" ? customer.send_all_invoices : customer.receive_invoices) = chosen;
    }
    const StoredCustomer saved = store_.save(customer);
    store_.remember(id, body);
    store_.count_applied(id, json::serialize(operation.at("set")), saved);
    return {
        {"operation_id", id}, {"status", 200}, {"record", record_of(saved.customer, saved.version, saved.updated_at)}};
}

}  // namespace samsynk::sandbox
