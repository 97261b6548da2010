// First part of a run: what is unclear is settled, and what the online side holds now is learned.
#pragma once

#include <set>
#include <vector>

#include "agent/name_notices.hpp"
#include "agent/reading.hpp"
#include "agent/run_context.hpp"
#include "sync/identity.hpp"

namespace samsynk::agent {

class Gather {
public:
    explicit Gather(const RunContext& context) : context_{context} {}

    /// Sends every operation without a clear answer again, unchanged. Where the service takes none now, the rest of
    /// the run goes on without their companies, and `shut` says why.
    Async<> settle();
    const Reason& shut() const { return shut_; }
    /// Brings the stored records up to date: by the change feed, or all of them where that is not possible.
    Async<> refresh();
    /// Remembers a page that continues our cursor; true where it ends the news. Error epoch_changed.
    Async<bool> take(ChangePage page);
    /// The companies whose records came by the change feed; where all were listed instead, that is said.
    const std::set<OrgNumber>& changed() const { return changed_; }
    bool listed_all() const { return listed_all_; }
    /// The names in all records that came.
    const OnlineNames& names() const { return names_; }
    /// Closes the local writes that were under way when we were cut off: what arrived is agreed.
    Async<> settle_writes(const std::vector<sync::LocalView>& views);

private:
    Async<> follow_changes();
    Async<> list_all();
    /// False: the pages named different epochs, begin anew.
    Async<bool> list_once(Reading& reading);
    void begin_epoch(sync::Commit& commit, const std::string& epoch) const;
    void note_names(const std::vector<sync::Record>& records);

    const RunContext& context_;
    std::set<OrgNumber> changed_;
    bool listed_all_ = false;
    OnlineNames names_;
    Reason shut_;
};

/// Whether, after this error of one call, the run can ask nothing more of the service.
bool ends_the_run(Errc code);

}  // namespace samsynk::agent
