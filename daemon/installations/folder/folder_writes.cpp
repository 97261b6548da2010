// What the agent writes in a company's folder: by compare-and-set, in the one folder that was opened to read it.
#include <cerrno>
#include <cstring>
#include <deque>
#include <unordered_map>

#include "installations/folder/atomic_file.hpp"
#include "installations/folder/collaboration_file.hpp"
#include "installations/folder/company_names.hpp"
#include "installations/folder/company_reader.hpp"
#include "installations/folder/folder_books.hpp"
#include "installations/folder/preferences_file.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

using Results = std::vector<Result<void>>;
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

Error not_written(const Error& why) { return fail(Errc::write_failed, why.message.id, why.message.args); }

void set(Results& results, const Indices& writes, const Result<void>& result) {
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

void replace(std::deque<Writing>& writings, Lasting lasting, Results& results) {
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
    const Results done = replace_files(replacements, lasting);
    for (std::size_t i = 0; i < done.size(); ++i) set(results, replaced[i]->writes, done[i]);
}

// Where `prepare` finds something to be written for a place, it is; so many at a time that descriptors are left.
template <class Write, class Prepare>
Results write_each(const std::vector<Write>& writes, Lasting lasting, const Prepare& prepare) {
    Results results(writes.size());
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

std::vector<Result<void>> FolderBooks::write_preferences(const std::vector<agent::PreferenceWrite>& writes) {
    const auto root = open_root();
    if (root.has_error()) return Results(writes.size(), not_written(root.error()));
    auto results = write_each(writes, Lasting::at_once,
                              [&](const Indices& group, Results& done) -> Result<std::optional<Writing>> {
                                  const std::string& place = writes[group.front()].place;
                                  if (!is_place(place)) return no_such_place(place);
                                  const auto folder = open(*root, place);
                                  if (folder.has_error()) return folder.error();
                                  auto text = read_own(**folder, preferences_name(), Locks::respected);
                                  if (text.has_error()) return text.error();
                                  Writing writing{*folder, preferences_name(), *text, text->value_or(""), {}, {}};
                                  if (is_being_written(**folder, *text, clock_())) return in_use(writing.path());
                                  for (const std::size_t i : group) {
                                      done[i] = choose(writing, writes[i]);
                                      if (done[i].has_value()) writing.writes.push_back(i);
                                  }
                                  if (writing.writes.empty()) return std::optional<Writing>{};
                                  return std::optional{std::move(writing)};
                              });
    for (const agent::PreferenceWrite& write : writes) forget(write.place);
    return results;
}

std::vector<Result<void>> FolderBooks::write_notices(const std::vector<agent::NoticeWrite>& writes) {
    const auto root = open_root();
    if (root.has_error()) return Results(writes.size(), not_written(root.error()));
    // What the folder shows is looked at by each run: a notice that did not last is left again.
    auto results =
        write_each(writes, Lasting::soon, [&](const Indices& group, Results&) -> Result<std::optional<Writing>> {
            const agent::NoticeWrite& write = writes[group.back()];
            if (!is_place(write.place)) return no_such_place(write.place);
            const auto folder = open(*root, write.place);
            if (folder.has_error()) return folder.error();
            auto old = read_own(**folder, notice_name());
            if (old.has_error()) return old.error();
            std::string text = render_notice(write.notice, old->value_or(""));
            if (*old == text) return std::optional<Writing>{};
            return std::optional{Writing{*folder, notice_name(), std::move(*old), std::move(text), group, {}}};
        });
    for (const agent::NoticeWrite& write : writes) forget(write.place);
    return results;
}

Result<void> FolderBooks::may_write(const std::string& place) const {
    const auto root = open_root();
    if (root.has_error()) return root.error();
    const auto folder = open(*root, place);
    if (folder.has_error()) return folder.error();
    const CompanyFolder& company = **folder;
    // A samsynk folder that is missing will be made, so what is above it must let us.
    if ((company.own ? *company.own : company.company).is_writable()) return {};
    return fail(Errc::write_failed,
                N_("{file} can't be written to ({why}). Give samsynkd the right to, or mount it so."),
                {{"file", (company.own ? company.own_path() : company.path).string()}, {"why", std::strerror(errno)}});
}

bool FolderBooks::can_exchange(const std::string& place) const {
    const auto root = open_root();
    if (root.has_error()) return true;
    const auto folder = open(*root, place);
    return folder.has_error() || !(*folder)->own || installations::can_exchange(*(*folder)->own);
}

}  // namespace samsynk::installations
