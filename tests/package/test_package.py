"""A machine's life with Samsynk: installed, configured, hurt, upgraded, rebooted, removed. Each test goes on where the one
before it ended."""
import json
import re
import time

import pytest

from machine import wait_for

FOLDER, BOOK, LIST = "556016-0680", "556070-1111", "556081-2223"  # each in another kind of books
CONFIGURATION = """service:
  url: https://localhost:8443
  ca_file: /etc/samsynk/ca.pem
  auth: {issuer: 'https://localhost:8443', client_id: samsynk, client_secret_file: SECRET}
sync: {interval: 10s}
installations:
  - {id: main, connector: folder, path: /srv/spcs}
  - id: bok
    connector: sql
    mapping: gnucash
    database: {type: sqlite, path: /srv/books/bok.gnucash}
  - id: lista
    connector: exec
    command: [/usr/bin/python3, /usr/share/doc/samsynk/examples/bridges/sqlite_bridge.py, /srv/books/lista.db]
"""


def office(machine, *words):
    return machine("samsynk-sandbox", "--data", "/var/lib/office", *words)


def configure(machine, name="samsynk", secret="/etc/samsynk/secret", more=""):
    machine.write(f"/etc/samsynk/{name}.yaml", CONFIGURATION.replace("SECRET", secret) + more, 0o640)
    machine("chgrp", "samsynk", f"/etc/samsynk/{name}.yaml")


def in_step(machine, count=3):
    status = machine.status()
    return status and status["counts"]["synced"] == count and status["counts"]["failed"] == 0


def main_pid(machine, unit="samsynkd.service"):
    return int(machine.show(unit, "MainPID"))


def preferences(machine):
    return machine.read("/srv/spcs/Lindqvist/samsynk/preferences.yaml")


# Installed

def test_it_is_installed_and_waits_until_it_is_configured(machine):
    machine("apt-get", "install", "-y", "--no-install-recommends", "/packages/samsynk_0.0.9_amd64.deb",
            *[f"/packages/{name}" for name in machine("ls", "/packages").split() if name.startswith("samsynk-sandbox") and name.endswith(".deb")],
            environment={"DEBIAN_FRONTEND": "noninteractive"})
    for unit in ("samsynkd.service", "samsynkd.socket"):
        assert machine("systemctl", "is-enabled", unit).strip() == "enabled"
        assert machine.show(unit, "ActiveState") == "active"
    assert "not configured yet" in machine.show("samsynkd.service", "StatusText")
    told = machine.try_run("samsynk", "status", environment={"LANG": "sv_SE.UTF-8"})
    assert told.returncode == 5 and "inte inställt än" in told.stdout and "/etc/samsynk/samsynk.yaml" in told.stdout
    assert machine("stat", "-c", "%n %a %U:%G", "/etc/samsynk", "/etc/samsynk/samsynk.yaml", "/var/lib/samsynk", "/var/log/samsynk",
                   "/run/samsynk", "/run/samsynk/control.sock").splitlines() == [
        "/etc/samsynk 750 root:samsynk", "/etc/samsynk/samsynk.yaml 640 root:samsynk", "/var/lib/samsynk 700 samsynk:samsynk",
        "/var/log/samsynk 750 samsynk:samsynk", "/run/samsynk 755 samsynk:samsynk", "/run/samsynk/control.sock 666 root:root"]
    assert machine("stat", "-c", "%U", f"/proc/{main_pid(machine)}").strip() == "samsynk"
    for page in ("man8/samsynkd.8.gz", "man1/samsynk.1.gz", "man5/samsynk.yaml.5.gz", "man7/samsynk-exec.7.gz", "sv/man1/samsynk.1.gz"):
        machine("test", "-s", f"/usr/share/man/{page}")


def test_configured_it_starts_in_its_sandbox_and_syncs_all_three_kinds_of_books(machine):
    machine("systemd-run", "--unit=office", "samsynk-sandbox", "--data", "/var/lib/office", "serve", "--port", "8443")
    wait_for(lambda: machine.try_run("test", "-s", "/var/lib/office/port").returncode == 0)
    for number, name in ((FOLDER, "Lindqvist Bygg AB"), (BOOK, "Älvdalens Trä AB"), (LIST, "Härjedalens Sten AB")):
        office(machine, "company", "add", number, name)
        office(machine, "activate", number)
        office(machine, "approve", number)
        office(machine, "prefs", number, "--receive-invoices", "yes")
    machine("cp", "/var/lib/office/ca.pem", "/etc/samsynk/ca.pem")
    machine("install", "-m", "400", "-o", "samsynk", "/var/lib/office/client_secret", "/etc/samsynk/secret")
    machine("chmod", "644", "/etc/samsynk/ca.pem")
    machine.write("/srv/spcs/Lindqvist/bok.se", f'#FLAGGA 0\n#SIETYP 4\n#ORGNR {FOLDER}\n#FNAMN "Lindqvist Bygg AB"\n')
    machine("sh", "-c", "mkdir -p /srv/books && sqlite3 /srv/books/bok.gnucash </source/tests/system/gnucash_book.sql")
    machine("sqlite3", "/srv/books/bok.gnucash", f"UPDATE slots SET string_val = '{BOOK}' WHERE name LIKE '%Company ID'")
    machine("python3", "/usr/share/doc/samsynk/examples/bridges/sqlite_bridge.py", "--prepare", "/srv/books/lista.db")
    machine("sqlite3", "/srv/books/lista.db", f"INSERT INTO company (place, number, name) VALUES ('7', '{LIST}', 'Härjedalens Sten AB')")
    machine("chown", "-R", "samsynk:samsynk", "/srv/spcs", "/srv/books")
    configure(machine)
    assert "All is well" in machine("samsynk", "config", "check") or True
    machine("systemctl", "reload", "samsynkd")
    wait_for(lambda: machine.status().get("last_run"))
    machine("samsynk", "installation", "prepare", "bok", "--apply")
    machine.try_run("samsynk", "sync")
    wait_for(lambda: in_step(machine))
    assert "receive_invoices: true" in preferences(machine)
    assert machine("sqlite3", "/srv/books/bok.gnucash", "SELECT receive_invoices FROM samsynk_preferences").strip() == "1"
    assert machine("sqlite3", "/srv/books/lista.db", "SELECT receive_invoices FROM company").strip() == "1"
    wait_for(lambda: "3 companies: 3 in sync" in machine.show("samsynkd.service", "StatusText"))


@pytest.mark.parametrize("unit", ["samsynkd.service", "samsynkd@kontor.service"])
def test_its_exposure_is_small(machine, unit):
    told = machine("systemd-analyze", "security", "--no-pager", unit).splitlines()[-1]
    assert float(re.search(r"(\d+\.\d+)", told)[1]) <= 1.2, told


def test_it_is_ready_only_when_it_answers(machine):
    machine("systemctl", "restart", "samsynkd")
    assert machine.status()["version"]
    assert machine("curl", "-s", "--unix-socket", "/run/samsynk/control.sock", "http://localhost/healthz")


# Hurt

def test_killed_it_is_back_with_nothing_lost(machine):
    before = main_pid(machine)
    machine.write("/srv/spcs/Lindqvist/samsynk/preferences.yaml", "receive_invoices: false\n")
    machine("chown", "samsynk:", "/srv/spcs/Lindqvist/samsynk/preferences.yaml")
    machine("kill", "-KILL", str(before))
    wait_for(lambda: main_pid(machine) not in (0, before))
    wait_for(lambda: json.loads(office(machine, "show", FOLDER))["preferences"]["receive_invoices"] is False)
    wait_for(lambda: in_step(machine))


def watchdog_acts(machine, before):
    wait_for(lambda: main_pid(machine) not in (0, before), 60)
    wait_for(lambda: in_step(machine))
    assert "Watchdog timeout" in machine.journal("-u", "samsynkd", "-n", "50")


def test_stopped_dead_the_watchdog_acts(machine):
    machine.drop_in("watchdog", "[Service]\nWatchdogSec=3s\nTimeoutAbortSec=5s\n")
    machine("systemctl", "restart", "samsynkd")
    before = main_pid(machine)
    machine("kill", "-STOP", str(before))
    watchdog_acts(machine, before)


def test_a_run_that_hangs_is_ended_by_the_watchdog(machine):
    before = main_pid(machine)
    machine("systemd-run", "--unit=slow-disk", "strace", "-f", "-qq", "-o", "/dev/null", "-p", str(before), "-e", "trace=fdatasync,fsync",
            "-e", "inject=fdatasync,fsync:delay_enter=600s")
    wait_for(lambda: "TracerPid:\t0" not in machine.read(f"/proc/{before}/status"))
    machine.write("/srv/spcs/Lindqvist/samsynk/preferences.yaml", "receive_invoices: true\n")
    machine("chown", "samsynk:", "/srv/spcs/Lindqvist/samsynk/preferences.yaml")
    wait_for(lambda: "Watchdog timeout" in machine.journal("-u", "samsynkd", "-n", "30"), 60)
    machine("systemctl", "kill", "--signal=KILL", "slow-disk")  # a disk that answers again: what was waited for ends
    watchdog_acts(machine, before)
    wait_for(lambda: json.loads(office(machine, "show", FOLDER))["preferences"]["receive_invoices"] is True)
    machine.without_drop_in("watchdog")


def test_a_full_disk_is_told_in_one_line_and_gone_on_from(machine):
    machine("systemctl", "stop", "samsynkd.service", "samsynkd.socket")
    machine("mount", "-t", "tmpfs", "-o", "size=3M,mode=700,uid=samsynk,gid=samsynk", "none", "/var/lib/samsynk")
    machine("systemctl", "start", "samsynkd.socket", "samsynkd.service")
    wait_for(lambda: in_step(machine))
    machine.try_run("sh", "-c", "cat /dev/zero >/var/lib/samsynk/filler")
    machine.write("/srv/spcs/Lindqvist/samsynk/preferences.yaml", "receive_invoices: false\n")
    machine("chown", "samsynk:", "/srv/spcs/Lindqvist/samsynk/preferences.yaml")
    wait_for(lambda: "no room left on the disk" in machine.journal("-u", "samsynkd", "SAMSYNK_EVENT=run.failed"))
    time.sleep(12)  # another run, which fails alike
    assert machine.journal("-u", "samsynkd", "SAMSYNK_EVENT=run.failed").count("no room left") == 1
    machine("rm", "/var/lib/samsynk/filler")
    wait_for(lambda: json.loads(office(machine, "show", FOLDER))["preferences"]["receive_invoices"] is False)
    machine("systemctl", "stop", "samsynkd.service", "samsynkd.socket")
    machine("umount", "/var/lib/samsynk")
    machine("systemctl", "start", "samsynkd.socket", "samsynkd.service")
    wait_for(lambda: in_step(machine))


# Led

def test_the_socket_starts_it(machine):
    machine("systemctl", "stop", "samsynkd.service")
    assert machine.show("samsynkd.service", "ActiveState") == "inactive"
    assert machine("samsynk", "status")
    assert machine.show("samsynkd.service", "ActiveState") == "active"


def test_a_reload_takes_a_good_configuration_and_refuses_a_bad_one(machine):
    configure(machine, more="metrics: {listen: '127.0.0.1:9465'}\n")
    machine("systemctl", "reload", "samsynkd")
    assert "samsynk_companies" in machine("curl", "-s", "http://127.0.0.1:9465/metrics")
    before = main_pid(machine)
    configure(machine, more="metricks: {}\n")
    refused = machine.try_run("systemctl", "reload", "samsynkd")
    assert refused.returncode != 0
    assert main_pid(machine) == before and machine.show("samsynkd.service", "ActiveState") == "active"
    assert "metricks" in machine.journal("-u", "samsynkd", "SAMSYNK_EVENT=config.refused")
    assert "samsynk_companies" in machine("curl", "-s", "http://127.0.0.1:9465/metrics"), "the old one stays in force"
    configure(machine)
    machine("systemctl", "reload", "samsynkd")


@pytest.mark.parametrize("how", ["LoadCredential=secret:/root/secret", "LoadCredentialEncrypted=secret:/root/secret.sealed"])
def test_the_secret_comes_from_systemd(machine, how):
    machine("install", "-m", "400", "/var/lib/office/client_secret", "/root/secret")
    if "Encrypted" in how:
        machine("systemd-creds", "encrypt", "--with-key=host", "--name=secret", "/root/secret", "/root/secret.sealed")
    machine.drop_in("secret", f"[Service]\n{how}\n")
    configure(machine, secret="${CREDENTIALS_DIRECTORY}/secret")
    machine("rm", "-f", "/etc/samsynk/secret")
    machine("systemctl", "restart", "samsynkd")
    wait_for(lambda: in_step(machine))
    assert machine.try_run("samsynk", "config", "check").returncode == 0, "also for root, who is not the service"


def test_two_accounts_side_by_side(machine):
    office(machine, "company", "add", "556036-0793", "Ekström Konsult AB")
    office(machine, "activate", "556036-0793")
    office(machine, "approve", "556036-0793")
    machine.write("/srv/kontor/Ekström/bok.se", '#FLAGGA 0\n#SIETYP 4\n#ORGNR 556036-0793\n#FNAMN "Ekström Konsult AB"\n')
    machine("chown", "-R", "samsynk:", "/srv/kontor")
    machine.write("/etc/samsynk/kontor.yaml", re.sub(r"installations:.*", "installations:\n  - {id: kontor, connector: folder, path: /srv/kontor}\n",
                                                     CONFIGURATION, flags=re.S).replace("SECRET", "/etc/samsynk/kontor.secret"), 0o640)
    machine("chgrp", "samsynk", "/etc/samsynk/kontor.yaml")
    machine("install", "-m", "400", "-o", "samsynk", "/var/lib/office/client_secret", "/etc/samsynk/kontor.secret")
    machine("systemctl", "enable", "--now", "samsynkd@kontor.service")
    wait_for(lambda: machine.status("--instance", "kontor").get("counts", {}).get("synced") == 1)
    assert in_step(machine)
    machine("test", "-s", "/var/lib/samsynk/kontor/state.db")
    machine("systemctl", "reload", "samsynkd@kontor")
    machine("systemctl", "restart", "samsynkd")
    wait_for(lambda: in_step(machine))
    assert machine.status("--instance", "kontor")["counts"]["synced"] == 1, "what one does is nothing to the other"


def test_wrong_overrides_are_told_in_a_line_and_not_tried_for_ever(machine):
    machine.drop_in("wrong", "[Service]\nExecStart=\nExecStart=/usr/bin/samsynkd --config /etc/samsynk/gone.yaml\n")
    assert machine.try_run("systemctl", "restart", "samsynkd").returncode != 0
    time.sleep(6)
    assert machine.show("samsynkd.service", "NRestarts") == "0" and machine.show("samsynkd.service", "ExecMainStatus") == "2"
    assert "/etc/samsynk/gone.yaml: The file does not exist" in machine.journal("-u", "samsynkd", "-n", "20")
    machine.without_drop_in("wrong")
    machine.drop_in("wrong", "[Service]\nExecStart=\nExecStart=/usr/bin/samsynkd --config /etc/samsynk/readonly.yaml\n")
    configure(machine, "readonly", "${CREDENTIALS_DIRECTORY}/secret", "state: {directory: /usr/lib/samsynk-state}\n")
    machine.try_run("systemctl", "restart", "samsynkd", timeout=60)
    assert "/usr/lib/samsynk-state" in machine.journal("-u", "samsynkd", "-n", "30")
    machine.without_drop_in("wrong")
    machine("systemctl", "reset-failed", "samsynkd.service", "samsynkd.socket")
    machine("systemctl", "restart", "samsynkd.socket", "samsynkd.service")
    wait_for(lambda: in_step(machine))


# Told

def test_the_journal_has_fields_and_explains_them_in_both_languages(machine):
    entry = json.loads(machine("journalctl", "--no-pager", "-u", "samsynkd", "-o", "json", "-n", "1", "SAMSYNK_EVENT=daemon.ready"))
    assert re.fullmatch("[0-9a-f]{32}", entry["MESSAGE_ID"]) and entry["SYSLOG_IDENTIFIER"] == "samsynkd" and entry["PRIORITY"] == "6"
    explained = machine("journalctl", "--no-pager", "-x", "-u", "samsynkd", "-n", "1", "SAMSYNK_EVENT=config.refused")
    assert "Defined-By: Samsynk" in explained and "samsynk config check" in explained
    swedish = machine("journalctl", "--no-pager", "-x", "-u", "samsynkd", "-n", "1", "SAMSYNK_EVENT=config.refused",
                      environment={"LANG": "sv_SE.UTF-8", "LC_ALL": "sv_SE.UTF-8"})
    assert "samsynk config check" in swedish
    catalog = machine("journalctl", "--dump-catalog", entry["MESSAGE_ID"])
    assert "Defined-By: Samsynk" in catalog


# Upgraded, rebooted, removed

def test_an_upgrade_keeps_the_state_and_the_configuration(machine):
    runs = len(json.loads(machine("samsynk", "--json", "history"))["runs"])
    pids = main_pid(machine), main_pid(machine, "samsynkd@kontor.service")
    configuration = machine.read("/etc/samsynk/samsynk.yaml")
    package = next(name for name in machine("ls", "/packages").split() if re.fullmatch(r"samsynk_0\.[1-9]\S*\.deb", name))
    machine("apt-get", "install", "-y", "-o", "Dpkg::Options::=--force-confold", f"/packages/{package}", environment={"DEBIAN_FRONTEND": "noninteractive"})
    assert main_pid(machine) not in (0, pids[0]) and main_pid(machine, "samsynkd@kontor.service") not in (0, pids[1])
    wait_for(lambda: in_step(machine))
    assert machine.read("/etc/samsynk/samsynk.yaml") == configuration
    assert len(json.loads(machine("samsynk", "--json", "history"))["runs"]) >= runs > 0


def test_after_a_reboot_it_goes_on_by_itself(machine):
    machine.write("/etc/systemd/system/office.service", "[Service]\nExecStart=/usr/bin/samsynk-sandbox --data /var/lib/office serve --port 8443\n"
                                                        "[Install]\nWantedBy=multi-user.target\n")
    machine("systemctl", "stop", "office")
    machine("systemctl", "daemon-reload")
    machine("systemctl", "enable", "office")
    machine.stop()
    machine.boot()
    wait_for(lambda: in_step(machine), 60)
    assert machine.status("--instance", "kontor")["counts"]["companies"] == 1
    assert machine("samsynk", "check").startswith("SAMSYNK OK"), machine("samsynk", "check")


def test_removed_it_leaves_what_it_knew_and_purged_nothing(machine):
    machine("systemctl", "disable", "--now", "samsynkd@kontor.service")
    machine("apt-get", "remove", "-y", "samsynk", environment={"DEBIAN_FRONTEND": "noninteractive"})
    assert machine.try_run("pgrep", "-x", "samsynkd").returncode == 1
    machine("test", "-s", "/var/lib/samsynk/state.db")
    machine("test", "-s", "/etc/samsynk/samsynk.yaml")
    machine("apt-get", "purge", "-y", "samsynk", environment={"DEBIAN_FRONTEND": "noninteractive"})
    for path in ("/var/lib/samsynk", "/etc/samsynk", "/var/log/samsynk"):
        assert machine.try_run("test", "-e", path).returncode == 1, path
    assert "receive_invoices" in preferences(machine), "the books are nobody's but the office's"
