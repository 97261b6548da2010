"""inotify: to be woken when a file arrives, without asking again and again."""
import ctypes
import os
import struct

MOVED_TO, CLOSE_WRITE = 0x80, 0x08
_libc = ctypes.CDLL(None, use_errno=True)


class Arrivals:
    def __init__(self):
        self.handle = _libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self.handle < 0:
            raise OSError(ctypes.get_errno(), "inotify_init1")
        self.names = {}

    def watch(self, path, name):
        """`name` is what `woken` says when something arrives at the path."""
        watch = _libc.inotify_add_watch(self.handle, os.fsencode(path), MOVED_TO | CLOSE_WRITE)
        if watch < 0:
            raise OSError(ctypes.get_errno(), f"inotify_add_watch {path}")
        self.names[watch] = name

    def fileno(self):
        return self.handle

    def woken(self):
        found = set()
        try:
            while events := os.read(self.handle, 65536):
                at = 0
                while at < len(events):
                    watch, _, _, length = struct.unpack_from("iIII", events, at)
                    found.add(self.names.get(watch))
                    at += 16 + length
        except BlockingIOError:
            pass
        return found

    def close(self):
        os.close(self.handle)
