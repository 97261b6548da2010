// A sentence for people, kept apart from its words so that it can be shown in the reader's language.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace samsynk {

/// Marks a sentence for the translation catalogs (xgettext -kN_); does nothing at run time.
constexpr const char* N_(const char* text) { return text; }

/// `id` is the English sentence with `{name}` where a value belongs ("Folder {path} can't be read.").
/// It is also the key in the gettext catalogs. Values are filled in after translation.
struct Message {
    std::string id;
    std::vector<std::pair<std::string, std::string>> args;

    bool operator==(const Message&) const = default;
};

/// Whether both say the same, apart from what is another each time: the name of a request, a clock, seconds to wait.
bool tell_the_same(const Message& one, const Message& other);

using Translate = std::function<std::string(const std::string& id)>;

/// The sentence with its values filled in; in English unless `translate` is given.
std::string to_text(const Message& message, const Translate& translate = {});

}  // namespace samsynk
