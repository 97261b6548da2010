#include "agent/name_notices.hpp"

#include "core/company_name.hpp"

namespace samsynk::agent {
namespace {

constexpr std::size_t told_one_by_one = 10;

Event event_of(const sync::LocalCompany& local, const std::string& installation, const std::string& online,
               const std::string& run) {
    return Event{.name = "company.name_mismatch",
                 .level = Level::notice,
                 .message = {N_("{number} is “{local}” in {place} and “{online}” online. It is synced by its number; "
                                "check that the number is right."),
                             {{"number", local.company->masked()},
                              {"local", local.name},
                              {"place", installation + ":" + local.place},
                              {"online", online}}},
                 .company = local.company,
                 .run = run,
                 .fields = {{"installation", installation}, {"place", local.place}},
                 .code = {}};
}

}  // namespace

void NameNotices::tell(const std::vector<sync::CompanyPlan>& plans, const OnlineNames& names, EventSink& events,
                       const std::string& run) {
    if (names.empty()) return;
    std::vector<Event> news;
    for (const sync::CompanyPlan& plan : plans) {
        const sync::LocalCompany& local = *plan.standing.local;
        if (!local.company || local.ignored || local.name.empty()) continue;
        if (local.follows) continue;  // one person's two businesses have two names
        const auto online = names.find(*local.company);
        if (online == names.end() || same_company_name(local.name, online->second)) continue;
        const std::size_t both = std::hash<std::string>{}(local.name + "\n" + online->second);
        std::size_t& told = told_[*local.company];
        if (told == both) continue;
        told = both;
        news.push_back(event_of(local, plan.standing.view->installation, online->second, run));
    }
    if (news.size() <= told_one_by_one) {
        for (Event& event : news) events.publish(std::move(event));
        return;
    }
    Event all{
        .name = "company.name_mismatch", .level = Level::notice, .company = {}, .run = run, .fields = {}, .code = {}};
    all.message = {
        N_("{count} companies bear another name locally than online. They are synced by their numbers; samsynk "
           "show COMPANY gives both names."),
        {{"count", std::to_string(news.size())}}};
    events.publish(std::move(all));
}

}  // namespace samsynk::agent
