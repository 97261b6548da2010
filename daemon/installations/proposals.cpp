#include "installations/proposals.hpp"

#include <algorithm>
#include <fstream>

#include "installations/folder/place_names.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

constexpr int deepest = 4;
constexpr std::size_t looked_at = 256 * 1024;  // of a database file: its tables' names stand in the first pages

// Whether a folder holds what tells a company: a SIE file, or Samsynk's own.
bool is_company(const fs::path& folder) {
    std::error_code code;
    if (fs::exists(folder / "samsynk/company.yaml", code) || fs::exists(folder / "samsynk/preferences.yaml", code))
        return true;
    for (fs::directory_iterator at{folder, code}, end; !code && at != end; at.increment(code))
        if (is_sie_name(at->path().filename().string()) && at->is_regular_file(code)) return true;
    return false;
}

std::string head_of(const fs::path& file) {
    std::ifstream stream{file, std::ios::binary};
    std::string head(looked_at, '\0');
    stream.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<std::size_t>(stream.gcount()));
    return head;
}

void look_at_file(const fs::path& file, std::vector<Proposal>& found) {
    const bool called_gnucash = file.extension() == ".gnucash";
    const std::string head = head_of(file);
    if (head.starts_with(std::string_view{"SQLite format 3\0", 16})) {
        if (head.find("gnclock") != std::string::npos)
            found.push_back(
                {.connector = "sql", .path = file, .mapping = "gnucash", .remark = {N_("A GnuCash book."), {}}});
        else if (file.filename() != "state.db")
            found.push_back(
                {.connector = "",
                 .path = file,
                 .remark = {N_("A SQLite database of a program that is not known here. Write a mapping for it, "
                               "if it holds companies."),
                            {}}});
    } else if (called_gnucash) {
        found.push_back({.connector = "",
                         .path = file,
                         .remark = {N_("A GnuCash book, but not as a database. Save it in GnuCash as SQLite."), {}}});
    }
}

class Search {
public:
    void look_at(const fs::path& folder, int depth) {
        std::vector<fs::path> folders;
        std::error_code code;
        for (fs::directory_iterator at{folder, code}, end; !code && at != end; at.increment(code)) {
            std::error_code ignored;
            const auto status = at->symlink_status(ignored);
            if (fs::is_directory(status) && is_place(at->path().filename().string()))
                folders.push_back(at->path());
            else if (fs::is_regular_file(status))
                look_at_file(at->path(), found_);
        }
        std::sort(folders.begin(), folders.end());
        const auto companies = static_cast<std::size_t>(std::count_if(folders.begin(), folders.end(), is_company));
        if (companies > 0)
            found_.push_back({.connector = "folder", .path = folder, .companies = companies, .remark = {}});
        if (depth == deepest) return;
        for (const fs::path& below : folders)
            if (companies == 0 || !is_company(below)) look_at(below, depth + 1);
    }
    std::vector<Proposal> found() {
        std::sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
        return std::move(found_);
    }

private:
    std::vector<Proposal> found_;
};

}  // namespace

Result<std::vector<Proposal>> proposals_at(const fs::path& root) {
    std::error_code code;
    const fs::path whole = fs::canonical(root, code);
    if (!code && fs::is_regular_file(whole, code)) {
        std::vector<Proposal> found;
        look_at_file(whole, found);
        return found;
    }
    const fs::directory_iterator readable{whole, code};
    if (code)
        return fail(Errc::unreadable, N_("The folder {file} can't be read ({why}). Check its permissions."),
                    {{"file", root.string()}, {"why", code.message()}});
    Search search;
    // A company's own folder was given: what it stands in is the installation.
    if (is_company(whole))
        return std::vector<Proposal>{
            {.connector = "folder", .path = whole.parent_path(), .companies = 1, .remark = {}}};
    search.look_at(whole, 0);
    return search.found();
}

}  // namespace samsynk::installations
