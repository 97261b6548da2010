"""What goes wrong on a real system, and that it is over when its cause is."""
import signal
import subprocess
import time

import pytest
from machine import wait_for
from office import AKERIET, NAMES

QUICK = "[Service]\nRestartSec=1\n"


@pytest.fixture
def quick(machine):
    """The service as it is, but for how long it rests between two starts."""
    machine.drop_in(QUICK)
    yield
    machine.drop_in("")


def came_back(machine, before):
    return wait_for(lambda: machine.process() not in (0, before) and machine.shown("samsynkd.service", "ActiveState") == "active", 40)


def test_killed_in_the_middle_it_is_back_and_nothing_is_lost(machine, office, quick):
    office.everyone_has(True)
    for value in (False, True, False):
        before = machine.process()
        office.choose_online(value)
        machine.signal(before, signal.SIGKILL)
        came_back(machine, before)
        office.everyone_has(value)
        assert all(office.record(number)["receive_invoices"] is value for number in NAMES)
    assert office.samsynk("held").returncode == 0 and office.asked("held")["held"] == []


def watched(machine):
    machine.drop_in(QUICK + "WatchdogSec=4\n")
    machine.run("systemctl", "restart", "samsynkd")
    return machine.process()


def ended_by_the_watchdog(machine, since):
    wait_for(lambda: "Watchdog timeout" in machine.journal("--unit=samsynkd", *since), 40)


def test_a_frozen_daemon_is_ended_and_started_again(machine, office, since, quick):
    before = watched(machine)
    machine.signal(before, signal.SIGSTOP)
    ended_by_the_watchdog(machine, since)
    came_back(machine, before)
    assert office.samsynk("sync").returncode == 0


def test_a_run_that_hangs_is_ended_though_the_rest_answers(machine, office, since, quick):
    before = watched(machine)
    office.samsynk("sync")
    # The watchdog is content with a daemon that rests.
    time.sleep(6)
    assert machine.process() == before
    hang = subprocess.Popen(["strace", "-f", "-q", "-p", str(machine.outside(before)), "-e", "trace=fsync,fdatasync",
                             "-e", "inject=fsync,fdatasync:delay_enter=60s"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        office.choose_online(True, numbers=[AKERIET])
        wait_for(lambda: office.asked("status")["running"])
        assert machine.shown("samsynkd.service", "ActiveState") == "active"
        ended_by_the_watchdog(machine, since)
    finally:
        hang.kill()
        hang.wait()
    came_back(machine, before)
    wait_for(lambda: office.local_choice(AKERIET) is True, 30)
    office.choose_online(True)
    office.everyone_has(True)


@pytest.fixture
def small_disk(machine):
    """The state on a disk of three megabytes, and back again."""
    machine.run("systemctl", "stop", "samsynkd.socket", "samsynkd.service", "samsynkd@norr.socket", "samsynkd@norr.service")
    machine.run("sh", "-ec", "mkdir -p /srv/kept && cp -a /var/lib/samsynk/. /srv/kept/; "
                "mount -t tmpfs -o size=3m,mode=0700,uid=samsynk,gid=samsynk none /var/lib/samsynk; "
                "cp -a /srv/kept/state* /var/lib/samsynk/")
    machine.run("systemctl", "start", "samsynkd.service")
    yield "/var/lib/samsynk/ballast"
    machine.run("systemctl", "stop", "samsynkd.socket", "samsynkd.service")
    machine.run("sh", "-ec", "cp -a /var/lib/samsynk/state* /srv/kept/; umount /var/lib/samsynk; "
                "cp -a /srv/kept/. /var/lib/samsynk/; rm -r /srv/kept")
    machine.run("systemctl", "start", "samsynkd.service", "samsynkd@norr.service")


def said_as_trouble(machine, since):
    return [line for line in machine.journal("--unit=samsynkd", "--priority=err", *since).splitlines() if line]


def test_a_full_disk_is_told_once_and_is_over_when_there_is_room(machine, office, since, small_disk):
    office.samsynk("sync")
    machine.run("sh", "-c", f"cat /dev/zero >{small_disk} 2>/dev/null; true")
    office.choose_online(False)
    wait_for(lambda: said_as_trouble(machine, since))
    for _ in range(3):
        office.samsynk("sync", check=False)
    told = said_as_trouble(machine, since)
    assert len(told) == 1 and "no room left on the disk" in told[0], told
    machine.run("rm", small_disk)
    assert wait_for(lambda: office.samsynk("sync", check=False).returncode == 0, 30)
    office.everyone_has(False)


WRONG = {
    "no such file": ("[Service]\nExecStart=\nExecStart=/usr/bin/samsynkd --config /etc/samsynk/missing.yaml\n", None,
                     "/etc/samsynk/missing.yaml", "2"),
    "a folder that can't be written": ("", "state: {directory: /usr/samsynk-state}\n", "/usr/samsynk-state", "5"),
    "a port that is no loopback": ("", "metrics: {listen: '0.0.0.0:9465'}\n", "metrics", "2"),
    "mistakes": ("", "nonsense: 1\n", "nonsense", "2"),
}


@pytest.mark.parametrize("which", WRONG)
def test_what_is_set_up_wrong_is_told_in_one_line(machine, office, which):
    unit, configuration, named, code = WRONG[which]
    machine.run("systemctl", "stop", "samsynkd.service")
    since = machine.journal_from_here()
    office.configure(more=configuration or "")
    machine.drop_in(unit)
    try:
        started = machine.run("systemctl", "start", "samsynkd.service", check=False)
        assert started.returncode != 0
        wait_for(lambda: machine.shown("samsynkd.service", "ExecMainStatus") == code)
        machine.run("journalctl", "--sync")
        said = machine.journal("--identifier=samsynkd", *since).splitlines()
        assert len(said) == 1 and named in said[0], said
        # A restart cures no mistake; a folder may come back.
        assert machine.shown("samsynkd.service", "ActiveState") == ("failed" if code == "2" else "activating")
        if code == "2":
            assert office.samsynk("status", check=False).returncode == 3  # who asks is told, and the socket lives
            assert machine.shown("samsynkd.socket", "ActiveState") == "active"
    finally:
        machine.drop_in("")
        office.configure()
        machine.run("systemctl", "reset-failed", "samsynkd.service")
        machine.run("systemctl", "restart", "samsynkd.service")
    assert office.samsynk("sync").returncode == 0
