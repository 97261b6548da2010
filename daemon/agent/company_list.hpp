// The published companies: a list that nobody changes. A copy with other entries shares all that stands far from them,
// so that what is told of a few companies costs as much as those few.
#pragma once

#include <cstddef>
#include <iterator>
#include <map>
#include <memory>
#include <vector>

#include "agent/company_status.hpp"

namespace samsynk::agent {

class CompanyList {
public:
    class Iterator {
    public:
        using iterator_category = std::forward_iterator_tag;
        using value_type = CompanyStatus;
        using difference_type = std::ptrdiff_t;
        using pointer = const CompanyStatus*;
        using reference = const CompanyStatus&;

        Iterator() = default;
        Iterator(const CompanyList& list, std::size_t index) : list_{&list}, index_{index} {}
        reference operator*() const { return (*list_)[index_]; }
        pointer operator->() const { return &(*list_)[index_]; }
        Iterator& operator++() {
            ++index_;
            return *this;
        }
        Iterator operator++(int) { return {*list_, index_++}; }
        bool operator==(const Iterator& other) const { return index_ == other.index_; }

    private:
        const CompanyList* list_ = nullptr;
        std::size_t index_ = 0;
    };

    CompanyList() = default;
    explicit CompanyList(std::vector<CompanyStatus> all);

    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    const CompanyStatus& operator[](std::size_t index) const;
    const CompanyStatus& front() const { return (*this)[0]; }
    Iterator begin() const { return {*this, 0}; }
    Iterator end() const { return {*this, size_}; }

    /// A copy that has other entries where `others` names them, by index.
    CompanyList with(std::map<std::size_t, CompanyStatus> others) const;

private:
    using Piece = std::vector<CompanyStatus>;  ///< all but the last one are equally long

    std::vector<std::shared_ptr<const Piece>> pieces_;
    std::size_t size_ = 0;
};

}  // namespace samsynk::agent
