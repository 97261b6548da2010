#include "support/faulty_vfs.hpp"

#include <algorithm>
#include <new>

namespace samsynk::support {
namespace {

// SQLite gives the room for it (szOsFile); the real file's own room follows it.
struct File {
    sqlite3_file base;
    FaultyVfs* disk;
    const char* name;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
const sqlite3_io_methods& real_methods(sqlite3_file* file) { return *of(file).real()->pMethods; }

std::string file_name(const char* path) {
    const std::string whole = path ? path : "a temporary file";
    return whole.substr(whole.rfind('/') + 1);
}

bool fails(sqlite3_file* file, const char* what, bool takes_room = false) {
    return of(file).disk->fails(what, takes_room, file_name(of(file).name));
}
int error_of(sqlite3_file* file, int otherwise) { return of(file).disk->is_full() ? SQLITE_FULL : otherwise; }

int close(sqlite3_file* file) { return real_methods(file).xClose(of(file).real()); }

int read(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
    if (fails(file, "read")) return SQLITE_IOERR_READ;
    return real_methods(file).xRead(of(file).real(), to, size, at);
}

// Half of it is written, as on a disk that breaks or becomes full in the middle.
int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
    if (!fails(file, "write", true)) return real_methods(file).xWrite(of(file).real(), from, size, at);
    (void)real_methods(file).xWrite(of(file).real(), from, size / 2, at);
    return error_of(file, SQLITE_IOERR_WRITE);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    if (fails(file, "truncate")) return SQLITE_IOERR_TRUNCATE;
    return real_methods(file).xTruncate(of(file).real(), size);
}

int sync(sqlite3_file* file, int flags) {
    if (fails(file, "sync", true)) return error_of(file, SQLITE_IOERR_FSYNC);
    return real_methods(file).xSync(of(file).real(), flags);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    if (fails(file, "size")) return SQLITE_IOERR_FSTAT;
    return real_methods(file).xFileSize(of(file).real(), size);
}

int lock(sqlite3_file* file, int how) {
    if (fails(file, "lock")) return SQLITE_IOERR_LOCK;
    return real_methods(file).xLock(of(file).real(), how);
}

int unlock(sqlite3_file* file, int how) {
    const int done = real_methods(file).xUnlock(of(file).real(), how);
    return fails(file, "unlock") ? SQLITE_IOERR_UNLOCK : done;
}

int check_reserved_lock(sqlite3_file* file, int* held) {
    if (fails(file, "check_reserved_lock")) return SQLITE_IOERR_CHECKRESERVEDLOCK;
    return real_methods(file).xCheckReservedLock(of(file).real(), held);
}

int file_control(sqlite3_file* file, int what, void* value) {
    return real_methods(file).xFileControl(of(file).real(), what, value);
}
int sector_size(sqlite3_file* file) { return real_methods(file).xSectorSize(of(file).real()); }
int characteristics(sqlite3_file* file) { return real_methods(file).xDeviceCharacteristics(of(file).real()); }

int shm_map(sqlite3_file* file, int region, int size, int extend, void volatile** memory) {
    if (fails(file, "shm_map", extend != 0)) return error_of(file, SQLITE_IOERR_SHMMAP);
    return real_methods(file).xShmMap(of(file).real(), region, size, extend, memory);
}

int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
    const bool unlocks = (flags & SQLITE_SHM_UNLOCK) != 0;
    if (!unlocks && fails(file, "shm_lock")) return SQLITE_IOERR_SHMLOCK;
    return real_methods(file).xShmLock(of(file).real(), offset, count, flags);
}

void shm_barrier(sqlite3_file* file) { real_methods(file).xShmBarrier(of(file).real()); }
int shm_unmap(sqlite3_file* file, int remove) { return real_methods(file).xShmUnmap(of(file).real(), remove); }

// Version 2: without memory-mapped pages, which would be accesses that nobody sees.
constexpr sqlite3_io_methods methods{2,
                                     close,
                                     read,
                                     write,
                                     truncate,
                                     sync,
                                     file_size,
                                     lock,
                                     unlock,
                                     check_reserved_lock,
                                     file_control,
                                     sector_size,
                                     characteristics,
                                     shm_map,
                                     shm_lock,
                                     shm_barrier,
                                     shm_unmap,
                                     nullptr,
                                     nullptr};

FaultyVfs& of(sqlite3_vfs* vfs) { return *static_cast<FaultyVfs*>(vfs->pAppData); }

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    file->pMethods = nullptr;
    FaultyVfs& disk = of(vfs);
    if (disk.fails("open", (flags & SQLITE_OPEN_CREATE) != 0, file_name(name))) return SQLITE_CANTOPEN;
    auto* ours = new (file) File{{nullptr}, &disk, name};
    const int opened = disk.real()->xOpen(disk.real(), name, ours->real(), flags, flags_out);
    if (ours->real()->pMethods) ours->base.pMethods = &methods;
    return opened;
}

int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
    if (of(vfs).fails("delete", false, file_name(name))) return SQLITE_IOERR_DELETE;
    return of(vfs).real()->xDelete(of(vfs).real(), name, sync_folder);
}

int access(sqlite3_vfs* vfs, const char* name, int flags, int* answer) {
    if (of(vfs).fails("access", false, file_name(name))) return SQLITE_IOERR_ACCESS;
    return of(vfs).real()->xAccess(of(vfs).real(), name, flags, answer);
}

int full_path(sqlite3_vfs* vfs, const char* name, int size, char* path) {
    if (of(vfs).fails("full_path", false, file_name(name))) return SQLITE_CANTOPEN;
    return of(vfs).real()->xFullPathname(of(vfs).real(), name, size, path);
}

// Nobody else is there to wait for.
int sleep(sqlite3_vfs*, int microseconds) { return microseconds; }

}  // namespace

FaultyVfs::FaultyVfs() : real_{sqlite3_vfs_find(nullptr)}, ours_{*real_} {
    ours_.zName = "samsynk-faulty";
    ours_.pNext = nullptr;
    ours_.pAppData = this;
    ours_.szOsFile = static_cast<int>(sizeof(File)) + real_->szOsFile;
    ours_.xOpen = open;
    ours_.xDelete = remove;
    ours_.xAccess = access;
    ours_.xFullPathname = full_path;
    ours_.xSleep = sleep;
    sqlite3_vfs_register(&ours_, 1);
}

FaultyVfs::~FaultyVfs() { sqlite3_vfs_unregister(&ours_); }

void FaultyVfs::fail_at(std::uint64_t nth, DiskFault fault, bool for_good) {
    nth_ = nth;
    fault_ = fault;
    for_good_ = for_good;
    accesses_ = failures_ = 0;
    first_failure_.clear();
}

bool FaultyVfs::fails(const char* what, bool takes_room, const std::string& file) {
    if (nth_ == 0 || (is_full() && !takes_room)) return false;
    ++accesses_;
    if (accesses_ != nth_ && !(for_good_ && accesses_ > nth_)) return false;
    ++failures_;
    if (first_failure_.empty()) first_failure_ = std::string{what} + " " + file;
    return true;
}

}  // namespace samsynk::support
