// First part of a run: settle what is unclear, then learn what both sides hold now.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "agent/ledger.hpp"
#include "agent/name_notices.hpp"
#include "agent/reading.hpp"
#include "agent/sides.hpp"
#include "sync/identity.hpp"

namespace samsynk::agent {

inline constexpr std::size_t batch_size = 500;  ///< operations a call, files a flush, rows a transaction

/// Which claims are asked for though they need not be.
struct ClaimWishes {
    bool refused_again = false;      ///< all that were refused
    std::vector<OrgNumber> take_up;  ///< these, though a person gave them up
};

class Gather {
public:
    Gather(Sides& sides, Ledger& ledger, Clock& clock, const bool& stopping)
        : sides_{sides}, ledger_{ledger}, clock_{clock}, stopping_{stopping} {}

    /// Sends every operation without a clear answer again, unchanged. Where the service takes none now, the rest of
    /// the run goes on without their companies, and `shut` says why.
    Async<> settle();
    const Reason& shut() const { return shut_; }
    /// Brings the stored records up to date: by the change feed, or all of them where that is not possible.
    Async<> refresh();
    /// The same by the change feed only. Errors cursor_expired and epoch_changed where that is not possible.
    Async<> follow_changes();
    /// Remembers a page that continues our cursor; true where it ends the news. Error epoch_changed.
    Async<bool> take(ChangePage page);
    /// The companies whose records came by the change feed.
    const std::set<OrgNumber>& changed() const { return changed_; }
    /// The names in all records that came.
    const OnlineNames& names() const { return names_; }
    /// Reads every installation. One that is offline has `trouble`; this never fails as a whole.
    /// An installation that bears no mark gets one, unless `look_only` (a dry run).
    boost::asio::awaitable<std::vector<sync::LocalView>> scan(bool look_only, bool trusting);
    /// Gives up the claims on companies that have been missing for longer than the policy says, and tells of it.
    Async<> give_up_missing(const std::vector<sync::LocalView>& views, EventSink& events, const std::string& run);
    /// Remembers the marks that the scan left or found.
    Async<> keep_marks();
    /// Closes the local writes that were under way when we were cut off: what arrived is agreed.
    Async<> settle_writes(const std::vector<sync::LocalView>& views);
    /// Claims the companies of each installation, where something is new or was refused before.
    Async<> claim(const std::vector<sync::Standing>& standings, ClaimWishes wishes);
    /// Gives up the claim that this installation (a UUID) has on a company.
    Async<> release(std::string holder, OrgNumber company);

private:
    Async<> list_all();
    /// False: the pages named different epochs, begin anew.
    Async<bool> list_once(Reading& reading);
    Async<std::vector<sync::LocalCompanyPtr>> scan_one(LocalSide& local, bool look_only, bool trusting);
    void begin_epoch(sync::Commit& commit, const std::string& epoch) const;
    Async<> claim_for(const LocalSide& local, std::vector<OrgNumber> companies);
    Result<void> going_on() const;

    Sides& sides_;
    Ledger& ledger_;
    Clock& clock_;
    const bool& stopping_;
    sync::Commit new_marks_;
    void note_names(const std::vector<sync::Record>& records);

    std::set<OrgNumber> changed_;
    OnlineNames names_;
    Reason shut_;
};

/// Whether, after this error of one call, the run can ask nothing more of the service.
bool ends_the_run(Errc code);

/// What a call's results mean for the memory.
struct PushOutcome {
    sync::Commit commit;
    std::vector<OrgNumber> outdated;  ///< 412: to be planned again
    std::vector<std::pair<OrgNumber, Error>> refused;
    std::vector<sync::Operation> applied;
};
/// `from`: the places that the operations stand for, where that is known still.
PushOutcome outcome_of(const std::vector<sync::Operation>& operations, const std::vector<OperationResult>& results,
                       const sync::Memory& memory, const Sides& sides, Time now,
                       const std::map<OrgNumber, sync::PlaceKey>& from = {});

}  // namespace samsynk::agent
