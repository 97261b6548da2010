#include "installations/folder/folder_test.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "installations/first_trouble.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

// Whether files can be put into a folder, as far as modes, access lists and a read-only mount tell.
bool can_write_in(const fs::path& folder) {
    return ::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) == 0;
}

// A samsynk folder that is missing will be made, so what is above it must let us.
Reason not_writable(const fs::path& company_folder) {
    const fs::path own = company_folder / "samsynk";
    const fs::path& folder = ::access(own.c_str(), F_OK) == 0 ? own : company_folder;
    if (can_write_in(folder)) return {};
    return fail(Errc::write_failed,
                N_("{file} can't be written to ({why}). Give samsynkd the right to, or mount it so."),
                {{"file", folder.string()}, {"why", std::strerror(errno)}});
}

Reason first_not_writable(const fs::path& root, const std::vector<sync::LocalCompanyPtr>& companies) {
    for (const auto& company : companies) {
        if (company->ignored || company->trouble) continue;
        if (Reason why = not_writable(root / company->place)) return why;
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
    probes.push_back(
        {{N_("Preferences and collaborations can be written."), {}}, first_not_writable(books.root(), *found)});
    probes.push_back({{N_("Changes are told of by the system."), {}}, books.watch_trouble()});
    return probes;
}

}  // namespace samsynk::installations
