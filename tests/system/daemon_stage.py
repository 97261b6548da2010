"""What systemd would be to the daemon: it is told how things are, and passes a socket that it listens at."""
import os
import socket
import subprocess
import threading

from conftest import BIN, wait_for


class Supervisor:
    """Hears what the daemon says of itself (sd_notify)."""

    def __init__(self, folder):
        self.path = folder / "notify"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(self.path))
        self.heard = []
        self.listening = threading.Thread(target=self._listen, daemon=True)
        self.listening.start()

    def _listen(self):
        while said := self.socket.recv(4096).decode():
            self.heard.extend(said.split("\n"))

    def environment(self, **more):
        return {**os.environ, "NOTIFY_SOCKET": str(self.path), **more}

    def status(self):
        return ([line[7:] for line in self.heard if line.startswith("STATUS=")] or [""])[-1]

    def close(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
            last.sendto(b"", str(self.path))  # closing alone wakes nobody who waits for something to read
        self.listening.join()
        self.socket.close()


def start_with_socket(site, listening, environment=None):
    """As systemd does it: descriptor 3 listens, and two variables say so."""
    words = 'exec 3<&"$2"; LISTEN_FDS=1 LISTEN_PID=$$ exec "$0" --config "$1"'
    site.process = subprocess.Popen(["bash", "-c", words, BIN / "samsynkd", site.config, str(listening.fileno())], env=environment,
                                    pass_fds=(listening.fileno(),), stderr=open(site.folder / "log", "a"))


def listen_at(path):
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(path))
    listening.listen(64)
    return listening


def heard(supervisor, line):
    return wait_for(lambda: line in supervisor.heard)
