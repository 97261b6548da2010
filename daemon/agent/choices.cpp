#include "agent/choices.hpp"

namespace samsynk::agent {
namespace {

sync::HistoryChange as_history(const LocalChoice& choice, Time now) {
    return {.run = {},
            .at = now,
            .kind = sync::ChangeKind::chosen,
            .key = {choice.installation, choice.write.place},
            .company = choice.write.company,
            .preference = choice.write.preference,
            .from = choice.write.from,
            .to = choice.write.to};
}

}  // namespace

LocalSide* side(const Sides& sides, const std::string& installation) {
    for (const auto& local : sides.locals)
        if (local->name() == installation) return local.get();
    return nullptr;
}

boost::asio::awaitable<MadeChoices> choose(std::shared_ptr<Sides> sides, std::vector<LocalChoice> choices, Time now) {
    MadeChoices done;
    for (const auto& local : sides->locals) {
        std::vector<PreferenceWrite> writes;
        std::vector<sync::HistoryChange> changes;
        for (const LocalChoice& choice : choices) {
            if (choice.installation != local->name()) continue;
            writes.push_back(choice.write);
            changes.push_back(as_history(choice, now));
        }
        if (writes.empty()) continue;
        const auto results = co_await local->write_preferences(std::move(writes));
        for (std::size_t i = 0; i < changes.size() && i < results.size(); ++i)
            if (results[i].has_value())
                done.made.push_back(std::move(changes[i]));
            else
                done.refused.push_back({std::move(changes[i]), results[i].error()});
    }
    for (const LocalChoice& choice : choices)
        if (!side(*sides, choice.installation))
            done.refused.push_back(
                {as_history(choice, now), fail(Errc::not_found, N_("The installation {id} is not configured any more."),
                                               {{"id", choice.installation}})});
    co_return done;
}

}  // namespace samsynk::agent
