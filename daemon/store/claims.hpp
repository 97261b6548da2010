// Which companies each installation may act for, as the service last said.
#pragma once

#include <map>

#include "store/query.hpp"
#include "sync/memory.hpp"

namespace samsynk::store {

class Claims {
public:
    explicit Claims(SQLite::Database& database);
    void put(const sync::ClaimsUpdate& update);  ///< replaces all of the installation's
    void begin_epoch();                          ///< forgets all but what a person said
    std::map<std::string, sync::ClaimsOf> load();

private:
    Query put_list_, of_, delete_, put_, forget_lists_, forget_, lists_, all_;
};

}  // namespace samsynk::store
