#include "installations/folder/company_writes.hpp"

#include <deque>
#include <unordered_map>

#include "installations/folder/collaboration_file.hpp"
#include "installations/folder/user_files.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

using Indices = std::vector<std::size_t>;

constexpr std::size_t open_at_once = 128;  // folders are held open from the read to the write

// One file that is to be replaced.
struct Writing {
    CompanyFolderPtr folder;
    posix::Name name;
    std::optional<std::string> expected;
    std::string content;
    Indices writes;                        // which of them it carries out
    std::optional<posix::Directory> made;  // `samsynk`, where there was none

    fs::path path() const { return folder->own_path() / name.text(); }
};

void set(WriteResults& results, const Indices& writes, const Result<void>& result) {
    for (const std::size_t i : writes) results[i] = result;
}

// The places in the order of their first write, each with its writes.
template <class Write>
std::vector<Indices> by_place(const std::vector<Write>& writes) {
    std::vector<Indices> groups;
    std::unordered_map<std::string, std::size_t> group_of;
    for (std::size_t i = 0; i < writes.size(); ++i) {
        const auto [at, is_new] = group_of.try_emplace(writes[i].place, groups.size());
        if (is_new) groups.emplace_back();
        groups[at->second].push_back(i);
    }
    return groups;
}

Result<void> choose(Writing& writing, const agent::PreferenceWrite& write) {
    const std::string file = writing.path().string();
    const auto now_chosen = parse_preferences(writing.content, file);
    if (now_chosen.has_error()) return now_chosen.error();
    if ((*now_chosen)[write.preference] != write.from) return overtaken(writing.path());
    auto text = with_choice(writing.content, write.preference, write.to, file);
    if (text.has_error()) return text.error();
    writing.content = std::move(*text);
    return {};
}

void replace(std::deque<Writing>& writings, Lasting lasting, WriteResults& results) {
    std::vector<Replacement> replacements;
    std::vector<const Writing*> replaced;
    for (Writing& writing : writings) {
        if (!writing.folder->own) {
            auto made = make_own(*writing.folder);
            if (made.has_error()) {
                set(results, writing.writes, made.error());
                continue;
            }
            writing.made = std::move(*made);
        }
        const posix::Directory& own = writing.made ? *writing.made : *writing.folder->own;
        replacements.push_back(
            {&own, writing.name, writing.path(), std::move(writing.expected), std::move(writing.content)});
        replaced.push_back(&writing);
    }
    if (replacements.empty()) return;
    const WriteResults done = replace_files(replacements, lasting);
    for (std::size_t i = 0; i < done.size(); ++i) set(results, replaced[i]->writes, done[i]);
}

// Where `prepare` finds something to be written for a place, it is; so many at a time that descriptors are left.
template <class Write, class Prepare>
WriteResults write_each(const std::vector<Write>& writes, Lasting lasting, const Prepare& prepare) {
    WriteResults results(writes.size());
    std::deque<Writing> writings;
    for (const Indices& group : by_place(writes)) {
        Result<std::optional<Writing>> writing = prepare(group, results);
        if (writing.has_error()) {
            set(results, group, writing.error());
        } else if (*writing) {
            writings.push_back(std::move(**writing));
        }
        if (writings.size() < open_at_once) continue;
        replace(writings, lasting, results);
        writings.clear();
    }
    replace(writings, lasting, results);
    return results;
}

}  // namespace

WriteResults write_company_preferences(const std::vector<agent::PreferenceWrite>& writes, const OpenCompany& open,
                                       std::int64_t now) {
    const auto prepare = [&](const Indices& group, WriteResults& results) -> Result<std::optional<Writing>> {
        const auto folder = open(writes[group.front()].place);
        if (folder.has_error()) return folder.error();
        auto text = read_own(**folder, preferences_name(), Locks::respected);
        if (text.has_error()) return text.error();
        Writing writing{*folder, preferences_name(), *text, text->value_or(""), {}, {}};
        if (is_being_written(**folder, *text, now)) return in_use(writing.path());
        for (const std::size_t i : group) {
            results[i] = choose(writing, writes[i]);
            if (results[i].has_value()) writing.writes.push_back(i);
        }
        if (writing.writes.empty()) return std::optional<Writing>{};
        return std::optional{std::move(writing)};
    };
    return write_each(writes, Lasting::at_once, prepare);
}

WriteResults write_company_notices(const std::vector<agent::NoticeWrite>& writes, const OpenCompany& open) {
    const auto prepare = [&](const Indices& group, WriteResults&) -> Result<std::optional<Writing>> {
        const agent::NoticeWrite& write = writes[group.back()];
        const auto folder = open(write.place);
        if (folder.has_error()) return folder.error();
        auto old = read_own(**folder, notice_name());
        if (old.has_error()) return old.error();
        std::string text = render_notice(write.notice, old->value_or(""));
        if (*old == text) return std::optional<Writing>{};
        return std::optional{Writing{*folder, notice_name(), std::move(*old), std::move(text), group, {}}};
    };
    return write_each(writes, Lasting::soon, prepare);
}

}  // namespace samsynk::installations
