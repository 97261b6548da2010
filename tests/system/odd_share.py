#!/usr/bin/python3
"""A file system that does what shares of some servers do differently: odd_share.py FOLDER MOUNTPOINT.

Nothing can be exchanged or linked, renaming to a name that is taken replaces it, times are even seconds, and a file has
another number each time one asks. It is mounted until it is unmounted."""
import ctypes.util
import errno
import itertools
import os
import sys

# Debian's module looks for the library by its name for linking.
found = ctypes.util.find_library
ctypes.util.find_library = lambda name: found(name) or ("libfuse.so.2" if name == "fuse" else None)
import fusepy  # noqa: E402

STAMP = 2  # seconds


class OddShare(fusepy.Operations):
    def __init__(self, folder):
        self.folder, self.numbers = folder, itertools.count(1000)

    def __call__(self, call, path, *words):
        try:
            return super().__call__(call, self.folder + path, *words)
        except OSError as error:
            raise fusepy.FuseOSError(error.errno)

    def getattr(self, path, handle=None):
        status = os.lstat(path)
        told = {name: getattr(status, name) for name in ("st_mode", "st_nlink", "st_size", "st_uid", "st_gid")}
        even = status.st_mtime // STAMP * STAMP
        return {**told, "st_ino": next(self.numbers), "st_mtime": even, "st_ctime": even, "st_atime": even}

    def readdir(self, path, handle):
        return [".", "..", *os.listdir(path)]

    def open(self, path, flags):
        return os.open(path, flags)

    def create(self, path, mode, info=None):
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)

    def read(self, path, size, offset, handle):
        return os.pread(handle, size, offset)

    def write(self, path, data, offset, handle):
        return os.pwrite(handle, data, offset)

    def truncate(self, path, length, handle=None):
        os.truncate(path, length)

    def fsync(self, path, datasync, handle):
        os.fsync(handle)

    def flush(self, path, handle):
        return 0

    def release(self, path, handle):
        os.close(handle)

    def mkdir(self, path, mode):
        os.mkdir(path, mode)

    def rmdir(self, path):
        os.rmdir(path)

    def unlink(self, path):
        os.unlink(path)

    def rename(self, path, to):
        os.rename(path, self.folder + to)

    def chmod(self, path, mode):
        os.chmod(path, mode)

    def chown(self, path, user, group):
        raise OSError(errno.EPERM, "as on a share")

    def utimens(self, path, times=None):
        os.utime(path, times)

    def statfs(self, path):
        status = os.statvfs(path)
        return {name: getattr(status, name) for name in ("f_bavail", "f_bfree", "f_blocks", "f_bsize", "f_files", "f_namemax")}


if __name__ == "__main__":
    fusepy.FUSE(OddShare(sys.argv[1]), sys.argv[2], foreground=True, nothreads=True, use_ino=True, attr_timeout=0, entry_timeout=0,
                allow_other=True, default_permissions=True)
