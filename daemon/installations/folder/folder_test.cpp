#include "installations/folder/folder_test.hpp"

#include <sys/stat.h>

#include <filesystem>

#include "installations/first_trouble.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

Reason first_not_writable(const FolderBooks& books, const std::vector<sync::LocalCompanyPtr>& companies) {
    for (const auto& company : companies) {
        if (company->ignored || company->trouble) continue;
        if (const auto may = books.may_write(company->place); may.has_error()) return may.error();
    }
    return {};
}

agent::Probe exchanging(const FolderBooks& books, const std::vector<sync::LocalCompanyPtr>& companies) {
    for (const auto& company : companies)
        if (!company->ignored && !company->trouble && !books.can_exchange(company->place))
            return {.what = {N_("{path} is on a file system that can't always exchange two files in one step, such as "
                                "a share: a "
                                "choice that is saved in the very instant of a write there could be lost."),
                             {{"path", books.root().string()}}},
                    .trouble = {},
                    .weaker = true};
    return {{N_("A choice that is saved while Samsynk writes is never lost."), {}}, {}};
}

// Who may write there could put another folder in the place of this one. In a folder that is sticky, as /tmp, nobody
// moves what is another's; but new companies are laid in the root by those who may.
Reason open_to_strangers(const fs::path& root) {
    std::error_code code;
    const fs::path top = fs::weakly_canonical(root, code);
    for (fs::path folder = top; !folder.empty(); folder = folder.parent_path()) {
        struct stat status {};
        const bool known = ::stat(folder.c_str(), &status) == 0;
        if (known && (status.st_mode & S_IWOTH) && (folder == top || !(status.st_mode & S_ISVTX)))
            return fail(Errc::bad_settings,
                        N_("Everyone on this machine may write in {path}, and so put other folders in the place of the "
                           "companies'. Take that right away, as with chmod o-w."),
                        {{"path", folder.string()}});
        if (folder == folder.parent_path()) break;
    }
    return {};
}

}  // namespace

std::vector<agent::Probe> test_books(FolderBooks& books) {
    std::vector<agent::Probe> probes;
    const auto found = books.scan();
    const Message reached{N_("{path} can be reached."), {{"path", books.root().string()}}};
    if (found.has_error()) return {{reached, found.error()}};
    probes.push_back({reached, {}});
    probes.push_back({{N_("{count} companies were found and can be read."), {{"count", std::to_string(found->size())}}},
                      first_trouble(*found)});
    probes.push_back({{N_("Preferences and collaborations can be written."), {}}, first_not_writable(books, *found)});
    probes.push_back(exchanging(books, *found));
    probes.push_back({{N_("Strangers can't write in {path} or above it."), {{"path", books.root().string()}}},
                      open_to_strangers(books.root())});
    probes.push_back({{N_("Changes are told of by the system."), {}}, books.watch_trouble()});
    return probes;
}

}  // namespace samsynk::installations
