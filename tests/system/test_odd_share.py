"""The books on a share that can't exchange files, has stamps of two seconds, and numbers that do not last."""
import json
import os
import pathlib
import subprocess

import pytest

from conftest import EKSTROM, LINDQVIST, wait_for

HERE = pathlib.Path(__file__).parent


@pytest.fixture
def share(site):
    """`site`, with its books on the share; what it plays is in `behind`, where others write past it."""
    behind = site.folder / "behind"
    behind.mkdir()
    fuse = subprocess.Popen(["/usr/bin/python3", HERE / "odd_share.py", behind, site.books], stderr=subprocess.PIPE, text=True)
    try:
        wait_for(lambda: fuse.poll() is not None or os.path.ismount(site.books), 10)
        if fuse.poll() is not None:
            said = fuse.stderr.read()
            if os.environ.get("CI"):
                pytest.fail(f"CI skips nothing, but {said}")
            pytest.skip(f"no such file system here: {said.strip().splitlines()[-1:]} (apt install python3-fusepy fuse3)")
        site.behind = behind
        yield site
    finally:
        if site.process:
            site.kill()
        subprocess.run(["umount", site.books], stderr=subprocess.DEVNULL)
        fuse.kill()
        fuse.wait()


@pytest.fixture
def two(share):
    for number, name in ((LINDQVIST, "Lindqvist"), (EKSTROM, "Ekström")):
        share.office.add_active(number, name, receive_invoices="yes")
        share.lay(name, number, name)
    assert share.once().returncode == 0
    return share


def choice(site, place):
    return (site.behind / place / "samsynk/preferences.yaml").read_text()


def test_it_is_such_a_share(share):
    one, other = share.books / "one", share.books / "other"
    one.write_text("1")
    other.write_text("2")
    assert one.stat().st_ino != one.stat().st_ino and one.stat().st_mtime_ns % 2_000_000_000 == 0
    with pytest.raises(OSError):
        os.link(one, share.books / "link")
    libc = __import__("ctypes").CDLL(None, use_errno=True)
    assert libc.renameat2(-100, bytes(one), -100, bytes(other), 2) == -1, "nothing is exchanged"


def test_choices_go_both_ways_and_come_to_rest(two):
    assert "receive_invoices: true" in choice(two, "Lindqvist") and "state: active" in two.file("Ekström", "collaboration.yaml")
    two.choose("Ekström", "receive_invoices: false\nsend_all_invoices: true\n")
    two.office.choose(LINDQVIST, receive_invoices="no")
    assert two.once().returncode == 0
    assert two.office.record(EKSTROM)["preferences"]["send_all_invoices"] is True
    assert two.office.record(EKSTROM)["preferences"]["receive_invoices"] is False
    assert "receive_invoices: false" in choice(two, "Lindqvist")
    before = {path: path.stat().st_mtime_ns for path in two.behind.rglob("*")}
    for _ in range(3):
        assert two.once().returncode == 0
    assert {path: path.stat().st_mtime_ns for path in two.behind.rglob("*")} == before, "nothing is written again and again"
    assert [one.name for one in two.behind.rglob(".*")] == [".samsynk"] or not list(two.behind.rglob(".sam*preferences*"))


def test_a_change_within_one_stamp_is_seen(two):
    two.start()
    for turn in range(6):
        word = ("true ", "false")[turn % 2]  # as long as the other
        (two.behind / "Lindqvist/samsynk/preferences.yaml").write_text(f"receive_invoices: {word}\n")
        two.sync()
    wait_for(lambda: two.office.record(LINDQVIST)["preferences"]["receive_invoices"] is False, 30)
    wait_for(lambda: two.sync() and "receive_invoices: false" in choice(two, "Lindqvist"), 30)


def test_a_choice_that_is_made_meanwhile_stands(two):
    """People write behind it all the while that the online side changes, too."""
    two.start()
    for turn in range(8):
        two.office.choose(LINDQVIST, send_all_invoices=("yes", "no")[turn % 2])
        (two.behind / "Lindqvist/samsynk/preferences.yaml").write_text(f"receive_invoices: {('true', 'false')[turn % 2]}\n# {turn}\n")
        two.sync()
    wait_for(lambda: (two.sync(), two.office.record(LINDQVIST)["preferences"]["receive_invoices"] is False)[1], 30)
    assert "receive_invoices: false" in choice(two, "Lindqvist")


def test_doctor_says_what_is_weaker_there(two):
    two.start()
    found = json.loads(two.command("doctor").stdout)
    assert "exchange" in json.dumps(found) or "RENAME_EXCHANGE" in json.dumps(found), found
