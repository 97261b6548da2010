#include "core/message.hpp"

#include <algorithm>

namespace samsynk {
namespace {

// Arguments of these names are no part of what is told.
bool is_another_each_time(const std::string& name) { return name == "request" || name == "clock" || name == "seconds"; }

}  // namespace

bool tell_the_same(const Message& one, const Message& other) {
    return one.id == other.id && std::equal(one.args.begin(), one.args.end(), other.args.begin(), other.args.end(),
                                            [](const auto& mine, const auto& theirs) {
                                                return mine.first == theirs.first && (mine.second == theirs.second ||
                                                                                      is_another_each_time(mine.first));
                                            });
}

std::string to_text(const Message& message, const Translate& translate) {
    const std::string pattern = translate ? translate(message.id) : message.id;
    std::string text;
    text.reserve(pattern.size() + 32);
    for (std::size_t at = 0; at < pattern.size();) {
        const std::size_t open = pattern.find('{', at);
        const std::size_t close = open == std::string::npos ? open : pattern.find('}', open);
        if (close == std::string::npos) {
            text.append(pattern, at);
            break;
        }
        text.append(pattern, at, open - at);
        const auto name = pattern.substr(open + 1, close - open - 1);
        const std::string* value = nullptr;
        for (const auto& [key, given] : message.args)
            if (key == name) value = &given;
        if (value)
            text += *value;
        else
            text.append(pattern, open, close - open + 1);
        at = close + 1;
    }
    return text;
}

}  // namespace samsynk
