#include "control/rights.hpp"

#include <algorithm>

namespace samsynk::control {

using boost::asio::awaitable;

Rights::Rights(boost::asio::any_io_executor executor, std::shared_ptr<NameService> names,
               std::vector<std::string> observers, std::chrono::milliseconds waits, std::chrono::milliseconds keeps)
    : executor_{executor},
      names_{std::move(names)},
      observers_{std::move(observers)},
      waits_{waits},
      keeps_{keeps},
      numbers_{executor, waits} {}

void Rights::let_look(std::vector<std::string> observers) {
    observers_ = std::move(observers);
    told_ = Numbers::Instant::clock::now();
}

Access Rights::at_first_sight(const Caller& caller) const {
    if (caller.trusted) return Access::act;
    const auto& numbers = numbers_.known();
    return numbers ? access_by(caller.groups, *numbers, observers_) : Access::none;
}

awaitable<Peer> Rights::judge(Caller caller) {
    Peer peer{Access::none, std::to_string(caller.uid), caller.uid, caller.trusted};
    const bool numbers_new = caller.trusted || co_await renew_numbers();
    peer.access = at_first_sight(caller);
    if (peer.access == Access::none) co_return peer;
    const auto asked = person(caller.uid);
    const bool person_new = co_await renew(asked, caller.uid);
    const auto& known = asked->known();
    if (known && known->found) peer.name = known->found->name;
    if (caller.trusted) co_return peer;
    if (known && known->reached) {
        const auto groups = known->found ? known->found->groups : std::vector<gid_t>{};
        const Access still = numbers_.known() ? access_by(groups, *numbers_.known(), observers_) : Access::none;
        peer.access = std::min(peer.access, still);
    }
    if (!numbers_new || !person_new) peer.access = std::min(peer.access, Access::look);
    co_return peer;
}

awaitable<bool> Rights::renew_numbers() {
    const auto current = [this] {
        return numbers_.known() && numbers_.known_since() >= told_ && is_new(numbers_.known_since());
    };
    // Twice: the first answer may be to a question of before a reload.
    for (int asked = 0; asked < 2 && !current(); ++asked) {
        Numbers::Ask question = [names = names_, groups = observers_, before = numbers_.known()] {
            GroupNumbers numbers;
            auto all = groups;
            all.emplace_back(acting_group);
            for (const std::string& name : all) {
                const auto answer = names->group(name);
                if (answer.found) numbers[name] = *answer.found;
                if (answer.reached || !before) continue;
                if (const auto known = before->find(name); known != before->end()) numbers.insert(*known);
            }
            return numbers;
        };
        co_await numbers_.ask(std::move(question));
    }
    co_return current();
}

awaitable<bool> Rights::renew(std::shared_ptr<People> asked, uid_t uid) {
    const auto current = [&] { return asked->known() && asked->known()->reached && is_new(asked->known_since()); };
    if (current()) co_return true;
    People::Ask question = [names = names_, uid] { return names->person(uid); };
    co_await asked->ask(std::move(question));
    co_return current();
}

std::shared_ptr<Rights::People> Rights::person(uid_t uid) {
    if (people_.size() >= most_people && !people_.contains(uid))
        std::erase_if(people_,
                      [this](const auto& one) { return !one.second->asking() && !is_new(one.second->known_since()); });
    auto& one = people_[uid];
    if (!one) one = std::make_shared<People>(executor_, waits_);
    return one;
}

}  // namespace samsynk::control
