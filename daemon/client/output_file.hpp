// A file of its own that nobody else can read, which appears under its name only when it is whole and on disk.
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"

namespace samsynk::client {

class AtomicOutputFile {
public:
    AtomicOutputFile() = default;
    ~AtomicOutputFile();
    AtomicOutputFile(const AtomicOutputFile&) = delete;
    AtomicOutputFile& operator=(const AtomicOutputFile&) = delete;

    /// Beside `name`, mode 0600. Error write_failed: it can't be made there, or (without `replace`) stands there
    /// already.
    Result<void> begin(const std::string& name, bool replace);
    bool write(std::string_view part);  ///< false: the disk would not
    Result<void> finish();              ///< flushed, and under its name
    int descriptor() const { return descriptor_; }

private:
    Error failed(int why) const;

    std::string name_, beside_;
    bool replace_ = false;
    int descriptor_ = -1;
    int why_ = 0;
};

}  // namespace samsynk::client
