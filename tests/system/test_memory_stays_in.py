"""What the daemon has in its memory is nobody else's to read: it leaves no core, and none of its user's programs may look."""
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings

import pytest

from conftest import BIN, wait_for
from test_secrets import talkative  # noqa: F401


def begin_in(folder, *words, **how):
    """A program with all limits on cores lifted, which would leave its core in `folder`."""
    command = ["sh", "-c", 'ulimit -c unlimited; exec "$0" "$@"', *map(str, words)]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **how)


def left_a_core(process, folder):
    """What the kernel says of how it ended, wherever it puts cores; and what lies where they are put on many machines."""
    _, status = os.waitpid(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return os.WCOREDUMP(status) or any(path.name.startswith("core") for path in folder.iterdir())


def core_limits(pid):
    line = next(line for line in open(f"/proc/{pid}/limits") if line.startswith("Max core file size"))
    return line.split()[4:6]


@pytest.fixture
def cores():
    """A folder into which anyone may write."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="samsynk-cores-"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


def test_an_abort_leaves_no_core(talkative, cores):
    """Where the limit holds (a core file) and where it does not (a program that takes cores): the kernel is asked."""
    other = begin_in(cores, "sleep", "60")
    wait_for(lambda: open(f"/proc/{other.pid}/cmdline").read().startswith("sleep"))
    assert core_limits(other.pid)[0] == "unlimited", "the daemon itself would have had no limit"
    other.send_signal(signal.SIGABRT)
    if not left_a_core(other, cores):
        warnings.warn("nothing leaves a core on this machine: only the limits say something")
    for core in cores.iterdir():
        core.unlink()
    talkative.process = process = begin_in(cores, BIN / "samsynkd", "--config", talkative.config)
    talkative.wait_for_run()
    assert core_limits(process.pid) == ["0", "0"], "and nothing in it can lift it again"
    process.send_signal(signal.SIGABRT)
    assert not left_a_core(process, cores)
    assert process.returncode == -signal.SIGABRT
    talkative.process = None


def owner_of_memory(pid):
    """Root where a process may not be dumped, whoever its user is (proc(5)); a program that takes cores gets none then."""
    return os.stat(f"/proc/{pid}/mem").st_uid


def may_read_memory(user, pid):
    code = f"open('/proc/{pid}/mem', 'rb')"
    return subprocess.run([sys.executable, "-c", code], stderr=subprocess.DEVNULL, user=user.pw_uid, group=user.pw_gid,
                          extra_groups=[]).returncode == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="needs another user")
def test_not_even_its_own_user_may_look_into_it(talkative):
    """As a debugger or gcore would."""
    user = pwd.getpwnam("nobody")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="samsynk-memory-"))
    other = subprocess.Popen(["sleep", "60"], user=user.pw_uid, group=user.pw_gid, extra_groups=[])
    try:
        data = talkative.office.data
        for name in ("ca.pem", "client_secret"):
            shutil.copy(data / name, folder)
        text = talkative.config.read_text().replace(str(data), str(folder)).replace(str(talkative.folder), str(folder))
        (folder / "samsynk.yaml").write_text(text)
        (folder / "Företag").mkdir()
        for path in [folder, *folder.iterdir()]:
            os.chown(path, user.pw_uid, user.pw_gid)
        daemon = subprocess.Popen([BIN / "samsynkd", "--config", folder / "samsynk.yaml"], user=user.pw_uid,
                                  group=user.pw_gid, extra_groups=[], stderr=subprocess.DEVNULL)
        try:
            wait_for((folder / "control.sock").exists)
            assert may_read_memory(user, other.pid), "others of the user's can be looked into"
            assert not may_read_memory(user, daemon.pid)
            assert owner_of_memory(other.pid) == user.pw_uid and owner_of_memory(daemon.pid) == 0, "it leaves no core"
        finally:
            daemon.kill()
            daemon.wait()
    finally:
        other.kill()
        other.wait()
        shutil.rmtree(folder)
