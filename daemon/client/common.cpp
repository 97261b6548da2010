#include <algorithm>
#include <iostream>

#include "client/commands.hpp"
#include "client/language.hpp"
#include "client/words.hpp"
#include "core/org_number.hpp"

namespace samsynk::client {
namespace {

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

}  // namespace

int complain(const Options& options, const Error& error) {
    if (options.json)
        std::cout << boost::json::object{{"error",
                                          {{"code", std::string{name_of(error.code)}},
                                           {"message", to_text(error.message)}}}}
                  << "\n";
    else
        std::cerr << "samsynk: " << say(error.message) << "\n";
    switch (error.code) {
        case Errc::daemon_unreachable:
            return unreachable;
        case Errc::not_permitted:
            return not_permitted;
        case Errc::bad_request:
        case Errc::not_found:
        case Errc::bad_settings:
            return usage;
        case Errc::not_configured:
            return run_failed;
        default:
            return some_failed;
    }
}

Result<std::string> resolve_company(ControlSocket& socket, const std::string& given) {
    if (const auto number = OrgNumber::parse(given); number.has_value()) return number->digits();
    auto all = socket.get("/v1/companies");
    if (all.has_error()) return all.error();
    std::vector<std::string> numbers;
    std::string names;
    const std::string wanted = lower(given);
    for (const auto& company : all->at("companies").as_array()) {
        const std::string number = text_at(company, "company");
        const bool fits = lower(text_at(company, "name")).find(wanted) != std::string::npos ||
                          lower(text_at(company, "place")).find(wanted) != std::string::npos;
        if (!fits || number.empty() || std::find(numbers.begin(), numbers.end(), number) != numbers.end()) continue;
        numbers.push_back(number);
        names += (names.empty() ? "" : ", ") + company_label(company);
    }
    if (numbers.size() == 1) return numbers.front();
    if (numbers.empty())
        return fail(Errc::not_found, N_("No company is called “{given}”. See: samsynk companies"), {{"given", given}});
    return fail(Errc::bad_request,
                N_("“{given}” fits several companies: {names}. Give more of the name, or the number."),
                {{"given", given}, {"names", names}});
}

Result<bool> read_choice(const std::string& word) {
    const std::string choice = lower(word);
    if (choice == "yes" || choice == "ja") return true;
    if (choice == "no" || choice == "nej") return false;
    return fail(Errc::bad_request, N_("“{word}” is neither yes nor no."), {{"word", word}});
}

}  // namespace samsynk::client
