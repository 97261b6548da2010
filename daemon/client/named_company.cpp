#include "client/named_company.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <filesystem>
#include <map>
#include <set>

#include "client/formatting.hpp"
#include "core/company_name.hpp"
#include "core/org_number.hpp"

namespace samsynk::client {
namespace {

// Where each installation is; a folder's companies are the folders in it.
std::map<std::string, std::string> locations_of(ControlSocket& socket) {
    std::map<std::string, std::string> locations;
    const auto all = socket.get("/v1/installations");
    if (all.has_error()) return locations;
    for (const auto& one : all->at("installations").as_array())
        if (text_at(one, "connector") == "folder") locations.emplace(text_at(one, "id"), text_at(one, "location"));
    return locations;
}

std::filesystem::path whole(const std::filesystem::path& path) {
    std::error_code failed;
    const auto known = std::filesystem::weakly_canonical(std::filesystem::absolute(path, failed), failed);
    std::filesystem::path normal = (failed ? path : known).lexically_normal();
    return normal.has_filename() ? normal : normal.parent_path();
}

enum class Fit { none, close, exact, place };  // place: it was named by where it is

Fit fit_of(const boost::json::value& company, const std::string& given,
           const std::map<std::string, std::string>& locations) {
    const std::string name = text_at(company, "name"), place = text_at(company, "place"),
                      installation = text_at(company, "installation");
    if (given == installation + ":" + place) return Fit::place;
    if (const auto at = locations.find(installation); at != locations.end())
        if (whole(std::filesystem::path{at->second} / place) == whole(given)) return Fit::place;
    if (given == place) return Fit::place;
    const std::string wanted = case_folded(given), own = case_folded(name), folder = case_folded(place);
    if (own == wanted || folder == wanted) return Fit::exact;
    const bool part = own.find(wanted) != std::string::npos || folder.find(wanted) != std::string::npos;
    return part ? Fit::close : Fit::none;
}

// Of several places with one number it stands for the one that counts.
bool counts(const boost::json::value& company) {
    const auto& reason = company.at("reason");
    return text_at(company, "follows").empty() && text_at(company, "state") != "ignored" &&
           !(reason.is_object() && text_at(reason, "code") == "duplicate");
}

NamedCompany named_company(const boost::json::value& company, Fit fit) {
    const std::string place = text_at(company, "installation") + ":" + text_at(company, "place");
    return {text_at(company, "company"), place, company_label(company) + " (" + place + ")",
            fit == Fit::place || !counts(company)};
}

// The places that were named; else those that fit wholly, or else in part. The one that counts stands for its copies.
std::vector<NamedCompany> best_of(std::map<Fit, std::vector<NamedCompany>> fitting) {
    if (fitting.empty()) return {};
    std::vector<NamedCompany> best = std::move(fitting.rbegin()->second);
    if (best.size() < 2 || fitting.rbegin()->first == Fit::place) return best;
    std::set<std::string> counting;
    for (const NamedCompany& one : best)
        if (!one.by_place) counting.insert(one.number);
    std::erase_if(best, [&](const NamedCompany& one) { return one.by_place && counting.contains(one.number); });
    return best;
}

}  // namespace

std::string NamedCompany::reference() const { return number.empty() || by_place ? place : number; }

std::string NamedCompany::in_path() const {
    return boost::urls::encode(reference(), boost::urls::unreserved_chars + ':');
}

Result<NamedCompany> resolve_company(ControlSocket& socket, const std::string& given) {
    if (const auto number = OrgNumber::parse(given); number.has_value())
        return NamedCompany{number->digits(), {}, given};
    const auto all = socket.get("/v1/companies");
    if (all.has_error()) return all.error();
    std::map<std::string, std::string> locations;
    if (given.find('/') != std::string::npos) locations = locations_of(socket);
    std::map<Fit, std::vector<NamedCompany>> fitting;
    for (const auto& company : all->at("companies").as_array())
        if (const Fit fit = fit_of(company, given, locations); fit != Fit::none)
            fitting[fit].push_back(named_company(company, fit));
    const auto found = best_of(std::move(fitting));
    if (found.size() == 1) return found.front();
    if (found.empty())
        return fail(Errc::not_found, N_("No company is called “{given}”. See: samsynk companies"), {{"given", given}});
    std::string names;
    for (const NamedCompany& one : found) names += (names.empty() ? "" : ", ") + one.label;
    return fail(Errc::bad_request,
                N_("“{given}” fits several companies: {names}. Give more of the name, the number, or the place."),
                {{"given", given}, {"names", names}});
}

Result<std::string> resolve_number(ControlSocket& socket, const std::string& given) {
    const auto company = resolve_company(socket, given);
    if (company.has_error()) return company.error();
    if (!company->number.empty()) return company->number;
    return fail(Errc::bad_request, N_("{place} has no organisation number. See: samsynk explain {place}"),
                {{"place", company->place}});
}

}  // namespace samsynk::client
