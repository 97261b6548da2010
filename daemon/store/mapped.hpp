// Reading a whole state file without a call for each page. Only for a while: an error of the disk ends the process
// then.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>

namespace samsynk::store {

class Mapped {
public:
    explicit Mapped(SQLite::Database& database) : database_{database} { set(256 * 1024 * 1024); }
    ~Mapped() { set(0); }
    Mapped(const Mapped&) = delete;
    Mapped& operator=(const Mapped&) = delete;

private:
    void set(int bytes) { (void)database_.tryExec("PRAGMA mmap_size = " + std::to_string(bytes)); }

    SQLite::Database& database_;
};

}  // namespace samsynk::store
