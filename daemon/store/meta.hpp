// The epoch and the cursor: which life of the service's data is known, and how far its changes were read.
#pragma once

#include "store/query.hpp"

namespace samsynk::store {

class Meta {
public:
    explicit Meta(SQLite::Database& database);
    std::string get(const std::string& name);  ///< empty where it was never put
    void put(const std::string& name, const std::string& value);

private:
    Query get_, put_;
};

}  // namespace samsynk::store
