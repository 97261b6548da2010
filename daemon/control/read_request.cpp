#include "control/read_request.hpp"

#include <algorithm>
#include <boost/url/decode_view.hpp>
#include <boost/url/params_encoded_view.hpp>
#include <boost/url/parse_query.hpp>
#include <boost/url/pct_string_view.hpp>

namespace samsynk::control {

namespace json = boost::json;

Error bad_request(std::string sentence, std::vector<std::pair<std::string, std::string>> args) {
    return fail(Errc::bad_request, std::move(sentence), std::move(args));
}

Result<json::object> read_body(const Request& request, std::initializer_list<const char*> known) {
    if (request.body.empty()) return json::object{};
    json::parse_options options;
    options.max_depth = 8;
    boost::system::error_code code;
    json::value value = json::parse(request.body, code, {}, options);
    if (code || !value.is_object()) return bad_request(N_("The request's body is not a JSON object."));
    for (const auto& item : value.get_object())
        if (std::none_of(known.begin(), known.end(), [&](const char* name) { return item.key() == name; }))
            return bad_request(N_("The request's body has the unknown key “{key}”."),
                               {{"key", std::string{item.key()}}});
    return value.get_object();
}

Result<OrgNumber> read_number(const std::string& text) {
    auto number = OrgNumber::parse(text);
    if (number.has_error()) return fail(Errc::bad_request, number.error().message.id, number.error().message.args);
    return number;
}

Result<agent::CompanyRef> read_company(const std::string& text) {
    const auto colon = text.find(':');
    if (colon == std::string::npos) {
        const auto number = read_number(text);
        if (number.has_error()) return number.error();
        return agent::CompanyRef{*number};
    }
    return agent::CompanyRef{sync::PlaceKey{text.substr(0, colon), text.substr(colon + 1)}};
}

Result<agent::CompanyRef> read_company_in_path(const std::string& part) {
    const auto encoded = boost::urls::make_pct_string_view(part);
    if (encoded.has_error()) return bad_request(N_("The address is not one that can be understood."));
    return read_company(encoded->decode());
}

Result<agent::SyncRequest> read_sync(const Request& request) {
    const auto body = read_body(request, {"companies", "dry_run"});
    if (body.has_error()) return body.error();
    agent::SyncRequest sync;
    if (const auto* dry_run = body->if_contains("dry_run")) {
        if (!dry_run->is_bool()) return bad_request(N_("“{key}” must be true or false."), {{"key", "dry_run"}});
        sync.dry_run = dry_run->get_bool();
    }
    if (const auto* companies = body->if_contains("companies")) {
        if (!companies->is_array())
            return bad_request(N_("“{key}” must be a list such as [one, two]."), {{"key", "companies"}});
        for (const auto& item : companies->get_array()) {
            if (!item.is_string())
                return bad_request(N_("“{key}” must be a list such as [one, two]."), {{"key", "companies"}});
            const auto company = read_company(std::string{item.get_string()});
            if (company.has_error()) return company.error();
            sync.scope.all = false;
            if (const auto* number = std::get_if<OrgNumber>(&*company))
                sync.scope.companies.insert(*number);
            else
                sync.scope.places.insert(std::get<sync::PlaceKey>(*company));
        }
    }
    return sync;
}

Result<std::optional<sync::Side>> read_side(const Request& request) {
    const auto body = read_body(request, {"take"});
    if (body.has_error()) return body.error();
    const auto* take = body->if_contains("take");
    if (!take || take->is_null()) return std::optional<sync::Side>{};
    const auto side = take->is_string() ? sync::side(std::string{take->get_string()}) : std::nullopt;
    if (!side)
        return bad_request(N_("“{key}” must be one of: {values}."), {{"key", "take"}, {"values", "local, online"}});
    return std::optional{*side};
}

Result<sync::HistoryQuery> read_history_query(const std::string& text) {
    sync::HistoryQuery query;
    const auto params = boost::urls::parse_query(text);
    if (params.has_error()) return bad_request(N_("The query is not one that can be understood."));
    for (const auto param : boost::urls::params_encoded_view{*params}) {
        const std::string key = param.key.decode(), value = param.value.decode();
        if (key == "company") {
            const auto number = read_number(value);
            if (number.has_error()) return number.error();
            query.company = *number;
        } else if (key == "run") {
            query.run = value;
        } else if (key == "limit" && !value.empty() && value.size() <= 4 &&
                   value.find_first_not_of("0123456789") == std::string::npos) {
            query.limit = std::stoul(value);
        } else {
            return bad_request(N_("The history can be asked for company, run and limit (0 to 9999), not for “{key}”."),
                               {{"key", key}});
        }
    }
    return query;
}

Result<sync::Preferences> read_preferences(const Request& request) {
    const auto body = read_body(request, {"send_all_invoices", "receive_invoices"});
    if (body.has_error()) return body.error();
    sync::Preferences choices;
    for (const auto preference : sync::all_preferences) {
        const std::string key{name_of(preference)};
        const auto* value = body->if_contains(key);
        if (!value) continue;
        if (!value->is_bool()) return bad_request(N_("“{key}” must be true or false."), {{"key", key}});
        choices[preference] = value->get_bool();
    }
    if (choices == sync::Preferences{})
        return bad_request(N_("Nothing to choose: give send_all_invoices, receive_invoices, or both."));
    return choices;
}

}  // namespace samsynk::control
