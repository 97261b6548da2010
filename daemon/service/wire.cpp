#include "service/wire.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <boost/json/monotonic_resource.hpp>

#include "service/json_reader.hpp"
#include "service/record_json.hpp"

namespace samsynk::service {
namespace {

namespace json = boost::json;

// Checked before it is narrowed: 2^32 + 200 is no "applied".
int status_of(const JsonReader& reader) {
    const std::int64_t status = reader.number("status");
    if (status < 100 || status > 599) throw WrongShape{"status"};
    return static_cast<int>(status);
}

// What names no company (nothing, a placeholder, a foreign number) can stand for no local one: left out, the others go
// on.
std::vector<sync::Record> read_records(const JsonReader& reader) {
    std::vector<sync::Record> records;
    records.reserve(reader.list("items").size());
    for (const json::value& item : reader.list("items"))
        if (company_of(item)) records.push_back(read_record(item));
    return records;
}

sync::ClaimStatus claim_status(const std::string& name) {
    if (name == "granted") return sync::ClaimStatus::granted;
    if (name == "held") return sync::ClaimStatus::held;
    return sync::ClaimStatus::unknown;  // what this version does not know is no grant
}

// What the other side calls something: a word may be repeated in a sentence, its own sentences never.
std::string short_word(const JsonReader& reader, std::string_view field) {
    constexpr std::size_t longest = 80;
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-";
    const json::value* value = reader.find(field);
    std::string word = value && value->is_string() ? std::string{value->get_string()} : std::string{};
    const bool short_one = word.size() <= longest && word.find_first_not_of(letters) == std::string::npos;
    return short_one ? word : std::string{};
}

}  // namespace

Result<agent::RecordPage> parse_record_page(std::string_view text) {
    return read_json<agent::RecordPage>(text, [](const JsonReader& reader) {
        agent::RecordPage page{
            .items = read_records(reader), .next = {}, .cursor = reader.text("cursor"), .epoch = reader.text("epoch")};
        if (const std::string next = reader.text_or_empty("next"); !next.empty()) page.next = next;
        page.nothing = reader.list("items").empty();
        return page;
    });
}

Result<agent::ChangePage> parse_change_page(std::string_view text) {
    return read_json<agent::ChangePage>(text, [](const JsonReader& reader) {
        return agent::ChangePage{.items = read_records(reader),
                                 .cursor = reader.text("cursor"),
                                 .more = reader.flag("more"),
                                 .epoch = reader.text("epoch")};
    });
}

Result<std::vector<sync::Claim>> parse_claims(std::string_view text) {
    return read_json<std::vector<sync::Claim>>(text, [](const JsonReader& reader) {
        std::vector<sync::Claim> claims;
        for (const json::value& item : reader.list("claims")) {
            const auto company = company_of(item);
            if (!company) continue;  // it is not answered, and is asked again
            const JsonReader inner{item};
            const auto* status = inner.find("status");
            claims.push_back({*company,
                              claim_status(status && status->is_string() ? std::string{status->get_string()} : ""),
                              short_word(inner, "holder"), short_word(inner, "holder_host")});
        }
        return claims;
    });
}

Result<std::vector<agent::OperationResult>> parse_push_results(std::string_view text,
                                                               const std::vector<sync::Operation>& sent) {
    return read_json<std::vector<agent::OperationResult>>(text, [&](const JsonReader& reader) {
        std::vector<agent::OperationResult> results;
        for (const json::value& item : reader.list("results")) {
            const JsonReader inner{item};
            agent::OperationResult result{.operation_id = inner.text("operation_id"), .status = status_of(inner)};
            const auto of = std::find_if(sent.begin(), sent.end(),
                                         [&](const auto& operation) { return operation.id == result.operation_id; });
            if (of == sent.end()) continue;
            if (const auto* problem = inner.find("problem"); problem && problem->is_string()) {
                result.problem_code = short_word(inner, "problem");
            } else if (problem && problem->is_object()) {
                result.problem_code = short_word(JsonReader{*problem}, "code");
                result.request_id = short_word(JsonReader{*problem}, "request_id");
            }
            if (const auto* record = inner.find("record"); record && !record->is_null()) {
                result.record = read_record(*record);
                if (result.record->company != of->company) throw WrongShape{"record.company"};
            }
            results.push_back(std::move(result));
        }
        // Two answers to one operation leave it as unclear as none.
        for (const sync::Operation& operation : sent)
            if (std::count_if(results.begin(), results.end(),
                              [&](const auto& result) { return result.operation_id == operation.id; }) != 1)
                throw WrongShape{"results"};
        return results;
    });
}

std::string registration_body(const agent::Registration& registration) {
    json::array companies;
    for (const OrgNumber& company : registration.companies) companies.emplace_back(company.digits());
    return json::serialize(json::object{{"epoch", registration.epoch},
                                        {"program", registration.program},
                                        {"program_version", registration.program_version},
                                        {"host", registration.host},
                                        {"companies", std::move(companies)}});
}

std::string push_body(const std::string& epoch, const std::vector<sync::Operation>& operations) {
    json::array list;
    for (const sync::Operation& operation : operations) {
        json::object set;
        for (const auto preference : sync::all_preferences)
            if (operation.set[preference])
                set[json::string_view{name_of(preference).data(), name_of(preference).size()}] =
                    *operation.set[preference];
        list.push_back(json::object{{"operation_id", operation.id},
                                    {"installation", operation.installation},
                                    {"company", operation.company.digits()},
                                    {"if_version", operation.if_version},
                                    {"set", std::move(set)}});
    }
    return json::serialize(json::object{{"epoch", epoch}, {"operations", std::move(list)}});
}

Problem parse_problem(std::string_view text) {
    const auto problem = read_json<Problem>(text, [](const JsonReader& reader) {
        return Problem{short_word(reader, "code"), short_word(reader, "request_id")};
    });
    return problem.has_value() ? *problem : Problem{};
}

}  // namespace samsynk::service
