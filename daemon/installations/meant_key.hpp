// Keys that people nearly wrote: a choice under a slightly wrong key is a mistake to tell of, not the absence of one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace samsynk::installations {

struct KnownKey {
    std::string_view key;
    std::vector<std::string_view> also{};  ///< other words that people have for it
    bool exact = false;                    ///< letters are not forgiven: it is short, and means little
};

/// The known key that was meant; nothing where it is one, or none at all. Forgiven are letter case, separators,
/// what is not seen, other forms of the same letters, and an edit or two.
std::optional<std::string_view> meant_key(std::string_view written, const std::vector<KnownKey>& known);

}  // namespace samsynk::installations
