// Unpacks a reply that came as gzip, never to more than a limit.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace samsynk::service {

enum class Unpacking { done, damaged, too_large };

struct Unpacked {
    Unpacking how = Unpacking::done;
    std::string text;  ///< with `done` only
};

/// `packed` is one or several whole gzip members.
Unpacked gunzip(std::string_view packed, std::size_t most);

}  // namespace samsynk::service
