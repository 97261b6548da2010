#include "agent/part.hpp"

#include <algorithm>
#include <unordered_set>

namespace samsynk::agent {
namespace {

constexpr std::size_t largest = 500;

// All but when it was chosen, which is for people only.
bool same_content(const sync::LocalCompany& a, const sync::LocalCompany& b) {
    return a.place == b.place && a.company == b.company && a.name == b.name && a.preferences == b.preferences &&
           a.notice == b.notice && a.trouble == b.trouble && a.ignored == b.ignored && a.settled == b.settled &&
           (a.follows != nullptr) == (b.follows != nullptr);
}

class Finder {
public:
    explicit Finder(PartInput input) : in_{std::move(input)}, companies_{*in_.before.companies} {}

    boost::asio::awaitable<std::optional<Part>> find() {
        if (!memory_is_settled() || !find_wanted() || !co_await same_installations()) co_return std::nullopt;
        for (const std::size_t index : wanted_) {
            auto now = co_await read(index);
            if (!now) co_return std::nullopt;
            const auto& company = *companies_[index].company();
            if (in_.companies.contains(company) || !same_content(*companies_[index].found, *now)) {
                numbers_.insert(company);
                now_.emplace(index, std::move(now));
            }
        }
        if (!numbers_.empty() && !co_await add_namesakes()) co_return std::nullopt;
        co_return as_part();
    }

private:
    bool memory_is_settled() const {
        return !in_.before.installations.empty() && in_.memory.operations.empty() && in_.memory.intents.empty() &&
               !in_.memory.epoch.empty() && !in_.memory.cursor.empty() &&
               in_.places.size() + in_.companies.size() <= largest;
    }

    // False where a place is not known.
    bool find_wanted() {
        std::unordered_set<std::string_view> names;
        for (const sync::PlaceKey& key : in_.places) names.insert(key.place);
        std::set<std::pair<std::string_view, std::string_view>> found;
        std::set<OrgNumber> known;
        for (std::size_t i = 0; i < companies_.size(); ++i) {
            const CompanyStatus& status = companies_[i];
            const bool told = names.contains(status.place()) && is_told(status);
            if (told) found.emplace(status.installation, status.place());
            if (!told && !(status.company() && in_.companies.contains(*status.company()))) continue;
            if (!status.company()) return false;
            known.insert(*status.company());
            wanted_.push_back(i);
        }
        for (const OrgNumber& company : in_.asked)
            if (!known.contains(company)) return false;
        return std::all_of(in_.places.begin(), in_.places.end(), [&](const sync::PlaceKey& key) {
            return found.contains({std::string_view{key.installation}, std::string_view{key.place}});
        });
    }

    bool is_told(const CompanyStatus& status) const {
        return std::any_of(in_.places.begin(), in_.places.end(), [&](const sync::PlaceKey& key) {
            return key.installation == status.installation && key.place == status.place();
        });
    }

    LocalSide* side(const std::string& installation) const {
        for (const auto& local : in_.sides.locals)
            if (local->name() == installation) return local.get();
        return nullptr;
    }

    boost::asio::awaitable<bool> same_installations() {
        std::set<std::string> installations;
        for (const std::size_t index : wanted_) installations.insert(companies_[index].installation);
        for (const InstallationStatus& installation : in_.before.installations)
            if (installation.trouble && installations.contains(installation.id)) co_return false;
        for (const std::string& installation : installations) {
            LocalSide* local = side(installation);
            if (!local) co_return false;
            const auto known = in_.memory.marks.find(installation);
            if (known == in_.memory.marks.end()) continue;
            const auto mark = co_await local->mark();
            if (mark.has_error() || *mark != known->second) co_return false;
        }
        co_return true;
    }

    // Null where it is not the company that it was, or where the whole must be looked at to tell.
    boost::asio::awaitable<sync::LocalCompanyPtr> read(std::size_t index) {
        const CompanyStatus& status = companies_[index];
        LocalSide* local = side(status.installation);
        if (!local) co_return nullptr;
        auto now = co_await local->read(status.place());
        ++in_.sides.answers;
        if (now.has_value()) *now = sync::settle(std::move(*now), status.installation, in_.sides.policy.settled);
        if (now.has_error() || (*now)->company != status.company() || (*now)->ignored != status.found->ignored)
            co_return nullptr;
        if ((*now)->follows) co_return *now;  // the claim is that of the place that leads
        const auto claims = in_.memory.claims.find(status.installation);
        const bool granted = claims != in_.memory.claims.end() && claims->second.granted.contains(*status.company());
        co_return granted || status.found->ignored ? *now : nullptr;
    }

    boost::asio::awaitable<bool> add_namesakes() {
        for (std::size_t i = 0; i < companies_.size(); ++i) {
            const auto& company = companies_[i].company();
            if (!company || now_.contains(i) || !numbers_.contains(*company)) continue;
            auto now = co_await read(i);
            if (!now) co_return false;
            now_.emplace(i, std::move(now));
        }
        co_return true;
    }

    Part as_part() {
        Part part;
        for (auto& [index, now] : now_) {
            const std::string& installation = companies_[index].installation;
            part.known.push_back(index);
            if (part.views.empty() || part.views.back().installation != installation)
                part.views.push_back({.installation = installation,
                                      .companies = {},
                                      .trouble = {},
                                      .keeps_notices = side(installation)->capabilities().write_collaboration,
                                      .asks_for_new = in_.sides.policy.asks_for_new.contains(installation)});
            part.views.back().companies.push_back(std::move(now));
        }
        for (const InstallationStatus& installation : in_.before.installations)
            if (installation.trouble)
                part.views.push_back({.installation = installation.id,
                                      .companies = {},
                                      .trouble = installation.trouble,
                                      .elsewhere = settled_elsewhere(installation.id)});
        const std::string* of = nullptr;
        std::size_t* size = nullptr;
        for (const CompanyStatus& status : companies_) {
            if (!status.company() || status.found->ignored || status.found->missing) continue;
            if (!of || *of != status.installation) size = &part.sizes[*(of = &status.installation)];
            ++*size;
        }
        return part;
    }

    std::set<OrgNumber> settled_elsewhere(const std::string& installation) const {
        std::set<OrgNumber> elsewhere;
        for (const auto& [company, choice] : in_.sides.policy.settled)
            if (choice.ignored || choice.installation != installation) elsewhere.insert(company);
        return elsewhere;
    }

    PartInput in_;
    const CompanyList& companies_;
    std::vector<std::size_t> wanted_;
    std::map<std::size_t, sync::LocalCompanyPtr> now_;
    std::set<OrgNumber> numbers_;
};

}  // namespace

boost::asio::awaitable<std::optional<Part>> find_part(PartInput input) {
    Finder finder{std::move(input)};
    co_return co_await finder.find();
}

}  // namespace samsynk::agent
