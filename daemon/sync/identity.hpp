// Which local place stands for which company, and which must be left alone until a person has settled it.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sync/memory.hpp"

namespace samsynk::sync {

/// One installation as a run sees it: all that was found there just now, or some of its places.
struct LocalView {
    std::string installation;
    std::vector<LocalCompanyPtr> companies;  ///< in order of place
    Reason trouble;                          ///< the whole installation is offline; `companies` is empty
    bool listed = false;   ///< `companies` are all that there are: what is not among them is not found there
    std::size_t size = 0;  ///< how many companies the last complete list had; 0 where there was none
    /// Of a listed one: places that are settled, unchanged, and share their number with none in question.
    std::vector<LocalCompanyPtr> others;
    std::set<OrgNumber> elsewhere;  ///< the configuration says that these are in another one, or in none
    bool keeps_notices = true;      ///< what the agent told there shows, after a lost state, that it was there
    bool asks_for_new = false;      ///< a place that nothing was agreed with waits for a person's yes
};

/// The companies in a complete list: what the size of an installation is counted by.
std::size_t companies_in(const LocalView& view);

/// A place, and whether the agent may act for it. Points into the views and the Memory that it was made from.
struct Standing {
    const LocalView* view = nullptr;
    LocalCompanyPtr local;
    const Agreement* agreement = nullptr;  ///< null at first contact, and where its base was lost
    Reason set_aside;                      ///< why the agent may not act
    std::optional<Side> take;              ///< a person accepted the number here, and said whose choices win
    bool replaced = false;                 ///< the place's agreement is another company's: this is a first contact
    bool needs_person = false;             ///< with `set_aside`: held, not merely failed
    /// It did not lead when something was agreed last, or did not follow: what differs now is asked about.
    bool new_part = false;
};

/// Whether a place is set aside for whom it says to be, though it can be read.
bool is_of_identity(Errc code);

/// One a local company in question, in order of installation and place. Set aside are: what can't be read, a place that
/// shows another number than was agreed with it, a place whose new number comes from a file that was exported from
/// another one of the installation, where the installation asks for it a place that nothing was agreed with, and places
/// that share a number, but for the one that alone has an agreement. Only an operator's answer or the configuration
/// lifts that: whoever may write in one place says nothing for it, nor against another one. Places that follow share
/// the number of the one that leads.
std::vector<Standing> identify(const std::vector<LocalView>& views, const Memory& memory);

}  // namespace samsynk::sync
