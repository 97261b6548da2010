// How the configuration wants the log.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "core/event.hpp"

namespace samsynk::telemetry {

enum class LogFormat {
    automatic,  ///< the journal where standard error is connected to it, else text
    journald,
    json,
    text,
};

/// A file to log to, instead of standard error. Rotated files are called `samsynk.1.log`, `samsynk.2.log`, …
struct LogFile {
    std::filesystem::path path;
    std::uint64_t rotate_at = 10 * 1024 * 1024;  ///< bytes; 0: another program rotates it
    unsigned keep = 5;                           ///< rotated files
};

struct LogOptions {
    LogFormat format = LogFormat::automatic;
    Level minimum = Level::info;
    std::optional<LogFile> file;  ///< json or text
};

}  // namespace samsynk::telemetry
