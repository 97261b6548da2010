#include "agent/inventory.hpp"

#include <algorithm>

namespace samsynk::agent {
namespace {

constexpr std::size_t piece_size = 64;

}  // namespace

std::string_view name_of(CompanyState state) {
    switch (state) {
        case CompanyState::pending:
            return "pending";
        case CompanyState::synced:
            return "synced";
        case CompanyState::waiting:
            return "waiting";
        case CompanyState::held:
            return "held";
        case CompanyState::failed:
            return "failed";
        case CompanyState::ignored:
            return "ignored";
        case CompanyState::offline:
            return "offline";
    }
    return "pending";
}

Inventory::Installation::Installation(std::string name, std::vector<CompanyStatus> all)
    : id{std::move(name)}, places{all.size()} {
    pieces.reserve((places + piece_size - 1) / piece_size);
    for (std::size_t first = 0; first < places; first += piece_size) {
        const auto from = all.begin() + static_cast<std::ptrdiff_t>(first);
        const auto to = from + static_cast<std::ptrdiff_t>(std::min(piece_size, places - first));
        pieces.push_back(std::make_shared<const Piece>(std::make_move_iterator(from), std::make_move_iterator(to)));
    }
}

const CompanyStatus& Inventory::Installation::at(std::size_t index) const {
    return (*pieces[index / piece_size])[index % piece_size];
}

std::optional<std::size_t> Inventory::Installation::index_of(const std::string& place) const {
    std::size_t first = 0, last = places;
    while (first < last) {
        const std::size_t middle = first + (last - first) / 2;
        if (at(middle).place() < place)
            first = middle + 1;
        else
            last = middle;
    }
    if (first == places || at(first).place() != place) return std::nullopt;
    return first;
}

void Inventory::Installation::put(std::map<std::size_t, CompanyStatus> others) {
    for (auto other = others.begin(); other != others.end();) {
        const std::size_t number = other->first / piece_size;
        Piece piece{*pieces[number]};
        for (; other != others.end() && other->first / piece_size == number; ++other)
            piece[other->first % piece_size] = std::move(other->second);
        pieces[number] = std::make_shared<const Piece>(std::move(piece));
    }
}

Inventory::Iterator& Inventory::Iterator::operator++() {
    if (++index_ < installation_->places) return *this;
    index_ = 0;
    ++installation_;
    return *this;
}

Inventory::Iterator Inventory::Iterator::operator++(int) {
    const Iterator before = *this;
    ++*this;
    return before;
}

Inventory::Inventory(std::vector<CompanyStatus> all) {
    InventoryChange change;
    for (CompanyStatus& place : all) {
        if (change.installations.empty() || change.installations.back() != place.installation)
            change.installations.push_back(place.installation);
        change.listed[place.installation].push_back(std::move(place));
    }
    *this = Inventory{}.with(std::move(change));
}

Inventory Inventory::with(InventoryChange change) const {
    Inventory now{*this};
    std::vector<Installation> installations;
    for (const std::string& id : change.installations) {
        const Installation* known = installation(id);
        const auto listed = change.listed.find(id);
        if (listed == change.listed.end()) {
            if (known) installations.push_back(*known);
            continue;
        }
        if (listed->second.empty()) continue;  // so that what is iterated over has no empty ones
        Installation anew{id, std::move(listed->second)};
        const auto size = change.sizes.find(id);
        anew.companies = size != change.sizes.end() ? size->second : known ? known->companies : 0;
        installations.push_back(std::move(anew));
    }
    const bool listed = !change.listed.empty() || installations.size() != installations_->size();
    const bool numbers = now.put_places(installations, std::move(change.places));
    now.installations_ = std::make_shared<const std::vector<Installation>>(std::move(installations));
    if (listed) now.find_unsettled();
    if (listed || numbers) now.index_numbers();
    return now;
}

// Nearly always the numbers stand where they stood, which false says; and what was settled is settled again.
bool Inventory::put_places(std::vector<Installation>& installations, std::vector<CompanyStatus> places) {
    std::map<std::string, std::map<std::size_t, CompanyStatus>> others;
    std::vector<std::pair<sync::PlaceKey, bool>> turned;
    bool numbers = false;
    for (CompanyStatus& place : places) {
        const auto at = std::find_if(installations.begin(), installations.end(),
                                     [&](const Installation& one) { return one.id == place.installation; });
        if (at == installations.end()) continue;
        const auto index = at->index_of(place.place());
        if (!index) continue;
        numbers = numbers || at->at(*index).company() != place.company();
        if (at->at(*index).settled != place.settled) turned.emplace_back(place.key(), place.settled);
        others[place.installation].insert_or_assign(*index, std::move(place));
    }
    for (Installation& one : installations)
        if (const auto of = others.find(one.id); of != others.end()) one.put(std::move(of->second));
    if (turned.empty()) return numbers;
    std::set<sync::PlaceKey> unsettled = *unsettled_;
    for (const auto& [key, settled] : turned)
        if (settled)
            unsettled.erase(key);
        else
            unsettled.insert(key);
    unsettled_ = std::make_shared<const std::set<sync::PlaceKey>>(std::move(unsettled));
    return numbers;
}

void Inventory::index_numbers() {
    size_ = 0;
    for (const Installation& one : *installations_) size_ += one.places;
    Numbers numbers;
    numbers.reserve(size_);
    std::size_t index = 0;
    for (const CompanyStatus& place : *this) {
        if (place.company()) numbers.emplace_back(*place.company(), index);
        ++index;
    }
    std::sort(numbers.begin(), numbers.end());
    numbers_ = std::make_shared<const Numbers>(std::move(numbers));
}

void Inventory::find_unsettled() {
    std::set<sync::PlaceKey> unsettled;
    for (const CompanyStatus& place : *this)
        if (!place.settled) unsettled.insert(place.key());
    unsettled_ = std::make_shared<const std::set<sync::PlaceKey>>(std::move(unsettled));
}

const CompanyStatus& Inventory::operator[](std::size_t index) const {
    auto at = installations_->begin();
    while (index >= at->places) index -= (at++)->places;
    return at->at(index);
}

Inventory::Iterator Inventory::begin() const { return Iterator{installations_->data(), 0}; }

Inventory::Iterator Inventory::end() const { return Iterator{installations_->data() + installations_->size(), 0}; }

const Inventory::Installation* Inventory::installation(const std::string& id) const {
    for (const Installation& one : *installations_)
        if (one.id == id) return &one;
    return nullptr;
}

const CompanyStatus* Inventory::find(const sync::PlaceKey& key) const {
    const Installation* at = installation(key.installation);
    const auto index = at ? at->index_of(key.place) : std::nullopt;
    return index ? &at->at(*index) : nullptr;
}

const CompanyStatus* Inventory::Lookup::find(const std::string& place) {
    if (!installation_) return nullptr;
    if (next_ >= installation_->places || installation_->at(next_).place() != place) {
        const auto index = installation_->index_of(place);
        if (!index) return nullptr;
        next_ = *index;
    }
    return &installation_->at(next_++);
}

std::vector<const CompanyStatus*> Inventory::with_number(const OrgNumber& company) const {
    std::vector<const CompanyStatus*> places;
    auto at = std::lower_bound(numbers_->begin(), numbers_->end(), company,
                               [](const auto& entry, const OrgNumber& number) { return entry.first < number; });
    for (; at != numbers_->end() && at->first == company; ++at) places.push_back(&(*this)[at->second]);
    return places;
}

std::vector<const CompanyStatus*> Inventory::of(const std::string& id) const {
    std::vector<const CompanyStatus*> places;
    if (const Installation* at = installation(id))
        for (std::size_t index = 0; index < at->places; ++index) places.push_back(&at->at(index));
    return places;
}

std::size_t Inventory::companies_in(const std::string& id) const {
    const Installation* at = installation(id);
    return at ? at->companies : 0;
}

}  // namespace samsynk::agent
