"""One who may write in one company's folder, and nowhere else, against the service as it is installed."""
import json

import pytest
from machine import wait_for
from office import EKSTROM

ROOT = "/srv/spcs/Företag"
SECONDS = 8
STATE = ["/var/lib/samsynk", "/var/lib/samsynk/state.db", "/etc/samsynk", "/etc/samsynk/samsynk.yaml"]

# Lays one thing and then another in the place of a name, as fast as it goes, and has the daemon look each time.
FLIPPER = """
import os, sys, time
company, target, what, seconds = sys.argv[1:]
own = os.path.join(company, 'samsynk')
until, turns = time.monotonic() + float(seconds), 0
def gone(path):
    try:
        os.rmdir(path) if os.path.isdir(path) and not os.path.islink(path) else os.unlink(path)
    except OSError:
        pass
def empty(path):
    for name in os.listdir(path) if os.path.isdir(path) and not os.path.islink(path) else []:
        gone(os.path.join(path, name))
while time.monotonic() < until:
    turns += 1
    try:
        if what == 'folder':
            empty(own); gone(own)
            os.symlink(target, own)
            os.unlink(own)
            os.mkdir(own)
        elif what == 'file':
            os.makedirs(own, exist_ok=True)
            for name in ('preferences.yaml', 'collaboration.yaml', '.samsynk-new'):
                path = os.path.join(own, name)
                gone(path)
                os.symlink(target, path)
                os.unlink(path)
        elif what == 'setuid':
            os.makedirs(own, exist_ok=True)
            path = os.path.join(own, 'preferences.yaml')
            with open(path, 'w') as file:
                file.write('receive_invoices: %s\\n' % ('true' if turns % 2 else 'false'))
            os.chmod(path, 0o6777)
            time.sleep(0.01)
    except OSError:
        pass
    if turns % 20 == 0:
        os.utime(os.path.join(company, 'bok.se'))
empty(own)
"""


@pytest.fixture
def mallory(machine, office):
    """May write in Ekström's folder, and the daemon is kept busy with it."""
    machine.run("sh", "-c", "getent passwd mallory || useradd --system --no-create-home mallory")
    machine.write("/srv/flipper.py", FLIPPER)
    machine.run("sh", "-c", f"chown -R mallory {ROOT}/Ekstrom")
    yield lambda what, target: machine.run("setpriv", "--reuid=mallory", "--regid=mallory", "--clear-groups", "python3", "/srv/flipper.py",
                                           f"{ROOT}/Ekstrom", target, what, SECONDS, timeout=120)
    machine.run("sh", "-c", f"rm -rf {ROOT}/Ekstrom/samsynk; chown -R root {ROOT}/Ekstrom; chmod -R g+rwX {ROOT}/Ekstrom")
    office.samsynk("sync", check=False)


def seen(machine):
    """Owner, mode and content of all that is not Mallory's."""
    return machine.text("sh", "-c", f"stat -c '%n %U %G %a' {' '.join(STATE)} /etc/passwd /etc/shadow {ROOT}/Victim {ROOT}/Victim/samsynk"
                        f" {ROOT}/Victim/samsynk/preferences.yaml; cat {ROOT}/Victim/samsynk/preferences.yaml; ls -A {ROOT}/Victim/samsynk")


@pytest.fixture(scope="module")
def victim(machine, office):
    """Another company beside hers, with a choice of its own."""
    number = "5560427220"
    text = f"#FLAGGA 0\n#ORGNR {number}\n#FNAMN \"Offret AB\"\n"
    machine.write(f"{ROOT}/Victim/bok.se", text)
    machine.run("sh", "-c", f"chgrp -R spcs {ROOT}/Victim; chmod -R g+rwX {ROOT}/Victim; chmod g+s {ROOT}/Victim")
    office.online("company", "add", number, "Offret AB")
    office.online("activate", number)
    office.online("approve", number)
    office.online("prefs", number, "--receive-invoices", "no", "--send-all-invoices", "no")
    wait_for(lambda: office.samsynk("sync", check=False) and machine.exists(f"{ROOT}/Victim/samsynk/preferences.yaml"), 30)
    yield number
    machine.run("rm", "-rf", f"{ROOT}/Victim")
    released = office.samsynk("release", number, "--yes", check=False)  # its exit code is the whole run's
    assert "Given up." in released.stdout, released.stdout


@pytest.mark.parametrize("what,target", [("folder", "/var/lib/samsynk"), ("folder", f"{ROOT}/Victim/samsynk"), ("folder", "/etc/samsynk"),
                                         ("file", "/var/lib/samsynk/state.db"), ("file", f"{ROOT}/Victim/samsynk/preferences.yaml"),
                                         ("file", "/etc/samsynk/secret"), ("setuid", "/")])
def test_she_reaches_nothing_but_her_companys_choices(machine, office, mallory, victim, what, target):
    office.choose_online(True, numbers=[EKSTROM])
    before, online = seen(machine), office.record(victim)
    mallory(what, target)
    assert seen(machine) == before
    assert office.record(victim) == online
    found = machine.text("find", "/srv", "/var/lib/samsynk", "-perm", "/6000", "-type", "f", "-user", "samsynk")
    assert found.strip() == "", found
    assert machine.shown("samsynkd.service", "ActiveState") == "active"
    # Neither is anybody else kept waiting.
    office.online("prefs", victim, "--receive-invoices", "yes")
    office.samsynk("sync", check=False)
    assert "receive_invoices: true" in machine.read(f"{ROOT}/Victim/samsynk/preferences.yaml")
    office.online("prefs", victim, "--receive-invoices", "no")
    office.samsynk("sync", check=False)


def test_saying_to_be_another_company_she_gets_nothing_of_it(machine, office, mallory, victim):
    machine.write(f"{ROOT}/Ekstrom/samsynk/company.yaml", f"company: {victim}\n", 0o666)
    office.samsynk("sync", check=False)
    states = {one["place"]: one for one in office.asked("companies")["companies"]}
    assert states["Ekstrom"]["reason"]["code"] == "identity_changed", json.dumps(states)
    assert states["Victim"]["state"] == "synced"
