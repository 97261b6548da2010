"""The real daemon, killed at each change that it makes (before it, and half-way), and each change refused in turn: whatever
happens, the next run leads to the same end. Changes are counted over all threads, in the order in which they are made."""
import collections
import concurrent.futures
import os
import pathlib
import queue
import re
import shutil
import signal
import subprocess
import tempfile

import pytest

from conftest import BIN
from cut_off_stage import SHIM, STORIES, Stage

WORKERS = os.cpu_count() or 1
# Every system call with which a program can change a file, a folder or what is on the wire.
CHANGING = """write writev pwrite64 pwritev pwritev2 sendto sendmsg sendmmsg sendfile copy_file_range splice fallocate truncate
ftruncate open creat openat openat2 mkdir mkdirat mknod mknodat rename renameat renameat2 link linkat symlink symlinkat unlink
unlinkat rmdir chmod fchmod fchmodat chown fchown fchownat lchown utime utimes utimensat futimesat setxattr lsetxattr fsetxattr
removexattr lremovexattr fremovexattr fsync fdatasync sync syncfs sync_file_range msync""".split()


class Told:
    """The stories' beginnings and ends, and a stage for each worker."""

    def __init__(self, folder):
        self.folder, self.stages = folder, queue.SimpleQueue()
        self.all_stages, self.expected, self.changes = [], {}, {}
        for worker in range(WORKERS):
            stage = Stage(folder / f"stage{worker}")
            self.all_stages.append(stage)
            self.stages.put(stage)
        for name, begin in STORIES.items():
            stage = self.all_stages[0]
            begin(stage, folder)
            stage.save(folder / name)
            stage.begin(folder / name)
            assert stage.run("count").returncode == 0
            self.changes[name] = stage.changes()
            assert stage.run().returncode == 0
            self.expected[name] = stage.end()

    def play(self, name, how, number):
        """What is wrong with the story in which that change went wrong; nothing where all is well."""
        stage = self.stages.get()
        try:
            stage.begin(self.folder / name)
            cut = stage.run(how, number)
            killed = how in ("before", "halfway")
            if killed != (cut.returncode == -signal.SIGKILL) or (cut.returncode < 0 and not killed):
                return f"ended with {cut.returncode}: {cut.stderr[-500:]}"
            after = stage.run()
            if after.returncode != 0:
                return f"the next run: {after.stdout}{after.stderr[-500:]}"
            end = stage.end()
            return None if end == self.expected[name] else f"another end: {end}\ninstead of: {self.expected[name]}"
        finally:
            self.stages.put(stage)


@pytest.fixture(scope="module")
def told():
    # A file system in memory where there is one: what a killed process wrote stays there, too, and nothing waits for a disk.
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="samsynk-cut-", dir=place) as folder:
        one = Told(pathlib.Path(folder))
        yield one
        for stage in one.all_stages:
            stage.close()


def go_wrong_everywhere(told, name, how, meant):
    numbers = [number for number, (call, _) in enumerate(told.changes[name], 1) if meant(call)]
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        wrong = pool.map(lambda number: told.play(name, how(number), number), numbers)
        for number, trouble in zip(numbers, wrong):
            assert trouble is None, f"{how(number)} at change {number} of {len(told.changes[name])}, " \
                                    f"{' '.join(told.changes[name][number - 1])}: {trouble}"


@pytest.mark.parametrize("name", STORIES)
def test_the_stories_are_what_they_should_be(told, name):
    online, _, twice = told.expected[name]
    assert not twice and len(online) == 3
    calls = collections.Counter(call for call, _ in told.changes[name])
    assert calls["sendmsg"] >= 3 and calls["renameat2"] >= 3 and calls["pwrite64"] >= 10 and calls["fdatasync"] >= 5
    assert any("preferences.yaml" in what for _, what in told.changes[name])
    assert any("collaboration.yaml" in what for _, what in told.changes[name])


@pytest.mark.parametrize("name", STORIES)
def test_killed_before_each(told, name):
    go_wrong_everywhere(told, name, lambda _number: "before", lambda _call: True)


# Half-way through any other call is before it or before the next one.
@pytest.mark.parametrize("name", STORIES)
def test_killed_half_way_through_each_write(told, name):
    go_wrong_everywhere(told, name, lambda _number: "halfway", lambda call: "write" in call)


# What fails on the wire is the network's: see test_chaos.py.
@pytest.mark.parametrize("name", STORIES)
def test_refused_at_each(told, name):
    go_wrong_everywhere(told, name, lambda _number: "EIO", lambda call: call != "sendmsg")


# A disk that is full stays so for the rest of the run, and so does one that was made read-only: now this, now that.
@pytest.mark.parametrize("name", STORIES)
def test_refused_from_each_on(told, name):
    go_wrong_everywhere(told, name, lambda number: "ENOSPC+" if number % 2 else "EROFS+", lambda call: call != "sendmsg")


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize("name", STORIES)
def test_no_change_goes_uncounted(told, name):
    """The kernel saw the same changes as were counted, and no others."""
    stage = told.all_stages[0]
    stage.begin(told.folder / name)
    log = stage.folder / "strace"
    words = ["strace", "-f", "-y", "-qq", "-o", log, "-e", f"trace={','.join(CHANGING)}", "-E", f"LD_PRELOAD={SHIM}",
             "-E", "CUT_OFF_HOW=count", "-E", f"CUT_OFF_LOG={stage.calls}"]
    subprocess.run([*words, BIN / "samsynkd", "--config", stage.site.config, "--once"], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seen = collections.Counter()
    for call, words in re.findall(r"^\d+ +(\w+)\((.*)", log.read_text(errors="replace"), re.MULTILINE):
        opens = call.startswith("open") and not re.search("O_CREAT|O_TRUNC", words)
        elsewhere = re.match(r"[0-2]<|\d+<(anon_inode|pipe|socket|UNIX|NETLINK)\b(?!:\[\d+\]>, \{msg_name=NULL)", words)
        if not opens and not elsewhere and str(stage.calls) not in words:
            seen[call] += 1
    assert seen == collections.Counter(call for call, _ in stage.changes())
