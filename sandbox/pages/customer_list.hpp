// An office's customers in the order of a Swedish list, kept until something changes: a search follows what is typed.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sandbox/store/office_store.hpp"

namespace samsynk::sandbox {

class CustomerList {
public:
    struct Line {
        std::string key;  ///< the name as it is sorted and searched
        CustomerLine customer;
    };

    /// Those whose name holds `search`, or whose number does where it is written as a number. Valid until the next
    /// call.
    std::vector<const Line*> find(OfficeStore& store, const std::string& office, const std::string& search);

private:
    struct Kept {
        std::int64_t change = -1;
        std::vector<Line> lines;
    };
    std::map<std::string, Kept> offices_;
};

/// In small letters, with å ä ö after z.
std::string sort_key(const std::string& name);

}  // namespace samsynk::sandbox
