#include "installations/meant_key.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>

#include "core/plain_text.hpp"

namespace samsynk::installations {
namespace {

constexpr std::size_t longest = 64;  // letters
constexpr std::size_t long_key = 8;  // letters; from here on two edits are forgiven

using Letters = std::vector<utf8proc_int32_t>;

bool separates(utf8proc_int32_t letter) {
    return letter == '-' || letter == '_' || letter == ' ' || letter == '.' || letter == '\t' || letter < ' ';
}

// As one compares words: without case, forms, what is not seen and what separates.
Letters folded(std::string_view text) {
    const std::string valid = valid_utf8(text);
    Letters letters(valid.size() * 4 + 16);
    const auto options = static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
                                                        UTF8PROC_IGNORE | UTF8PROC_LUMP);
    const auto count = utf8proc_decompose(reinterpret_cast<const utf8proc_uint8_t*>(valid.data()),
                                          static_cast<utf8proc_ssize_t>(valid.size()), letters.data(),
                                          static_cast<utf8proc_ssize_t>(letters.size()), options);
    letters.resize(count < 0 ? 0 : std::min(static_cast<std::size_t>(count), letters.size()));
    std::erase_if(letters, separates);
    return letters;
}

// How many letters are put in, left out, changed or exchanged with their neighbour.
std::size_t edits(const Letters& one, const Letters& other) {
    std::array<std::vector<std::size_t>, 3> rows;  // before the last, the last, this one
    for (auto& row : rows) row.resize(other.size() + 1);
    for (std::size_t j = 0; j <= other.size(); ++j) rows[1][j] = j;
    for (std::size_t i = 1; i <= one.size(); ++i) {
        rows[2][0] = i;
        for (std::size_t j = 1; j <= other.size(); ++j) {
            const std::size_t changed = rows[1][j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
            rows[2][j] = std::min({rows[1][j] + 1, rows[2][j - 1] + 1, changed});
            const bool exchanged = i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
            if (exchanged) rows[2][j] = std::min(rows[2][j], rows[0][j - 2] + 1);
        }
        std::rotate(rows.begin(), rows.begin() + 1, rows.end());
    }
    return rows[1].back();
}

bool is_meant(const Letters& written, const KnownKey& known) {
    const Letters key = folded(known.key);
    if (written == key) return true;
    for (const std::string_view word : known.also)
        if (written == folded(word)) return true;
    return !known.exact && edits(written, key) <= (key.size() < long_key ? 1 : 2);
}

}  // namespace

std::optional<std::string_view> meant_key(std::string_view written, const std::vector<KnownKey>& known) {
    for (const KnownKey& one : known)
        if (one.key == written) return std::nullopt;
    if (written.size() > longest * 4) return std::nullopt;
    const Letters letters = folded(written);
    if (letters.empty() || letters.size() > longest) return std::nullopt;
    for (const KnownKey& one : known)
        if (is_meant(letters, one)) return one.key;
    return std::nullopt;
}

}  // namespace samsynk::installations
