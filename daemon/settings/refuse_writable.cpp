#include "settings/refuse_writable.hpp"

#include <set>

#include "core/writers.hpp"

namespace samsynk::settings {
namespace {

namespace fs = std::filesystem;

// What runs as the daemon, or says whom it believes.
std::set<fs::path> trusted_files(const Settings& settings) {
    std::set<fs::path> files;
    if (settings.service.ca_file) files.insert(*settings.service.ca_file);
    for (const Installation& one : settings.installations) {
        if (one.database.ca_file) files.insert(*one.database.ca_file);
        if (one.mapping.starts_with('/')) files.insert(one.mapping);
        if (!one.command.empty()) files.insert(one.command.front());
    }
    return files;
}

Message sentence_of(const Opening& opening) {
    const std::string path = opening.path.string();
    if (opening.by_owner)
        return {N_("{path} belongs to another user, who could make samsynkd run any program. It is not used. Mend it "
                   "with: chown root {path}"),
                {{"path", path}}};
    return {N_("{path} may be written by others, who could make samsynkd run any program. It is not used. Mend it "
               "with: chmod go-w {path}"),
            {{"path", path}}};
}

}  // namespace

void refuse_writable(Loaded& loaded, const fs::path& file) {
    std::set<fs::path> files{file}, told;
    if (loaded.settings) files.merge(trusted_files(*loaded.settings));
    const auto trusted = trusted_users();
    std::vector<Mistake> found;
    for (const fs::path& one : files)
        if (const auto opening = opening_to(one, trusted); opening && told.insert(opening->path).second)
            found.push_back({file, 0, 0, sentence_of(*opening)});
    if (found.empty()) return;
    loaded.settings.reset();
    loaded.mistakes.insert(loaded.mistakes.begin(), found.begin(), found.end());
}

}  // namespace samsynk::settings
