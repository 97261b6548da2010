#include "posix/file_system.hpp"

#include <linux/magic.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace samsynk::posix {
namespace {

struct Kind {
    std::uint32_t magic;
    FileSystem can;
};

constexpr FileSystem local{true, true, true}, share{false, false, false}, share_that_exchanges{false, false, true},
    of_other_systems{false, true, false};

constexpr std::array<Kind, 18> kinds{{{EXT4_SUPER_MAGIC, local},
                                      {0x58465342, local},  // xfs
                                      {0x2FC12FC1, local},  // zfs
                                      {BTRFS_SUPER_MAGIC, local},
                                      {TMPFS_MAGIC, local},
                                      {F2FS_SUPER_MAGIC, local},
                                      {NFS_SUPER_MAGIC, {true, false, false}},
                                      {SMB_SUPER_MAGIC, share},
                                      {0xFF534D42, share},  // cifs
                                      {0xFE534D42, share},  // smb2
                                      {FUSE_SUPER_MAGIC, share},
                                      {V9FS_MAGIC, share},
                                      {CEPH_SUPER_MAGIC, share_that_exchanges},
                                      {AFS_SUPER_MAGIC, share_that_exchanges},
                                      {CODA_SUPER_MAGIC, share_that_exchanges},
                                      {MSDOS_SUPER_MAGIC, of_other_systems},
                                      {EXFAT_SUPER_MAGIC, of_other_systems},
                                      {0x5346544E, of_other_systems}}};  // ntfs

FileSystem from(int failed, const struct statfs& status) {
    if (failed != 0) return share_that_exchanges;
    const auto magic = static_cast<std::uint32_t>(status.f_type);
    const auto known = std::find_if(kinds.begin(), kinds.end(), [&](const Kind& kind) { return kind.magic == magic; });
    return known == kinds.end() ? FileSystem{} : known->can;
}

}  // namespace

FileSystem file_system_of(const std::filesystem::path& folder) {
    struct statfs status {};
    const int failed = ::statfs(folder.c_str(), &status);
    return from(failed, status);
}

FileSystem file_system_of(const Directory& folder) {
    struct statfs status {};
    const int failed = ::fstatfs(folder.descriptor(), &status);
    return from(failed, status);
}

}  // namespace samsynk::posix
