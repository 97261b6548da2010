"""What whoever looks after the daemon has for it: a monitoring plugin, a backup and the way back, a bundle for a helper."""
import json
import os
import re
import sqlite3
import subprocess
import tarfile

import pytest

from conftest import AKERIET, BIN, EKSTROM, LINDQVIST, wait_for

PERSON = "8001011231"


@pytest.fixture
def home(office, site):
    for number, place, name in ((LINDQVIST, "Lindqvist", "Lindqvist Bygg AB"), (EKSTROM, "Ekström", "Ekström Konsult AB")):
        office.add_active(number, name, receive_invoices="yes")
        site.lay(place, number, name)
    return site


def check(site, *words, language="C.UTF-8"):
    done = subprocess.run([BIN / "samsynk", "--socket", site.socket, "check", *words], text=True, stdout=subprocess.PIPE, timeout=30,
                          env={**os.environ, "LC_ALL": language})
    return done.returncode, done.stdout


# check

def test_the_plugin_says_in_a_line_how_things_are(home, office):
    home.start().wait_for_run()
    code, said = check(home)
    assert code == 0 and re.match(r"SAMSYNK OK - 2 companies, last success \d+ s ago \| last_success_age=\d+s;2700;86400;0 ", said), said
    assert check(home, language="sv_SE.UTF-8")[1].startswith("SAMSYNK OK - 2 företag, senast lyckad för")
    home.lay("Trasig", "5555555555", "Övningsbolaget AB")
    home.command("sync")
    code, said = check(home)
    assert code == 1 and said.startswith("SAMSYNK WARNING - 1 companies have failed") and "Övningsbolaget AB" in said.splitlines()[1]
    assert check(home, "--warning-failed", "2")[0] == 0
    assert check(home, "--warning-age", "0s")[0] == 1 and check(home, "--critical-age", "0s")[0] == 2
    office.stop()
    home.command("sync")
    code, said = check(home, "--warning-failed", "2")
    assert code == 1 and "localhost" in said
    assert check(home, "--warning-age", "soon")[0] == 3
    assert json.loads(home.command("check").stdout)["grade"] == "WARNING"


def test_the_plugin_where_nothing_runs_and_where_nothing_is_configured(home):
    code, said = check(home)
    assert code == 2 and said.startswith("SAMSYNK CRITICAL - ")
    home.config.write_text("#\n")
    home.process = subprocess.Popen([BIN / "samsynkd", "--config", home.config], env={**os.environ, "RUNTIME_DIRECTORY": str(home.folder)},
                                    stderr=subprocess.DEVNULL)
    wait_for(home.socket.exists)
    code, said = check(home)
    assert code == 3 and said.startswith("SAMSYNK UNKNOWN - ")


# Backup and restore

def backup(site, name="copy.db", *words):
    return site.command("backup", str(site.folder / name), "--config", str(site.config), *words)


def restore(site, name="copy.db"):
    return site.command("restore", str(site.folder / name), "--config", str(site.config), "--yes")


def test_a_backup_is_made_while_it_runs_and_where_it_does_not(home):
    home.start().wait_for_run()
    assert backup(home).returncode == 0
    file = home.folder / "copy.db"
    assert file.stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(file) as copy:
        assert copy.execute("SELECT count(*) FROM agreements").fetchone() == (2,)
    refused = backup(home)
    assert refused.returncode != 0 and "--force" in refused.stdout
    assert backup(home, "copy.db", "--force").returncode == 0
    piped = subprocess.run([BIN / "samsynk", "--socket", home.socket, "backup", "-"], stdout=subprocess.PIPE)
    assert piped.stdout.startswith(b"SQLite format 3\0")
    assert [path.name for path in (home.folder / "state").glob("state.db.copy*")] == []
    home.kill()
    assert backup(home, "other.db").returncode == 0, "its program does it"
    with sqlite3.connect(home.folder / "other.db") as copy:
        assert copy.execute("SELECT count(*) FROM agreements").fetchone() == (2,)


def test_an_observer_gets_no_backup(home):
    home.start()
    answer = subprocess.run(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--unix-socket", home.socket, "http://localhost/v1/backup"],
                            text=True, stdout=subprocess.PIPE).stdout
    assert answer == "405", "looking is not enough: it is an action"


def test_what_was_chosen_since_a_backup_is_not_overwritten_after_a_restore(home, office):
    """The office chose anew, and so did the accountant: what the backup holds is older than both."""
    home.start().wait_for_run()
    assert backup(home).returncode == 0
    office.choose(LINDQVIST, receive_invoices="no")
    office.choose(EKSTROM, send_all_invoices="yes")
    assert home.sync()["outcome"] == "completed"
    assert "receive_invoices: false" in home.file("Lindqvist", "preferences.yaml")
    home.kill()
    home.choose("Lindqvist", "receive_invoices: true\n")  # chosen again while nothing ran: the newest choice there is
    home.choose("Ekström", "send_all_invoices: false\nreceive_invoices: true\n")
    assert restore(home).returncode == 0
    home.start().wait_for_run()
    assert home.sync()["counts"]["held"] == 2
    assert "receive_invoices: true" in home.file("Lindqvist", "preferences.yaml"), "the accountant's choice stands"
    assert "send_all_invoices: false" in home.file("Ekström", "preferences.yaml")
    assert office.record(LINDQVIST)["preferences"]["receive_invoices"] is False, "the office's, too, until someone decides"
    held = json.loads(home.command("held").stdout)["held"]
    assert {hold["kind"] for hold in held} <= {"base_lost", "service_restored"}
    for hold in held:
        assert home.command("approve", hold["id"], "--take", "local").returncode == 0
    assert office.record(LINDQVIST)["preferences"]["receive_invoices"] is True
    assert len(json.loads(home.command("history").stdout)["runs"]) > 0, "what was known of before is not forgotten"


def test_what_is_equal_after_a_restore_goes_on(home, office):
    home.start().wait_for_run()
    assert backup(home).returncode == 0
    office.choose(LINDQVIST, receive_invoices="no")
    home.sync()
    home.kill()
    assert restore(home).returncode == 0
    home.start().wait_for_run()
    assert home.sync()["counts"] | {"changed": 0} == {"companies": 2, "synced": 2, "waiting": 0, "held": 0, "failed": 0, "ignored": 0, "changed": 0}
    office.choose(LINDQVIST, receive_invoices="yes")
    home.sync()
    assert "receive_invoices: true" in home.file("Lindqvist", "preferences.yaml"), "from now on as ever"


def test_a_restore_is_refused_where_a_daemon_runs_and_without_a_backup(home):
    home.start().wait_for_run()
    assert backup(home).returncode == 0
    refused = restore(home)
    assert refused.returncode == 5 and f"process {home.process.pid}" in refused.stderr
    home.kill()
    (home.folder / "half.db").write_bytes((home.folder / "copy.db").read_bytes()[:5000])
    before = sorted((path.name, path.read_bytes()) for path in (home.folder / "state").glob("state.db*"))
    refused = restore(home, "half.db")
    assert refused.returncode == 2 and "no backup" in refused.stderr
    assert before == sorted((path.name, path.read_bytes()) for path in (home.folder / "state").glob("state.db*"))
    asked = subprocess.run([BIN / "samsynk", "--socket", home.socket, "restore", home.folder / "copy.db", "--config", home.config], text=True,
                           input="no\n", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert asked.returncode == 2 and "Nothing was restored" in asked.stderr


def test_a_restore_that_is_cut_off_anywhere_leaves_one_of_the_two_strace(home, office):
    home.start().wait_for_run()
    assert backup(home).returncode == 0
    office.choose(LINDQVIST, receive_invoices="no")
    home.sync()
    home.kill()
    good = {path.name: path.read_bytes() for path in (home.folder / "state").glob("state.db*")}
    cut = 0
    for call in ("rename", "renameat2", "link", "linkat", "unlink", "fsync", "fdatasync", "ftruncate"):
        for at in range(1, 12):
            for path in (home.folder / "state").glob("state.db*"):
                path.unlink()
            for name, content in good.items():
                (home.folder / "state" / name).write_bytes(content)
            with open(home.folder / "copy.db") as copy:
                done = subprocess.run(["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={at}",
                                       BIN / "samsynkd", "--config", home.config, "--restore"], stdin=copy, stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL)
            cut += done.returncode != 0
            again = subprocess.run([BIN / "samsynkd", "--config", home.config, "--backup", "-"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            assert again.returncode == 0, (call, at, again.stderr)
            (home.folder / "after.db").write_bytes(again.stdout)
            with sqlite3.connect(home.folder / "after.db") as state:
                agreements, doubts = (state.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("agreements", "doubts"))
            assert (agreements, doubts) in ((2, 0), (0, 4)), (call, at)
            if done.returncode == 0:
                break
    assert cut > 5


# Support bundle

def test_a_bundle_holds_what_helps_and_nothing_that_must_not_leave(home, office, tmp_path):
    password = tmp_path / "password"
    password.write_text("hemligt-lösen\n")
    os.chmod(password, 0o600)
    office("company", "add", PERSON, "Anna Andersson")
    home.lay("Anna", PERSON, "Anna Andersson")
    home.lay("Trasig", "5555555555", "Övningsbolaget AB")
    text = home.config.read_text().replace("  auth:", "  proxy: http://me:in-the-address@127.0.0.1:9\n  auth:", 1)
    text = text.replace("control:", "  - {id: lista, connector: exec, command: [/bin/false], environment: {TOKEN: in-the-environment}}\n"
                                    f"  - {{id: bok, connector: sql, mapping: tryton, database: {{type: postgresql, host: 127.0.0.1, port: 9, name: x, "
                                    f"user: u, password_file: {password}}}}}\ncontrol:", 1)
    home.config.write_text(text)
    home.start().wait_for_run()
    file = tmp_path / "bundle.tar.gz"
    done = home.command("support-bundle", str(file), "--config", str(home.config))
    assert done.returncode == 0 and file.stat().st_mode & 0o777 == 0o600
    with tarfile.open(file) as bundle:
        held = {member.name.lstrip("./"): bundle.extractfile(member).read().decode() for member in bundle if member.isfile()}
    assert {"samsynk.yaml", "status.json", "companies.json", "metrics.txt", "doctor.json", "state-folder.txt", "version.txt"} <= set(held)
    secret = (office.data / "client_secret").read_text().strip()
    for name, text in held.items():
        for hidden in (secret, "in-the-address", "in-the-environment", "hemligt-lösen", "1231", "Lindqvist Bygg", "Anna Andersson"):
            assert hidden not in text, (name, hidden)
    assert '"company-' in held["companies.json"] and "556016-0680" in held["metrics.txt"]
    named = home.command("support-bundle", str(file), "--config", str(home.config), "--with-names")
    assert named.returncode == 0
    with tarfile.open(file) as bundle:
        assert "Lindqvist Bygg AB" in bundle.extractfile("./companies.json").read().decode()


def test_a_bundle_explains_the_companies_in_trouble(home, tmp_path):
    home.lay("Okänt", AKERIET, "Okända Bolaget AB")
    home.start().wait_for_run()
    file = tmp_path / "bundle.tar.gz"
    assert home.command("support-bundle", str(file), "--config", str(home.config)).returncode == 0
    with tarfile.open(file) as bundle:
        explained = json.loads(bundle.extractfile("./explain-1.json").read())
    assert explained["company"] == AKERIET and explained["parked"]["reason"]["code"] == "unknown_company"
    assert explained["name"].startswith("company-") and "Okända" not in json.dumps(explained, ensure_ascii=False)
