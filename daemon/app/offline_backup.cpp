#include "app/offline_backup.hpp"

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iostream>

#include "core/folder_owner.hpp"
#include "core/plain_text.hpp"
#include "settings/settings.hpp"
#include "store/backup.hpp"

namespace samsynk::app {
namespace {

namespace fs = std::filesystem;

int failed(const Error& error) {
    std::fprintf(stderr, "samsynkd: %s\n", plain(to_text(error.message)).c_str());
    return error.code == Errc::bad_file || error.code == Errc::state_newer ? 2 : 5;
}

int back_up(const fs::path& directory, const fs::path& to) {
    const bool out = to == "-";
    const fs::path file = out ? directory / store::copy_file : to;
    const auto copied = store::copy_closed_state(directory, file);
    if (copied.has_error()) return failed(copied.error());
    if (!out) return 0;
    std::ifstream copy{file, std::ios::binary};
    ::unlink(file.c_str());
    std::cout << copy.rdbuf() << std::flush;
    return std::cout ? 0 : 5;
}

int put_back(const fs::path& directory) {
    const auto before = store::restore_state(directory, STDIN_FILENO);
    if (before.has_error()) return failed(before.error());
    if (*before) std::printf("%s\n", plain((*before)->string()).c_str());
    return 0;
}

}  // namespace

int back_up_or_restore(const Options& options) {
    const auto loaded = settings::load(options.config);
    const bool configured = !loaded.nothing && (options.config != Options{}.config || fs::exists(options.config));
    for (const auto& mistake : loaded.mistakes)
        if (configured) std::fprintf(stderr, "samsynkd: %s\n", plain(settings::to_text(mistake)).c_str());
    if (configured && !loaded.settings) return 2;
    // Before it is configured, the state is where it would be kept.
    const fs::path directory = loaded.settings ? loaded.settings->state_directory : settings::usual_state_directory();
    const bool in_its_folder = options.restore || options.backup == "-";
    if (const auto owner = owner_to_act_as(directory); owner && in_its_folder)
        if (const auto became = become(*owner); became.has_error()) return failed(became.error());
    return options.restore ? put_back(directory) : back_up(directory, options.backup);
}

}  // namespace samsynk::app
