#include "store/check_state.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "store/database.hpp"
#include "store/migrations.hpp"

namespace samsynk::store {
namespace {

namespace fs = std::filesystem;

Error unreadable(const fs::path& file, const std::string& why) {
    return fail(Errc::state_failed,
                N_("The state file {file} can't be looked at ({why}). Ask as root, or as the user of samsynkd."),
                {{"file", file.string()}, {"why", why}});
}

// Gone again with all that is in it.
class TempDir {
public:
    TempDir() {
        std::string name = (fs::temp_directory_path() / "samsynk-state-XXXXXX").string();
        if (!::mkdtemp(name.data())) throw fs::filesystem_error{"mkdtemp", name, {errno, std::generic_category()}};
        folder_ = name;
    }
    ~TempDir() {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;
    fs::path operator/(const char* name) const { return folder_ / name; }

private:
    fs::path folder_;
};

// As it stands: no lock, no log, no file beside it. Whatever stands in the path means itself.
std::string immutable_uri(const fs::path& file) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string uri = "file:";
    for (const unsigned char c : file.string())
        if (c < 0x80 && (std::isalnum(c) != 0 || c == '/'))
            uri += static_cast<char>(c);
        else
            uri += {'%', hex[c >> 4U], hex[c & 15U]};
    return uri + "?immutable=1";
}

Result<StateFound> look_through(SQLite::Database database, const fs::path& file) {
    if (const auto fit = check_version(database, file); fit.has_error()) return fit.error();
    check(database, Checked::all);
    return StateFound::whole;
}

// What a crash left in the log belongs to the state, and only SQLite can put them together: it does so with a copy.
Result<StateFound> look_through(const fs::path& file) {
    const fs::path log = with_suffix(file, "-wal");
    if (std::error_code none; !fs::exists(log, none) || fs::file_size(log, none) == 0)
        return look_through(SQLite::Database{immutable_uri(file), SQLite::OPEN_READONLY | SQLite::OPEN_URI}, file);
    const TempDir folder;
    fs::copy_file(file, folder / "state.db");
    fs::copy_file(log, folder / "state.db-wal");
    return look_through(SQLite::Database{(folder / "state.db").string(), SQLite::OPEN_READWRITE}, file);
}

}  // namespace

Result<StateFound> check_state(const fs::path& directory) {
    const fs::path file = directory / state_file;
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0 && (errno == ENOENT || errno == ENOTDIR)) return StateFound::none;
    if (::access(file.c_str(), R_OK) != 0) return unreadable(file, std::strerror(errno));
    const auto in_use = [&] { return LockFile::is_held(directory / lock_file); };
    if (in_use()) return StateFound::in_use;
    try {
        return look_through(file);
    } catch (const SQLite::Exception& problem) {
        if (in_use()) return StateFound::in_use;  // it was taken meanwhile: what was read is no whole
        return error_of(problem, file);
    } catch (const fs::filesystem_error& problem) {
        return unreadable(file, problem.code().message());
    }
}

}  // namespace samsynk::store
