#include "support/fake_service.hpp"

#include <algorithm>

namespace samsynk::support {

using sync::CollaborationState;

void FakeService::touch(const OrgNumber& company) {
    sync::Record& record = records_.at(company);
    record.version += 1 + static_cast<std::int64_t>(sequence_ % 3);
    record.updated_at = to_rfc3339(now_);
    touched_[company] = ++sequence_;
}

void FakeService::add(const OrgNumber& company, const std::string& name, CollaborationState state,
                      sync::Preferences preferences) {
    const auto known = records_.find(company);
    sync::Record record{.company = company, .name = name, .problem = {}};
    if (known != records_.end()) record.version = known->second.version;
    record.function_active = true;
    record.collaboration.id = "c-" + company.digits();
    record.collaboration.state = state;
    record.preferences = preferences;
    records_.insert_or_assign(company, record);
    touch(company);
}

void FakeService::choose(const OrgNumber& company, sync::Preference preference, sync::Choice choice) {
    sync::Choice& now = records_.at(company).preferences[preference];
    if (now == choice) return;
    now = choice;
    touch(company);
}

void FakeService::set_state(const OrgNumber& company, CollaborationState state) {
    records_.at(company).collaboration.state = state;
    touch(company);
}

void FakeService::leave(const OrgNumber& company) {
    records_.at(company).gone = true;
    touch(company);
}

void FakeService::come_back(const OrgNumber& company) {
    records_.at(company).gone = false;
    touch(company);
}

void FakeService::restore(std::map<OrgNumber, sync::Record> backup) {
    epoch_ = "e" + std::to_string(++life_);
    records_ = std::move(backup);
    remembered_.clear();
    claims_.clear();
    touched_.clear();
    ++sequence_;
    // Versions begin anew: those from before mean nothing.
    std::int64_t version = 0;
    for (auto& [company, record] : records_) record.version = ++version % 5 + 1;
}

Result<agent::RecordPage> FakeService::list(const std::string& after) const {
    agent::RecordPage page{.items = {}, .next = {}, .cursor = cursor(), .epoch = epoch_};
    for (const auto& [company, record] : records_) {
        if (record.gone || company.digits() <= after) continue;
        if (page.items.size() == page_size) {
            page.next = page.items.back().company.digits();
            break;
        }
        page.items.push_back(record);
    }
    return page;
}

Result<agent::ChangePage> FakeService::changes(const std::string& cursor) const {
    const std::size_t colon = cursor.find(':');
    const std::uint64_t since = colon == std::string::npos ? 0 : std::stoull(cursor.substr(colon + 1));
    if (cursor.substr(0, colon) != epoch_ || since < oldest_) return fail(Errc::cursor_expired, "cursor_expired");
    std::vector<std::pair<std::uint64_t, OrgNumber>> changed;
    for (const auto& [company, at] : touched_)
        if (at > since) changed.emplace_back(at, company);
    std::sort(changed.begin(), changed.end());
    agent::ChangePage page{.items = {}, .cursor = this->cursor(), .more = changed.size() > page_size, .epoch = epoch_};
    if (page.more) changed.resize(page_size, changed.front());
    for (const auto& [at, company] : changed) page.items.push_back(records_.at(company));
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
        result.record = known->second.record;  // the one of then
        return result;
    }
    if (!has(operation.company)) return refuse(404, "unknown_company");
    const auto claim = claims_.find(operation.company);
    if (claim == claims_.end() || claim->second != operation.installation) return refuse(409, "claim_held");
    sync::Record& record = records_.at(operation.company);
    if (record.version != operation.if_version) {
        result.record = record;
        return refuse(412, "version_mismatch");
    }
    for (const auto preference : sync::all_preferences)
        if (operation.set[preference] == true && !sync::in_effect(record.collaboration.state))
            return refuse(409, "collaboration_not_active");
    if (on_apply) on_apply(operation, record);
    for (const auto preference : sync::all_preferences)
        if (operation.set[preference]) record.preferences[preference] = operation.set[preference];
    touch(operation.company);
    applied.push_back(operation);
    remembered_.insert_or_assign(operation.id, Remembered{operation, record, now_});
    result.record = record;
    return result;
}

boost::asio::awaitable<std::optional<Error>> FakeServicePort::reach(std::string_view what) {
    ++requests_;
    fate_ = co_await gate_.pass(what);
    if (fate_ == Fate::crash) co_await gate_.settle(fate_);
    if (cancelled_) co_return fail(Errc::cancelled, "stopped");
    if (fate_ == Fate::fail) co_return fail(Errc::service_unreachable, "no answer");
    co_return std::nullopt;
}

agent::Async<agent::RecordPage> FakeServicePort::list(std::string after) {
    if (auto trouble = co_await reach("list")) co_return *trouble;
    auto page = service_.list(after);
    co_await gate_.settle(fate_);
    if (fate_ != Fate::go_on) co_return fail(Errc::service_unreachable, "answer lost");
    co_return page;
}

agent::Async<agent::ChangePage> FakeServicePort::changes(std::string cursor, std::chrono::seconds) {
    if (auto trouble = co_await reach("changes")) co_return *trouble;
    auto page = service_.changes(cursor);
    co_await gate_.settle(fate_);
    if (fate_ != Fate::go_on) co_return fail(Errc::service_unreachable, "answer lost");
    co_return page;
}

agent::Async<std::vector<sync::Claim>> FakeServicePort::register_installation(agent::Registration registration) {
    if (auto trouble = co_await reach("register")) co_return *trouble;
    auto claims = service_.register_installation(registration);
    co_await gate_.settle(fate_);
    if (fate_ != Fate::go_on) co_return fail(Errc::service_unreachable, "answer lost");
    co_return claims;
}

agent::Async<> FakeServicePort::release(std::string installation, OrgNumber company) {
    if (auto trouble = co_await reach("release")) co_return *trouble;
    if (service_.holder(company) == installation) service_.release(company);
    co_await gate_.settle(fate_);
    if (fate_ != Fate::go_on) co_return fail(Errc::service_unreachable, "answer lost");
    co_return Result<void>{};
}

agent::Async<std::vector<agent::OperationResult>> FakeServicePort::push(std::string epoch,
                                                                        std::vector<sync::Operation> operations) {
    if (auto trouble = co_await reach("push")) co_return *trouble;
    if (epoch != service_.epoch()) co_return fail(Errc::epoch_changed, "epoch_changed");
    const std::size_t done = fate_ == Fate::go_on ? operations.size() : gate_.of(operations.size());
    std::vector<agent::OperationResult> results;
    for (std::size_t i = 0; i < done; ++i) results.push_back(*service_.carry_out(operations[i]));
    co_await gate_.settle(fate_);
    if (fate_ != Fate::go_on) co_return fail(Errc::service_unreachable, "answer lost");
    co_return results;
}

}  // namespace samsynk::support
