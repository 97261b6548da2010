#include "agent/reading.hpp"

namespace samsynk::agent {

Reading::Reading(Sides& sides, Time now) : sides_{sides}, requests_before_{sides.requests_before_reading}, begun_{now} {
    *requests_before_ = sides_.online->requests();
}

Reading::~Reading() { requests_before_->reset(); }

Result<void> Reading::look(const std::vector<sync::Record>& items, bool goes_on, Time now) {
    const std::size_t before = seen_.size();
    for (const sync::Record& record : items) seen_.insert(record.company);
    if (seen_.size() > most_companies)
        return fail(Errc::bad_reply,
                    N_("The online service names more than {count} companies, which no account has. Check which "
                       "account this is."),
                    {{"count", std::to_string(most_companies)}});
    if (seen_.size() > before) ++sides_.answers;
    if (goes_on && now - begun_ > longest)
        return fail(Errc::bad_reply,
                    N_("The online service's pages took no end in {minutes} minutes. The next run reads them again."),
                    {{"minutes", std::to_string(longest.count())}});
    return {};
}

Result<void> Reading::look_at_list(const RecordPage& page, Time now) {
    if (page.next && page.nothing)
        return fail(Errc::bad_reply,
                    N_("The online service's list has an empty page with more behind it. Nothing of it was used."));
    return look(page.items, page.next.has_value(), now);
}

}  // namespace samsynk::agent
