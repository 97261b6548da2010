"""A person's sign-in survives a daemon that is killed at each system call with which it renews it."""
import shutil
import subprocess

import pytest

from conftest import BIN, LINDQVIST
from signin_site import begin_login, configure_auth, kept, wait_until_synced

# All that touches the token's files, and all that is sent: the request that makes the old token void, and what follows.
ON_DISK = ["openat", "fchmod", "write", "fsync", "rename"]
pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")


@pytest.fixture
def renewing(office, site):
    """Signed in, and each run renews it."""
    def one(grace):
        office.stop()
        office.start("--poll-interval", "1", "--refresh-grace", grace)
        office.add_active(LINDQVIST, "Lindqvist Bygg AB", receive_invoices="yes")
        site.configure()
        configure_auth(site, f"https://localhost:{office.port}", "samsynk")
        site.lay("Lindqvist", LINDQVIST, "Lindqvist Bygg AB")
        site.start()
        process, code = begin_login(site)
        office("signin", "approve", code["user_code"])
        assert process.wait(30) == 0
        process.communicate()
        wait_until_synced(site)
        site.kill()
        return site

    return one


def cut(site, call, number):
    """One run that is killed at the `number`-th such call; False where there are not that many."""
    log, folder = site.folder / "strace", site.folder / "state/signin"
    words = ["strace", "-f", "-qq", "-o", log, "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={number}"]
    if call in ON_DISK:
        words += ["-P", folder, "-P", folder / "token.json", "-P", folder / "token.json.new"]
    subprocess.run([*words, BIN / "samsynkd", "--config", site.config, "--once"], stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, timeout=60)
    return "killed by SIGKILL" in log.read_text(errors="replace")


def cut_at_each(site, call, most=60):
    for number in range(1, most):
        before = kept(site)["generation"]
        was_cut = cut(site, call, number)
        result = site.once()
        assert result.returncode == 0, (call, number, result.stdout, result.stderr)
        assert kept(site)["generation"] > before
        if not was_cut:
            return number - 1
    raise AssertionError(f"more than {most} calls of {call}")


@pytest.mark.parametrize("call", [*ON_DISK, "sendmsg", "recvmsg"])
def test_killed_at_each(renewing, call):
    """Also where the answer with the new token never reached the disk: then the old one is used again, and pardoned."""
    assert cut_at_each(renewing("600"), call) >= 1


@pytest.mark.parametrize("call", ["fsync", "rename"])
def test_killed_once_the_new_token_is_written(renewing, call):
    """Where nothing is pardoned, a new token that is whole on disk is found again, also under its first name."""
    assert cut_at_each(renewing("0"), call) >= 1


def test_a_lost_answer_that_is_not_pardoned_is_said_in_words(renewing):
    site = renewing("0")
    assert cut(site, "write", 1), "before a byte of the new token is on disk"
    result = site.once()
    assert result.returncode == 5 and "must sign in again with: samsynk login" in result.stdout
