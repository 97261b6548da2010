// The online service by its contract, in memory: for the agent's tests, and outliving the agent in the simulation.
#pragma once

#include <deque>
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
    /// Who holds the company; empty where nobody does.
    std::string holder(const OrgNumber& company) const;
    void expire_cursors() { data_.oldest = data_.sequence; }
    /// The service's data as it is now, and the service set back to it: a new epoch.
    struct Backup {
        std::map<OrgNumber, sync::Record> records;
        std::map<OrgNumber, std::string> claims;
    };
    Backup backup() const { return {data_.records, claims_}; }
    void restore(Backup backup);
    /// Reading is answered by a copy of the data as they are now, until it catches up.
    void fall_behind() { behind_ = data_; }
    void catch_up() { behind_.reset(); }
    bool is_behind() const { return behind_.has_value(); }
    /// The record gets a state that no one knows, or loses it again.
    void garble(const OrgNumber& company);
    bool is_garbled(const OrgNumber& company) const { return garbled_.contains(company); }

    const sync::Record& record(const OrgNumber& company) const { return data_.records.at(company); }
    const std::map<OrgNumber, sync::Record>& records() const { return data_.records; }
    bool has(const OrgNumber& company) const {
        return data_.records.contains(company) && !data_.records.at(company).gone;
    }

    // The contract's calls.
    Result<agent::RecordPage> list(const std::string& after) const;
    Result<agent::ChangePage> changes(const std::string& cursor) const;
    Result<std::vector<sync::Claim>> register_installation(const agent::Registration& registration);
    Result<agent::OperationResult> carry_out(const sync::Operation& operation);
    Result<std::vector<agent::OperationResult>> push(const std::string& epoch,
                                                     const std::vector<sync::Operation>& operations);
    /// The newest requests to push, whether they arrived or not: the network may bring one again.
    struct Request {
        std::string epoch;
        std::vector<sync::Operation> operations;
    };
    std::deque<Request> sent;

    const std::string& epoch() const { return epoch_; }
    Time now() const { return now_; }
    /// Called when a push arrives, before anything else is looked at.
    std::function<void(const std::string& epoch, const std::vector<sync::Operation>&)> on_push;
    /// Called before an operation changes the record.
    std::function<void(const sync::Operation&, const sync::Record& before)> on_apply;
    int on_the_way = 0;                       ///< held answers with changes that have not been carried on yet
    std::set<Bell*> bells;                    ///< of those who wait for a change
    std::chrono::seconds longest_hold{3600};  ///< something between cuts what is held longer
    bool new_id_on_retry = false;             ///< a planted fault
    bool epoch_stamped_late = false;  ///< a planted fault: a write bears the epoch of now, not of what it was made for
    bool answers_with_record_of_now = false;  ///< to an operation that it remembers; else the record of then
    std::shared_ptr<agent::SignIn> sign_in;   ///< as the online side shows it; most often there is none
    std::size_t page_size = 500;
    std::size_t most_claims = 10'000;     ///< a registration of more is refused as a whole
    std::optional<OrgNumber> unreadable;  ///< a call with an operation on it is refused as a whole
    /// Every operation that changed something, in order; by id, to see that none did so twice.
    std::vector<sync::Operation> applied;

private:
    struct Remembered {
        sync::Operation operation;
        sync::Record record;
        Time at;
    };
    struct Data {
        std::uint64_t sequence = 1, oldest = 0;
        std::map<OrgNumber, sync::Record> records;
        std::map<OrgNumber, std::uint64_t> touched;
    };
    void touch(const OrgNumber& company);
    const Data& read() const { return behind_ ? *behind_ : data_; }
    std::string cursor(const Data& data) const { return epoch_ + ":" + std::to_string(data.sequence); }
    sync::Record shown(const sync::Record& record) const;

    const Time& now_;
    std::string epoch_ = "e1";
    int life_ = 1;
    Data data_;
    std::optional<Data> behind_;
    std::set<OrgNumber> garbled_;
    std::map<OrgNumber, std::string> claims_;
    std::map<std::string, Remembered> remembered_;
};

/// The agent's way to it.
class FakeServicePort : public agent::OnlineSide {
public:
    /// `clock_error`: of the machine that asks.
    FakeServicePort(FakeService& service, Gate& gate, const std::chrono::milliseconds& clock_error)
        : service_{service}, gate_{gate}, clock_error_{clock_error} {}

    agent::Async<agent::RecordPage> list(std::string after) override;
    ~FakeServicePort() override {
        service_.bells.erase(&bell_);
        service_.on_the_way -= carries_;
    }

    agent::Async<agent::ChangePage> changes(std::string cursor) override;
    agent::Async<agent::ChangePage> held_changes(std::string cursor, std::chrono::seconds wait) override;
    void hang_up() override {
        hung_up_ = true;
        bell_();
    }
    agent::Async<std::vector<sync::Claim>> register_installation(agent::Registration registration) override;
    agent::Async<std::vector<agent::OperationResult>> push(std::string epoch,
                                                           std::vector<sync::Operation> operations) override;
    agent::Async<> release(std::string installation, OrgNumber company) override;
    void cancel() override {
        cancelled_ = true;
        bell_();
    }
    std::chrono::seconds still_to_wait() const override {
        return std::max(std::chrono::seconds{0},
                        std::chrono::ceil<std::chrono::seconds>(quiet_until_ - service_.now()));
    }
    std::chrono::seconds retry_after() const override { return retry_after_; }
    std::optional<std::chrono::seconds> clock_ahead() const override {
        return std::chrono::duration_cast<std::chrono::seconds>(clock_error_);
    }
    std::uint64_t requests() const override { return requests_; }
    std::shared_ptr<agent::SignIn> sign_in() override { return service_.sign_in; }

private:
    boost::asio::awaitable<std::optional<Error>> reach(std::string_view what);
    boost::asio::awaitable<std::optional<Error>> come_back(std::string_view what);
    Error trouble(std::string_view what, const char* usual);

    FakeService& service_;
    Gate& gate_;
    const std::chrono::milliseconds& clock_error_;
    Fate fate_ = Fate::go_on;
    std::uint64_t requests_ = 0;
    std::chrono::seconds retry_after_{0};
    Time quiet_until_{};
    bool cancelled_ = false, hung_up_ = false;
    bool carries_ = false;  ///< a held answer with changes was given, and the next one is not asked for yet
    Bell bell_;
};

}  // namespace samsynk::support
