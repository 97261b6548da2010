#include "agent/company_list.hpp"

#include <algorithm>

namespace samsynk::agent {
namespace {

constexpr std::size_t piece_size = 64;

}  // namespace

CompanyList::CompanyList(std::vector<CompanyStatus> all) : size_{all.size()} {
    pieces_.reserve((size_ + piece_size - 1) / piece_size);
    for (std::size_t first = 0; first < size_; first += piece_size) {
        const auto from = all.begin() + static_cast<std::ptrdiff_t>(first);
        const auto to = from + static_cast<std::ptrdiff_t>(std::min(piece_size, size_ - first));
        pieces_.push_back(std::make_shared<const Piece>(std::make_move_iterator(from), std::make_move_iterator(to)));
    }
}

const CompanyStatus& CompanyList::operator[](std::size_t index) const {
    return (*pieces_[index / piece_size])[index % piece_size];
}

CompanyList CompanyList::with(std::map<std::size_t, CompanyStatus> others) const {
    CompanyList copy{*this};
    for (auto other = others.begin(); other != others.end();) {
        const std::size_t number = other->first / piece_size;
        Piece piece{*pieces_[number]};
        for (; other != others.end() && other->first / piece_size == number; ++other)
            piece[other->first % piece_size] = std::move(other->second);
        copy.pieces_[number] = std::make_shared<const Piece>(std::move(piece));
    }
    return copy;
}

}  // namespace samsynk::agent
