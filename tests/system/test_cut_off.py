"""The real daemon, killed at each system call that changes something, and each such call refused in turn: whatever
happens, the runs that follow lead to the same end."""
import json
import pathlib
import shutil
import subprocess

import pytest

from conftest import AKERIET, BIN, EKSTROM, LINDQVIST, Office, Site

# What makes a difference: files, folders, and what is sent.
CHANGING = ["pwrite64", "write", "fsync", "fdatasync", "syncfs", "renameat2", "rename", "unlink", "mkdir", "ftruncate", "fchmod",
            "fchown", "openat", "sendmsg", "sendto"]
ON_DISK = ["pwrite64", "fsync", "fdatasync", "syncfs", "renameat2", "mkdir", "ftruncate", "openat"]
WITH_FILES = {"openat", "write"}  # far too many of these otherwise: only those that touch what is ours
pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")


class Story:
    """Three companies with something to do in both directions, as they stand before the daemon came."""

    def __init__(self, folder):
        self.template, self.number = folder / "template", 0
        self.folder = folder
        office = Office(self.template / "online")
        self.template.mkdir()
        office.data.mkdir()
        office.start()
        office.add_active(LINDQVIST, "Lindqvist Bygg AB", receive_invoices="yes")
        office.add_active(EKSTROM, "Ekströms Måleri AB")
        office.add_active(AKERIET, "Åkeriet AB", send_all_invoices="no")
        office.stop()

    def begin(self):
        self.number += 1
        place = self.folder / f"n{self.number}"
        place.mkdir()
        shutil.copytree(self.template / "online", place / "online")
        office = Office(place / "online")
        office.start()
        site = Site(place, office)
        site.configure()
        site.lay("Lindqvist", LINDQVIST, "Lindqvist Bygg AB")
        site.lay("Ekström", EKSTROM, "Ekströms Måleri AB")
        site.lay("Åkeriet", AKERIET, "Åkeriet AB")
        site.choose("Ekström", "# eget\nsend_all_invoices: true\nreceive_invoices: false\n")
        site.choose("Åkeriet", "receive_invoices: true\n")
        return office, site

    def end(self, office, site):
        """What both sides hold, without what differs from one story to the next."""
        records = [json.loads(line) for line in office("show").splitlines()]
        online = {record["company"]: (record["version"], record["preferences"]) for record in records}
        local = {str(path.relative_to(site.books)): path.read_text() for path in sorted(site.books.rglob("*.yaml"))}
        office.stop()
        shutil.rmtree(site.folder)
        return online, local


def under_strace(site, call, how, number):
    """One run in which the `number`-th such call of a thread goes wrong; False where there are not that many."""
    log = site.folder / "strace"
    words = ["strace", "-f", "-qq", "-o", log, "-e", f"trace={call}", "-e", f"inject={call}:{how}:when={number}"]
    if call in WITH_FILES:
        words += ["-P", site.folder / "state", "-P", site.folder / "state/state.db", "-P", site.folder / "state/state.db-wal"]
    subprocess.run([*words, BIN / "samsynkd", "--config", site.config, "--once"], stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, timeout=60)
    text = log.read_text(errors="replace")
    return "INJECTED" in text or "killed by SIGKILL" in text


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    return Story(tmp_path_factory.mktemp("cut"))


@pytest.fixture(scope="module")
def expected(story):
    office, site = story.begin()
    assert site.once().returncode == 0
    assert site.once().returncode == 0
    return story.end(office, site)


def cut_everywhere(story, expected, call, how, most=400):
    number = 0
    while number < most:
        number += 1
        office, site = story.begin()
        went_wrong = under_strace(site, call, how, number)
        for _ in range(2):
            result = site.once()
            assert result.returncode == 0, (call, number, result.stdout, result.stderr)
        assert story.end(office, site) == expected, (call, how, number)
        if not went_wrong:
            return number - 1
    raise AssertionError(f"more than {most} calls of {call}: not a small story any more")


@pytest.mark.parametrize("call", CHANGING)
def test_killed_at_each(story, expected, call):
    cut_everywhere(story, expected, call, "signal=KILL")


@pytest.mark.parametrize("error", ["ENOSPC", "EIO", "EROFS"])
@pytest.mark.parametrize("call", ON_DISK)
def test_refused_at_each(story, expected, call, error):
    cut_everywhere(story, expected, call, f"error={error}")
