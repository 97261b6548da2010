#include "sandbox/web/private_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace samsynk::sandbox {
namespace {

mode_t mode_of(const std::filesystem::path& path) {
    struct stat there {};
    EXPECT_EQ(::stat(path.c_str(), &there), 0) << path;
    return there.st_mode & 0777;
}

TEST(PrivateFolder, IsForItsOwnerAloneAndSoIsWhatIsMadeInIt) {
    std::string name = std::filesystem::temp_directory_path() / "sandbox-XXXXXX";
    const std::filesystem::path folder{::mkdtemp(name.data())};
    ::umask(0022);
    make_private_folder(folder / "new");
    EXPECT_EQ(mode_of(folder / "new"), 0700U);
    std::ofstream{folder / "new" / "sandbox.db"} << "tokens";
    EXPECT_EQ(mode_of(folder / "new" / "sandbox.db"), 0600U);
    std::filesystem::permissions(folder / "new", std::filesystem::perms{0755});
    make_private_folder(folder / "new");
    EXPECT_EQ(mode_of(folder / "new"), 0700U) << "of a version that left it open";
    ::umask(0022);
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace samsynk::sandbox
