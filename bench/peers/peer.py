"""What all peers have: a near side and a far side of small records, a server for the far one, and a command that makes
them the same. The servers are on loopback with the sandbox's certificate for localhost."""
import os
import shutil
import socket
import subprocess
import time

RECORD = 300  # bytes


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, process, seconds=20):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert process.poll() is None, f"{process.args[0]} ended with {process.returncode}"
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"{process.args[0]} does not listen")


class Peer:
    name, packages, programs = "", "", ()
    most = 10**9      # records that it is given; more would take too long
    rounds = 10**9    # how often it runs at most, of each kind
    settle = 0        # seconds that it wants to have passed since a change

    @classmethod
    def missing(cls):
        """Why it is left out; nothing where it is installed."""
        away = [program for program in cls.programs if not shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin")]
        return f"{', '.join(away)} not installed (./dev bench --peers installs {cls.packages})" if away else None

    def __init__(self, folder, certificates, count):
        self.folder, self.certificates, self.asked, self.count = folder, certificates, count, min(count, self.most)
        self.port, self.server, self.made = free_port(), None, 0
        folder.mkdir()

    def serve(self, *words, **more):
        with open(self.folder / "server.log", "a") as log:
            self.server = subprocess.Popen(words, stdout=log, stderr=log, start_new_session=True, **more)
        wait_for_port(self.port, self.server)

    def stop(self):
        if self.server:
            self.server.terminate()
            self.server.wait(20)

    def command(self, *words, **more):
        with open(self.folder / "client.log", "w+") as log:
            ended = subprocess.run(words, check=False, stdout=log, stderr=log, **more)
            log.seek(0)
            assert ended.returncode == 0, f"{words[0]} ended with {ended.returncode}: {log.read()[-2000:]}"

    def lay(self, near, far):
        """Begins anew with so many records on either side, none of which the other has."""
        self.empty()
        for _ in range(near):
            self.add(near=True)
        for _ in range(far):
            self.add(near=False)
        os.sync()
        time.sleep(self.settle)

    def change(self, near):
        self.add(near)
        time.sleep(self.settle)

    def check(self, count):
        """Both sides have that many."""
        found = self.counts()
        assert found == (count, count), f"{self.name}: {found} records, not {count}"

    # What each does in its own way: empty(), add(near), run(), counts()
