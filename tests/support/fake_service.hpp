// The online service by its contract, in memory: for the agent's tests, and outliving the agent in the simulation.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "agent/ports.hpp"
#include "support/gate.hpp"

namespace samsynk::support {

class FakeService {
public:
    explicit FakeService(const Time& now) : now_{now} {}

    // What people do.
    void add(const OrgNumber& company, const std::string& name,
             sync::CollaborationState state = sync::CollaborationState::active, sync::Preferences preferences = {});
    void choose(const OrgNumber& company, sync::Preference preference, sync::Choice choice);
    void set_state(const OrgNumber& company, sync::CollaborationState state);
    void leave(const OrgNumber& company);  ///< gone from the account
    void come_back(const OrgNumber& company);
    void claim(const OrgNumber& company, const std::string& installation) { claims_[company] = installation; }
    void release(const OrgNumber& company) { claims_.erase(company); }
    void expire_cursors() { oldest_ = sequence_; }
    /// The service's data as it is now, and the service set back to it: a new epoch.
    std::map<OrgNumber, sync::Record> backup() const { return records_; }
    void restore(std::map<OrgNumber, sync::Record> backup);

    const sync::Record& record(const OrgNumber& company) const { return records_.at(company); }
    bool has(const OrgNumber& company) const { return records_.contains(company) && !records_.at(company).gone; }

    // The contract's calls.
    Result<agent::RecordPage> list(const std::string& after) const;
    Result<agent::ChangePage> changes(const std::string& cursor) const;
    Result<std::vector<sync::Claim>> register_installation(const agent::Registration& registration);
    Result<agent::OperationResult> carry_out(const sync::Operation& operation);

    const std::string& epoch() const { return epoch_; }
    /// Called before an operation changes the record.
    std::function<void(const sync::Operation&, const sync::Record& before)> on_apply;
    bool new_id_on_retry = false;            ///< a planted fault
    std::shared_ptr<agent::SignIn> sign_in;  ///< as the online side shows it; most often there is none
    std::size_t page_size = 500;
    /// Every operation that changed something, in order; by id, to see that none did so twice.
    std::vector<sync::Operation> applied;

private:
    struct Remembered {
        sync::Operation operation;
        sync::Record record;
        Time at;
    };
    void touch(const OrgNumber& company);
    std::string cursor() const { return epoch_ + ":" + std::to_string(sequence_); }

    const Time& now_;
    std::string epoch_ = "e1";
    int life_ = 1;
    std::uint64_t sequence_ = 1, oldest_ = 0;
    std::map<OrgNumber, sync::Record> records_;
    std::map<OrgNumber, std::uint64_t> touched_;
    std::map<OrgNumber, std::string> claims_;
    std::map<std::string, Remembered> remembered_;
};

/// The agent's way to it.
class FakeServicePort : public agent::OnlineSide {
public:
    FakeServicePort(FakeService& service, Gate& gate) : service_{service}, gate_{gate} {}

    agent::Async<agent::RecordPage> list(std::string after) override;
    agent::Async<agent::ChangePage> changes(std::string cursor, std::chrono::seconds wait) override;
    agent::Async<std::vector<sync::Claim>> register_installation(agent::Registration registration) override;
    agent::Async<std::vector<agent::OperationResult>> push(std::string epoch,
                                                           std::vector<sync::Operation> operations) override;
    void cancel() override { cancelled_ = true; }
    std::chrono::seconds retry_after() const override { return retry_after_; }
    std::uint64_t requests() const override { return requests_; }
    std::shared_ptr<agent::SignIn> sign_in() override { return service_.sign_in; }

private:
    boost::asio::awaitable<std::optional<Error>> reach(std::string_view what);

    FakeService& service_;
    Gate& gate_;
    Fate fate_ = Fate::go_on;
    std::uint64_t requests_ = 0;
    std::chrono::seconds retry_after_{0};
    bool cancelled_ = false;
};

}  // namespace samsynk::support
