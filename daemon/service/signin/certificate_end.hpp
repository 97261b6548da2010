// How long an own certificate is good, to be told of in time.
#pragma once

#include <filesystem>
#include <optional>

#include "core/time.hpp"

namespace samsynk::service {

/// The end of the first certificate in a PEM file; nothing where there is none that can be read.
std::optional<Time> certificate_end(const std::filesystem::path& file);

}  // namespace samsynk::service
