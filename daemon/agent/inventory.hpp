// What is known of the local side between the runs, and what is published of it: every place, as it came to stand in
// the last run that looked at it. Nobody changes one; a newer one shares the pieces in which nothing changed, so that
// what a run found out about a few places costs as much as those few.
#pragma once

#include <array>
#include <cstddef>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/reason.hpp"
#include "core/time.hpp"
#include "sync/model.hpp"

namespace samsynk::agent {

enum class CompanyState {
    pending,  ///< not looked at yet
    synced,   ///< both sides are equal
    waiting,  ///< a wish waits for the collaboration to become active
    held,     ///< a person must decide
    failed,   ///< set aside with a reason; tried again
    ignored,  ///< `ignore: true`
    offline,  ///< its installation can't be reached: all else of it is as it was known last
};
inline constexpr std::array all_company_states{CompanyState::synced, CompanyState::waiting, CompanyState::held,
                                               CompanyState::failed, CompanyState::ignored, CompanyState::pending,
                                               CompanyState::offline};
std::string_view name_of(CompanyState state);

/// One place. Shares what was found with the connector, and its reason with the plan: there are many of these.
struct CompanyStatus {
    std::string installation;
    sync::LocalCompanyPtr found;  ///< never null once published; what was planned on, not merely seen
    CompanyState state = CompanyState::pending;
    CompanyState before_offline = CompanyState::pending;  ///< means something where it is `offline`
    /// Both sides hold what was agreed, and nothing is under way or asked: only news of it is a reason to look again.
    bool settled = false;
    /// What stands there was seen, or may have changed, and could not be planned on: it is read anew by the next run.
    bool unread = false;
    Reason reason;
    sync::CollaborationState collaboration = sync::CollaborationState::none;
    sync::Preferences agreed, online;
    std::optional<Time> last_success;
    std::optional<Time> next_try;  ///< of a company that failed, where it has a time of its own
    unsigned failures = 0;         ///< attempts in a row

    const std::string& place() const { return found->place; }
    const std::string& name() const { return found->name; }
    const std::optional<OrgNumber>& company() const { return found->company; }
    const sync::Preferences& local() const { return found->preferences; }
    sync::PlaceKey key() const { return {installation, found->place}; }

    bool operator==(const CompanyStatus&) const = default;
};

/// What a run found out.
struct InventoryChange {
    std::vector<std::string> installations;  ///< all that are configured, in order: others are known no more
    std::map<std::string, std::vector<CompanyStatus>> listed;  ///< all places of these, in order of place
    std::map<std::string, std::size_t> sizes;                  ///< of those that were listed: their companies
    std::vector<CompanyStatus> places;                         ///< some known places of others
};

class Inventory {
    struct Installation;

public:
    class Iterator {
    public:
        using iterator_category = std::forward_iterator_tag;
        using value_type = CompanyStatus;
        using difference_type = std::ptrdiff_t;
        using pointer = const CompanyStatus*;
        using reference = const CompanyStatus&;

        Iterator() = default;
        Iterator(const Installation* installation, std::size_t index) : installation_{installation}, index_{index} {}
        reference operator*() const { return installation_->at(index_); }
        pointer operator->() const { return &**this; }
        Iterator& operator++();
        Iterator operator++(int);
        bool operator==(const Iterator& other) const = default;

    private:
        const Installation* installation_ = nullptr;
        std::size_t index_ = 0;
    };

    /// Finds the places of one installation, at once where they are asked for in order.
    class Lookup {
    public:
        Lookup(const Inventory& inventory, const std::string& installation)
            : installation_{inventory.installation(installation)} {}
        const CompanyStatus* find(const std::string& place);  ///< null where it is not known

    private:
        const Installation* installation_;
        std::size_t next_ = 0;
    };

    Inventory() = default;
    /// Of places in order of installation and place.
    explicit Inventory(std::vector<CompanyStatus> all);
    Inventory with(InventoryChange change) const;

    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    const CompanyStatus& operator[](std::size_t index) const;
    const CompanyStatus& front() const { return (*this)[0]; }
    /// In order of installation, as configured, and place.
    Iterator begin() const;
    Iterator end() const;

    const CompanyStatus* find(const sync::PlaceKey& key) const;  ///< null where it is not known
    /// The places that show this number, in order.
    std::vector<const CompanyStatus*> with_number(const OrgNumber& company) const;
    std::vector<const CompanyStatus*> of(const std::string& installation) const;
    const std::set<sync::PlaceKey>& unsettled() const { return *unsettled_; }
    /// How many companies the last complete list of an installation had; 0 where there was none.
    std::size_t companies_in(const std::string& installation) const;

private:
    using Piece = std::vector<CompanyStatus>;
    using Numbers = std::vector<std::pair<OrgNumber, std::size_t>>;  ///< with where they stand, in order

    struct Installation {
        std::string id;
        std::size_t companies = 0;
        std::size_t places = 0;
        std::vector<std::shared_ptr<const Piece>> pieces;  ///< all but the last one are equally long

        Installation(std::string name, std::vector<CompanyStatus> all);
        const CompanyStatus& at(std::size_t index) const;
        std::optional<std::size_t> index_of(const std::string& place) const;
        void put(std::map<std::size_t, CompanyStatus> others);
    };

    const Installation* installation(const std::string& id) const;
    bool put_places(std::vector<Installation>& installations, std::vector<CompanyStatus> places);
    void index_numbers();
    void find_unsettled();

    std::shared_ptr<const std::vector<Installation>> installations_ =
        std::make_shared<const std::vector<Installation>>();
    std::size_t size_ = 0;
    std::shared_ptr<const Numbers> numbers_ = std::make_shared<const Numbers>();
    std::shared_ptr<const std::set<sync::PlaceKey>> unsettled_ = std::make_shared<const std::set<sync::PlaceKey>>();
};

}  // namespace samsynk::agent
