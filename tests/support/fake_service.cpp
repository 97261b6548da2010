#include "support/fake_service.hpp"

#include <algorithm>
#include <utility>

namespace samsynk::support {

using sync::CollaborationState;

void FakeService::touch(const OrgNumber& company) {
    sync::Record& record = data_.records.at(company);
    record.version += 1 + static_cast<std::int64_t>(data_.sequence % 3);
    record.updated_at = to_rfc3339(now_);
    data_.touched[company] = ++data_.sequence;
    for (Bell* bell : bells) (*bell)();
}

void FakeService::add(const OrgNumber& company, const std::string& name, CollaborationState state,
                      sync::Preferences preferences) {
    const auto known = data_.records.find(company);
    sync::Record record{.company = company, .name = name, .problem = {}};
    if (known != data_.records.end()) record.version = known->second.version;
    record.function_active = true;
    record.collaboration.id = "c-" + company.digits();
    record.collaboration.state = state;
    record.preferences = preferences;
    data_.records.insert_or_assign(company, record);
    touch(company);
}

void FakeService::choose(const OrgNumber& company, sync::Preference preference, sync::Choice choice) {
    sync::Choice& now = data_.records.at(company).preferences[preference];
    if (now == choice) return;
    now = choice;
    touch(company);
}

void FakeService::set_state(const OrgNumber& company, CollaborationState state) {
    data_.records.at(company).collaboration.state = state;
    touch(company);
}

void FakeService::leave(const OrgNumber& company) {
    data_.records.at(company).gone = true;
    touch(company);
}

void FakeService::come_back(const OrgNumber& company) {
    data_.records.at(company).gone = false;
    touch(company);
}

std::string FakeService::holder(const OrgNumber& company) const {
    const auto claim = claims_.find(company);
    return claim == claims_.end() ? std::string{} : claim->second;
}

void FakeService::garble(const OrgNumber& company) {
    if (!garbled_.erase(company)) garbled_.insert(company);
    touch(company);
}

sync::Record FakeService::shown(const sync::Record& record) const {
    if (!garbled_.contains(record.company) || record.gone) return record;
    sync::Record garbled = record;
    garbled.problem = fail(Errc::bad_record, "a state that no one knows");
    return garbled;
}

void FakeService::restore(Backup backup) {
    epoch_ = "e" + std::to_string(++life_);
    data_.records = std::move(backup.records);
    claims_ = std::move(backup.claims);
    remembered_.clear();
    behind_.reset();
    data_.touched.clear();
    ++data_.sequence;
    // Versions begin anew: those from before mean nothing.
    std::int64_t version = 0;
    for (auto& [company, record] : data_.records) record.version = ++version % 5 + 1;
    for (Bell* bell : bells) (*bell)();
}

Result<agent::RecordPage> FakeService::list(const std::string& after) const {
    const Data& data = read();
    agent::RecordPage page{.items = {}, .next = {}, .cursor = cursor(data), .epoch = epoch_};
    for (const auto& [company, record] : data.records) {
        if (record.gone || company.digits() <= after) continue;
        if (page.items.size() == page_size) {
            page.next = page.items.back().company.digits();
            break;
        }
        page.items.push_back(shown(record));
    }
    return page;
}

Result<agent::ChangePage> FakeService::changes(const std::string& cursor) const {
    const Data& data = read();
    const std::size_t colon = cursor.find(':');
    const std::uint64_t since = colon == std::string::npos ? 0 : std::stoull(cursor.substr(colon + 1));
    if (cursor.substr(0, colon) != epoch_ || since < data.oldest) return fail(Errc::cursor_expired, "cursor_expired");
    agent::ChangePage page{.items = {}, .cursor = cursor, .more = false, .epoch = epoch_};
    if (since >= data.sequence) return page;  // what is behind has nothing newer to say
    std::vector<std::pair<std::uint64_t, OrgNumber>> changed;
    for (const auto& [company, at] : data.touched)
        if (at > since) changed.emplace_back(at, company);
    std::sort(changed.begin(), changed.end());
    page.cursor = this->cursor(data);
    page.more = changed.size() > page_size;
    if (page.more) changed.resize(page_size, changed.front());
    for (const auto& [at, company] : changed) page.items.push_back(shown(data.records.at(company)));
    if (page.more) page.cursor = epoch_ + ":" + std::to_string(changed.back().first);
    return page;
}

Result<std::vector<sync::Claim>> FakeService::register_installation(const agent::Registration& registration) {
    if (registration.epoch != epoch_) return fail(Errc::epoch_changed, "epoch_changed");
    std::vector<sync::Claim> claims;
    for (const OrgNumber& company : registration.companies) {
        if (!has(company)) {
            claims.push_back(
                {.company = company, .status = sync::ClaimStatus::unknown, .holder = {}, .holder_host = {}});
            continue;
        }
        const std::string& holder = claims_.try_emplace(company, registration.installation).first->second;
        const bool ours = holder == registration.installation;
        claims.push_back({.company = company,
                          .status = ours ? sync::ClaimStatus::granted : sync::ClaimStatus::held,
                          .holder = holder,
                          .holder_host = "host-" + holder});
    }
    return claims;
}

Result<agent::OperationResult> FakeService::carry_out(const sync::Operation& operation) {
    agent::OperationResult result{.operation_id = operation.id, .status = 200, .request_id = "q", .record = {}};
    const auto refuse = [&](int status, const std::string& code) {
        result.status = status;
        result.problem_code = code;
        return result;
    };
    if (const auto known = remembered_.find(operation.id);
        !new_id_on_retry && known != remembered_.end() && now_ - known->second.at <= std::chrono::hours{24 * 7}) {
        if (known->second.operation != operation) return refuse(422, "operation_id_reused");
        result.record = shown(answers_with_record_of_now && has(operation.company) ? record(operation.company)
                                                                                   : known->second.record);
        return result;
    }
    if (!has(operation.company)) return refuse(404, "unknown_company");
    const auto claim = claims_.find(operation.company);
    if (claim == claims_.end() || claim->second != operation.installation) return refuse(409, "claim_held");
    sync::Record& now = data_.records.at(operation.company);
    if (now.version != operation.if_version) {
        result.record = shown(now);
        return refuse(412, "version_mismatch");
    }
    for (const auto preference : sync::all_preferences)
        if (operation.set[preference] == true && !sync::in_effect(now.collaboration.state))
            return refuse(409, "collaboration_not_active");
    if (on_apply) on_apply(operation, now);
    for (const auto preference : sync::all_preferences)
        if (operation.set[preference]) now.preferences[preference] = operation.set[preference];
    touch(operation.company);
    applied.push_back(operation);
    remembered_.insert_or_assign(operation.id, Remembered{operation, now, now_});
    result.record = shown(now);
    return result;
}

Result<std::vector<agent::OperationResult>> FakeService::push(const std::string& epoch,
                                                              const std::vector<sync::Operation>& operations) {
    if (epoch != epoch_ && !epoch_stamped_late) return fail(Errc::epoch_changed, "epoch_changed");
    std::vector<agent::OperationResult> results;
    for (const sync::Operation& operation : operations) results.push_back(*carry_out(operation));
    return results;
}

Error FakeServicePort::trouble(std::string_view what, const char* usual) {
    retry_after_ = gate_.retry_after();
    quiet_until_ = service_.now() + retry_after_;
    return gate_.trouble(what, fail(Errc::service_unreachable, usual));
}

boost::asio::awaitable<std::optional<Error>> FakeServicePort::reach(std::string_view what) {
    ++requests_;
    fate_ = co_await gate_.pass(what);
    if (fate_ == Fate::crash) co_await gate_.settle(fate_);
    if (cancelled_) co_return fail(Errc::cancelled, "stopped");
    if (fate_ == Fate::fail) co_return trouble(what, "no answer");
    co_return std::nullopt;
}

boost::asio::awaitable<std::optional<Error>> FakeServicePort::come_back(std::string_view what) {
    const Fate fate = fate_;
    co_await gate_.settle(fate);
    if (fate != Fate::go_on) co_return trouble(what, "answer lost");
    co_return std::nullopt;
}

agent::Async<agent::RecordPage> FakeServicePort::list(std::string after) {
    if (auto lost = co_await reach("list")) co_return *lost;
    auto page = service_.list(after);
    if (auto lost = co_await come_back("list")) co_return *lost;
    co_return page;
}

agent::Async<agent::ChangePage> FakeServicePort::changes(std::string cursor) {
    if (auto lost = co_await reach("changes")) co_return *lost;
    auto page = service_.changes(cursor);
    if (auto lost = co_await come_back("changes")) co_return *lost;
    co_return page;
}

// Held until there is a change, or the time is up. It goes beside other calls, so it has a fate of its own.
agent::Async<agent::ChangePage> FakeServicePort::held_changes(std::string cursor, std::chrono::seconds wait) {
    hung_up_ = false;
    service_.bells.insert(&bell_);
    service_.on_the_way -= std::exchange(carries_, false);
    const Fate fate = co_await gate_.pass("held_changes");
    if (fate == Fate::crash) co_await gate_.settle(fate);
    auto page = service_.changes(cursor);
    const bool cut = wait > service_.longest_hold;
    const Time until = service_.now() + std::min(wait, service_.longest_hold);
    while (fate == Fate::go_on && !cancelled_ && !hung_up_ && page.has_value() && page->items.empty() &&
           service_.now() < until) {
        co_await gate_.sleep(until - service_.now(), &bell_);
        page = service_.changes(cursor);
    }
    carries_ = page.has_value() && !page->items.empty();
    service_.on_the_way += carries_;
    co_await gate_.settle(fate);
    if (cancelled_ || hung_up_) co_return fail(Errc::cancelled, "hung up");
    if (fate != Fate::go_on) {
        quiet_until_ = service_.now() + gate_.retry_after();
        co_return gate_.trouble("held_changes", fail(Errc::service_unreachable, "no answer"));
    }
    if (cut && page.has_value() && page->items.empty()) co_return fail(Errc::service_unreachable, "cut");
    co_return page;
}

agent::Async<std::vector<sync::Claim>> FakeServicePort::register_installation(agent::Registration registration) {
    if (auto lost = co_await reach("register")) co_return *lost;
    if (registration.companies.size() > service_.most_claims) co_return fail(Errc::call_refused, "413");
    auto claims = service_.register_installation(registration);
    if (auto lost = co_await come_back("register")) co_return *lost;
    co_return claims;
}

agent::Async<> FakeServicePort::release(std::string installation, OrgNumber company) {
    if (auto lost = co_await reach("release")) co_return *lost;
    if (service_.holder(company) == installation) service_.release(company);
    if (auto lost = co_await come_back("release")) co_return *lost;
    co_return Result<void>{};
}

agent::Async<std::vector<agent::OperationResult>> FakeServicePort::push(std::string epoch,
                                                                        std::vector<sync::Operation> operations) {
    constexpr std::size_t kept = 20;
    service_.sent.push_back({epoch, operations});
    if (service_.sent.size() > kept) service_.sent.pop_front();
    if (auto lost = co_await reach("push")) co_return *lost;
    if (service_.on_push) service_.on_push(epoch, operations);
    for (const sync::Operation& operation : operations)
        if (service_.unreadable == operation.company) co_return fail(Errc::call_refused, "bad request");
    const std::size_t done = fate_ == Fate::go_on ? operations.size() : gate_.of(operations.size());
    operations.resize(done, operations.front());
    auto results = service_.push(epoch, operations);
    // Refusals are not remembered: repeated after the claim has moved, such a request would be done. A network that
    // repeats does so at once.
    const auto refused = [](const agent::OperationResult& one) { return one.problem_code == "claim_held"; };
    if (results.has_value() && std::any_of(results->begin(), results->end(), refused)) service_.sent.pop_back();
    if (auto lost = co_await come_back("push")) co_return *lost;
    co_return results;
}

}  // namespace samsynk::support
