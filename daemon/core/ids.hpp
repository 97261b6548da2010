// Identifiers: operations, runs, installations.
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"

namespace samsynk {

/// A random UUID (version 4), in lower case with dashes.
std::string new_uuid();

/// The UUIDv5 of `name` within the namespace `machine_id` (32 hex digits, as in /etc/machine-id).
/// Names one installation online: the same after a lost state, another on another host.
/// Error: bad_settings where the machine's id is not 32 hex digits.
Result<std::string> installation_uuid(std::string_view machine_id, std::string_view name);

/// `count` random bytes as lower-case hex, for trace ids.
std::string random_hex(std::size_t count);

}  // namespace samsynk
