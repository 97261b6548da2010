// Any bytes as preferences.yaml, and each choice made in it: exactly that choice changes, and nothing else in the file.
#include "installations/folder/user_files.hpp"

#include <vector>

#include "fuzz/fuzz.hpp"

namespace samsynk::fuzz {
namespace {

using installations::parse_preferences;
using installations::with_choice;

constexpr const char* file = "preferences.yaml";

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) lines.push_back(take(text));
    return lines;
}

std::string_view without_return(std::string_view line) {
    return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

// A line that is added ends the one before it, in the way of the file.
std::string with_line_end(std::string_view before, std::string_view after) {
    const std::string text{before};
    if (text.ends_with('\n') || !after.starts_with(text)) return text;
    return after.starts_with(text + "\r\n") ? text + "\r\n" : text + "\n";
}

// One line was changed, behind its colon and before its comment, or one was added at the end.
void check_edit(std::string_view given, std::string_view after) {
    const std::string before = with_line_end(given, after);
    auto old = lines_of(before), now = lines_of(after);
    while (!old.empty() && !now.empty() && old.front() == now.front()) {
        old.erase(old.begin());
        now.erase(now.begin());
    }
    while (!old.empty() && !now.empty() && old.back() == now.back()) {
        old.pop_back();
        now.pop_back();
    }
    if (old.empty() && now.empty()) return;
    check(now.size() == 1 && old.size() <= 1, "more than one line changed");
    if (old.empty())
        return check(after.ends_with(without_return(now[0])) || after.ends_with('\n'), "added in the middle");
    check(old[0].ends_with('\r') == now[0].ends_with('\r'), "a line end changed");
    const auto colon = old[0].find(':');
    check(old[0].substr(0, colon + 1) == now[0].substr(0, now[0].find(':') + 1), "a key changed");
    const auto comment = std::min(old[0].find(" #"), old[0].find("\t#"));
    check(comment == std::string_view::npos || now[0].ends_with(old[0].substr(comment)), "a comment changed");
}

// So simple that a choice must always be possible in it.
bool is_plain(std::string_view text) {
    for (const auto line : lines_of(text)) {
        const auto colon = line.find(": ");
        if (line.starts_with('#') && line.find_first_of("\r\t") == std::string_view::npos &&
            std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; }))
            continue;
        if (colon == std::string_view::npos || colon == 0) return false;
        if (line.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") != colon) return false;
        if (line.size() == colon + 2 ||
            line.find_first_not_of("abcdefghijklmnopqrstuvwxyz", colon + 2) != std::string_view::npos)
            return false;
    }
    return true;
}

void choose(std::string_view text, sync::Preferences before, sync::Preference preference, bool value) {
    const auto changed = with_choice(text, preference, value, file);
    if (changed.has_error()) {
        check(!is_plain(text), "no choice can be made in a plain file");
        return check_error(changed.error(), {Errc::bad_file});
    }
    before[preference] = value;
    const auto after = parse_preferences(*changed, file);
    check(after.has_value() && *after == before, "another choice was made");
    if (!text.empty()) check_edit(text, *changed);
    if (*changed == text) return;  // already so
    const auto twice = with_choice(*changed, preference, value, file);
    check(twice.has_value() && *twice == *changed, "the same choice again changes the file");
    const auto other = with_choice(*changed, preference, !value, file);
    check(other.has_value(), "a choice can't be taken back");
    const auto back = with_choice(*other, preference, value, file);
    check(back.has_value() && *back == *changed, "there and back gives another file");
}

void read(std::string_view text) {
    const auto preferences = parse_preferences(text, file);
    if (preferences.has_error()) check_error(preferences.error(), {Errc::bad_file});
    for (const auto preference : sync::all_preferences)
        for (const bool value : {true, false})
            if (preferences.has_value())
                choose(text, *preferences, preference, value);
            else
                check(with_choice(text, preference, value, file).has_error(), "a file that can't be read was changed");
}

}  // namespace
}  // namespace samsynk::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    samsynk::fuzz::read(samsynk::fuzz::text_of(data, size));
    return 0;
}
