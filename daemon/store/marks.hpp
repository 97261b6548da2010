// What was left at each installation's root, a row an installation.
#pragma once

#include <map>
#include <string>

#include "store/query.hpp"
#include "sync/memory.hpp"

namespace samsynk::store {

class Marks {
public:
    explicit Marks(SQLite::Database& database);
    void put(const sync::InstallationMark& mark);
    std::map<std::string, std::string> load();

private:
    Query put_, all_;
};

}  // namespace samsynk::store
