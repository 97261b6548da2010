"""What the kernel tells of a process, and what systemd would be told by it."""
import os
import pathlib
import socket
import threading
import time


def resident(pid, field="VmRSS"):
    """MiB."""
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(field))


def cpu_seconds(pid):
    """Of all threads that there are. In nanoseconds from the scheduler: the ticks of /proc/PID/stat are too coarse."""
    tasks = pathlib.Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def written(pid):
    """Bytes that the process has caused to be written to disk; nothing where that is not ours to know."""
    try:
        lines = pathlib.Path(f"/proc/{pid}/io").read_text().splitlines()
    except PermissionError:
        return None
    return next(int(line.split()[1]) for line in lines if line.startswith("write_bytes"))


class Notifications:
    """The listener that systemd would be (sd_notify)."""

    def __init__(self, folder):
        path = folder / "notify"
        path.unlink(missing_ok=True)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.environment = {**os.environ, "NOTIFY_SOCKET": str(path)}
        self.heard, self.news = [], threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        """Always, as systemd does: what nobody reads fills up, and is lost."""
        while True:
            words, at = self.socket.recv(4096).decode().splitlines(), time.monotonic()
            with self.news:
                self.heard += [(word, at) for word in words]
                self.news.notify_all()

    def wait_for(self, word, seconds=60):
        """When it came, if it came after what was last waited for."""
        def found():
            return next((number for number, (heard, _) in enumerate(self.heard) if heard == word), None)

        with self.news:
            if not self.news.wait_for(lambda: found() is not None, seconds):
                raise TimeoutError(word)
            number = found()
            at = self.heard[number][1]
            del self.heard[:number + 1]
            return at
