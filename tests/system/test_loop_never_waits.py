"""The event loop is never held up: each call that may wait for a disk, a share or another program is slow, one after the
other, and the daemon answers meanwhile. Also what goes on at a start and a stop while an installation's share hangs."""
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time

import pytest

from conftest import BIN, LINDQVIST, wait_for

# What may wait for something that isn't this program; of write(2) only what goes to the log. Reading and writing sockets,
# and the descriptors that wake the loop, never wait.
FILES = ("open openat openat2 creat stat lstat newfstatat statx access faccessat faccessat2 readlink readlinkat statfs getdents64 "
         "chdir mkdir mkdirat unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat chmod fchmod fchmodat "
         "chown fchown fchownat truncate ftruncate utimensat fsync fdatasync sync syncfs sync_file_range flock pread64 pwrite64 "
         "lseek fadvise64 getxattr fgetxattr setxattr fsetxattr listxattr flistxattr wait4 waitid nanosleep "
         "clock_nanosleep msync").split()
SLOW, QUICK = 2.5, 1.8


class Asking:
    """Asks for /healthz again and again, and remembers the longest that it had to wait."""

    def __init__(self, path):
        self.path, self.longest, self.ends = path, 0.0, False
        self.thread = threading.Thread(target=self._ask, daemon=True)
        self.thread.start()

    def _ask(self):
        while not self.ends:
            began = time.monotonic()
            with socket.socket(socket.AF_UNIX) as line:
                line.connect(str(self.path))
                line.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                answer = line.recv(4096)
            assert answer.startswith(b"HTTP/1.1 200"), answer
            self.longest = max(self.longest, time.monotonic() - began)
            time.sleep(0.05)

    def stop(self):
        self.ends = True
        self.thread.join()
        return self.longest


class Tracer:
    """Delays calls of the loop's thread (or of all of them) from now on."""

    def __init__(self, pid, out, calls, *where, threads=False, slow=SLOW):
        words = ["strace", *(["-f"] if threads else []), "-p", str(pid), "-o", str(out), *where,
                 "-e", f"trace={','.join(calls)}", "-e", "signal=none"]
        for call in calls:
            words += ["-e", f"inject={call}:delay_enter={int(slow * 1e6)}"]
        self.process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
        assert "attached" in self.process.stderr.readline()
        self.out = out

    def stop(self):
        time.sleep(SLOW + 0.5)  # what has begun is written down when it has ended
        self.process.send_signal(signal.SIGINT)
        self.process.wait()
        return [line for line in self.out.read_text().splitlines() if "DELAYED" in line]


@pytest.fixture
def busy(site):
    """A daemon that logs to a file, with a run behind it."""
    site.lay("Bolaget", LINDQVIST, "Lindqvist Bygg AB")
    site.office.add_active(LINDQVIST, "Lindqvist Bygg AB", receive_invoices="yes")
    site.configure(push="true", interval="1h")
    text = site.config.read_text().replace("log: {format: json}", f"log: {{format: json, level: debug, file: {site.folder}/s.log}}")
    site.config.write_text(text)
    site.start()
    site.wait_for_run()
    return site


def everything(site):
    """What people, the online side and the local side make the daemon do. With a reload the sign-in is made anew."""
    site.sync()
    site.command("set", LINDQVIST, "--send-all-invoices", "yes")
    site.choose("Bolaget", "receive_invoices: false\nsend_all_invoices: true\n")
    site.office.choose(LINDQVIST, send_all_invoices="no")
    for words in (["status"], ["companies"], ["history"], ["explain", LINDQVIST], ["held"], ["doctor"],
                  ["installation", "test", "main"], ["backup", str(site.folder / f"copy-{time.monotonic()}")], ["log-level", "debug"]):
        site.command(*words)
    assert subprocess.run([BIN / "samsynk", "--socket", site.socket, "reload"], capture_output=True).returncode == 0
    site.process.send_signal(signal.SIGHUP)
    site.process.send_signal(signal.SIGUSR1)
    assert site.sync()["outcome"] == "completed"


def test_no_call_for_a_file_is_made_on_the_loop_strace(busy):
    asking, tracer = Asking(busy.socket), Tracer(busy.process.pid, busy.folder / "trace", FILES)
    everything(busy)
    delayed, longest = tracer.stop(), asking.stop()
    assert not delayed
    assert longest < QUICK


def test_a_log_that_hangs_holds_up_nobody_strace(busy):
    asking = Asking(busy.socket)
    tracer = Tracer(busy.process.pid, busy.folder / "trace", ["write", "writev", "fsync"], "-P", str(busy.folder / "s.log"), threads=True)
    busy.sync()
    busy.command("log-level", "debug")
    delayed, longest = tracer.stop(), asking.stop()
    assert delayed, "it was slow"
    assert longest < QUICK


@pytest.mark.parametrize("call", ["fdatasync", "renameat2", "statfs"])
def test_what_is_slow_elsewhere_is_not_waited_for_strace(busy, call):
    """In the threads that do look at files: nothing that they hold is waited for by the loop."""
    asking = Asking(busy.socket)
    tracer = Tracer(busy.process.pid, busy.folder / "trace", [call], threads=True)
    run = busy.sync()
    busy.choose("Bolaget", "receive_invoices: true\nsend_all_invoices: true\n")
    busy.command("set", LINDQVIST, "--send-all-invoices", "no")
    busy.command("doctor")
    delayed, longest = tracer.stop(), asking.stop()
    assert run["outcome"] == "completed" and delayed
    assert longest < QUICK


def test_a_standard_error_that_nobody_reads_holds_up_nobody(site):
    site.lay("Bolaget", LINDQVIST, "Lindqvist Bygg AB")
    site.office.add_active(LINDQVIST, "Lindqvist Bygg AB", receive_invoices="yes")
    site.config.write_text(site.config.read_text().replace("log: {format: json}", "log: {format: json, level: debug}"))
    reading, writing = os.pipe()
    site.process = subprocess.Popen([BIN / "samsynkd", "--config", site.config], stderr=writing)
    os.close(writing)
    wait_for(site.status)
    asking = Asking(site.socket)
    for _ in range(150):
        assert site.sync()["outcome"] == "completed"
    assert asking.stop() < QUICK
    os.set_blocking(reading, False)
    text = os.read(reading, 1 << 20)
    assert len(text) >= 60000, "it was full"
    assert site.kill(signal.SIGTERM) == 0, "it ends, though nobody reads what it says last"
    os.close(reading)


def test_a_share_that_hangs_hinders_no_start_no_reload_and_no_stop_strace(site):
    """As a file server that is gone answers: not at all. It is asked about by each way that a folder is looked at first."""
    site.lay("Bolaget", LINDQVIST, "Lindqvist Bygg AB")
    site.office.add_active(LINDQVIST, "Lindqvist Bygg AB", receive_invoices="yes")
    share = site.folder / "share"
    share.mkdir()
    site.configure(push="true")
    text = site.config.read_text().replace("control:", f"  - {{id: share, connector: folder, path: {share}}}\ncontrol:")
    site.config.write_text(text)
    calls = "statfs,openat,open,newfstatat,stat,access,getdents64,inotify_add_watch,readlink,readlinkat"
    site.before = ["strace", "-f", "-o", "/dev/null", "-P", str(share), "-e", f"trace={calls}", "-e",
                   f"inject={calls}:delay_enter=600000000"]
    site.start()
    daemon = int(subprocess.run(["pgrep", "-P", str(site.process.pid)], text=True, capture_output=True, check=True).stdout)
    asking = Asking(site.socket)
    site.config.write_text(text.replace("interval: 1h", "interval: 2h"))
    began = time.monotonic()
    assert subprocess.run([BIN / "samsynk", "--socket", site.socket, "reload"], capture_output=True).returncode == 0
    assert time.monotonic() - began < 5
    assert asking.stop() < QUICK
    os.kill(daemon, signal.SIGTERM)
    # Its supervisor gives it a minute. The tracer still waits for the thread that it holds.
    wait_for(lambda: "State:\tZ" in pathlib.Path(f"/proc/{daemon}/status").read_text(), 40)
    assert "daemon.stopping" in (site.folder / "log").read_text(), "in order"


def test_a_secret_on_a_disk_that_hangs_is_told_and_the_old_configuration_kept_strace(busy):
    secret = str(busy.office.data / "client_secret")
    asking = Asking(busy.socket)
    tracer = Tracer(busy.process.pid, busy.folder / "trace", ["access", "faccessat", "openat", "newfstatat"], "-P", secret, threads=True,
                    slow=25)
    refused = subprocess.run([BIN / "samsynk", "--socket", busy.socket, "reload"], text=True, capture_output=True)
    assert refused.returncode != 0 and "do not answer" in refused.stdout + refused.stderr
    tracer.stop()
    assert asking.stop() < QUICK
    assert busy.sync()["outcome"] == "completed", "the old one goes on"
    assert subprocess.run([BIN / "samsynk", "--socket", busy.socket, "reload"], capture_output=True).returncode == 0
    assert busy.sync()["outcome"] == "completed"
