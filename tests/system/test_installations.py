"""Installations as an administrator meets them: what a path holds, what is tried, which place counts, what is missing."""
import json
import os
import pathlib
import signal
import sqlite3
import subprocess

from conftest import BIN, EKSTROM, LINDQVIST, wait_for

ROOT = pathlib.Path(__file__).parents[2]


def company(site, number, place=None):
    for one in json.loads(site.command("companies").stdout)["companies"]:
        if one["company"] == number and place in (None, one["place"]):
            return one
    return None


def scan(path, *words):
    return subprocess.run([BIN / "samsynk", *words, "installation", "scan", path], text=True, capture_output=True)


def test_a_scan_proposes_what_the_daemon_then_takes(site):
    site.lay("Bolaget", LINDQVIST, "Lindqvist Bygg AB")
    site.lay("It's ett bolag", EKSTROM, "Ekström & Söner AB")
    (site.folder / "annat").mkdir()
    proposed = scan(site.folder)
    assert proposed.returncode == 0, proposed.stderr
    assert "connector: folder" in proposed.stdout and str(site.books) in proposed.stdout
    text = site.config.read_text()
    site.config.write_text(text[:text.index("installations:")] + proposed.stdout + text[text.index("control:"):])
    assert site.once().returncode in (0, 1)
    found = json.loads(scan(site.folder, "--json").stdout)["found"]
    usable = [(one["connector"], one["path"], one["companies"]) for one in found if one["connector"]]
    assert usable == [("folder", str(site.books), 2)]
    assert scan(site.folder / "annat").returncode == 1
    assert scan(site.folder / "none such").returncode == 1


def test_a_trial_changes_nothing_and_names_what_hinders(site):
    site.lay("Bolaget", LINDQVIST, "Lindqvist Bygg AB")
    site.office.add_active(LINDQVIST, "Lindqvist Bygg AB")
    site.start()
    site.wait_for_run()
    before = sorted((str(path), path.stat().st_mtime_ns) for path in site.books.rglob("*"))
    tried = site.command("installation", "test", "main")
    assert tried.returncode == 0 and json.loads(tried.stdout)["well"]
    assert sorted((str(path), path.stat().st_mtime_ns) for path in site.books.rglob("*")) == before
    os.rename(site.books, site.folder / "away")
    tried = site.command("installation", "test", "main")
    assert tried.returncode == 1
    assert json.loads(tried.stdout)["tried"][0]["reason"]["code"] == "installation_offline"
    os.rename(site.folder / "away", site.books)
    assert site.command("installation", "test", "none").returncode == 2
    assert json.loads(site.command("installation", "prepare", "main").stdout) == {"sql": "", "applied": False}


def test_the_configuration_settles_which_place_counts(site):
    site.lay("Bolaget", LINDQVIST, "Lindqvist Bygg AB")
    site.lay("Kopia", LINDQVIST, "Lindqvist Bygg AB")
    site.choose("Bolaget", "receive_invoices: true\n")
    site.office.add_active(LINDQVIST, "Lindqvist Bygg AB")
    site.start()
    site.wait_for_run()
    held = company(site, LINDQVIST)
    assert held["state"] == "held" and held["reason"]["code"] == "duplicate"
    assert "Bolaget" in held["reason"]["message"] and "Kopia" in held["reason"]["message"]
    with open(site.config, "a") as config:
        config.write(f"companies: {{'556016-0680': '{site.books}/Bolaget'}}\n")
    site.process.send_signal(signal.SIGHUP)
    wait_for(lambda: company(site, LINDQVIST, "Bolaget")["state"] == "synced")
    assert company(site, LINDQVIST, "Kopia")["state"] == "ignored"
    assert site.office.record(LINDQVIST)["preferences"]["receive_invoices"] is True
    assert site.file("Kopia", "collaboration.yaml") == ""


def test_a_company_that_is_gone_is_missing_and_not_deleted(site):
    site.lay("Bolaget", LINDQVIST, "Lindqvist Bygg AB")
    site.lay("Annat", EKSTROM, "Ekström & Söner AB")
    for number, name in ((LINDQVIST, "Lindqvist Bygg AB"), (EKSTROM, "Ekström & Söner AB")):
        site.office.add_active(number, name, receive_invoices="yes")
    site.start()
    site.wait_for_run()
    os.rename(site.books / "Bolaget", site.folder / "borta")
    run = site.sync()
    assert [(one["company"], one["reason"]["code"]) for one in run["problems"]] == [(LINDQVIST, "company_missing")]
    assert site.office.record(LINDQVIST)["preferences"]["receive_invoices"] is True
    os.rename(site.folder / "borta", site.books / "Bolaget")
    assert site.sync()["counts"]["failed"] == 0
    os.rename(site.books / "Bolaget", site.books / "Nytt namn")  # moved, not missing
    assert site.sync()["counts"]["failed"] == 0


def test_explain_says_which_sie_file_counts(site):
    site.lay("Bolaget", LINDQVIST, "Lindqvist Bygg AB")
    old = site.books / "Bolaget/gammal.SI"
    old.write_text("#FLAGGA 0\n#ORGNR 556036-0793\n")
    os.utime(old, (1_600_000_000, 1_600_000_000))
    site.office.add_active(LINDQVIST, "Lindqvist Bygg AB")
    site.start()
    site.wait_for_run()
    trail = [one["message"] for one in json.loads(site.command("explain", LINDQVIST).stdout)["identity_trail"]]
    assert "bok.se counts, as the newest of 2 SIE files." == trail[0]
    assert "gammal.SI: 556036-0793" in trail[2] and "2020-09-13" in trail[2]


def test_a_bridge_is_synced_both_ways_and_ends_with_the_daemon(site):
    site.lay("Bolaget", EKSTROM, "Ekström & Söner AB")
    bridge, books = ROOT / "config/bridges/sqlite_bridge.py", site.folder / "list.db"
    subprocess.run([bridge, "--prepare", books], check=True)
    with sqlite3.connect(books) as database:
        database.execute("INSERT INTO company (place, number, name, send_all_invoices) VALUES ('7', '556016-0680', "
                         "'Lindqvist Bygg AB', 1)")
    site.office.add_active(LINDQVIST, "Lindqvist Bygg AB", receive_invoices="yes")
    site.office.add_active(EKSTROM, "Ekström & Söner AB")
    text = site.config.read_text().replace(
        "control:", f"  - {{id: list, connector: exec, command: [/usr/bin/python3, '{bridge}', '{books}']}}\ncontrol:")
    site.config.write_text(text)
    assert site.once().returncode == 0, "one run, and it ends"
    site.start()
    site.wait_for_run()
    one = json.loads(site.command("installations").stdout)["installations"][1]
    assert one["connector"] == "exec" and one["program"] == "sqlite" and one["companies"] == 1
    assert json.loads(site.command("installation", "test", "list").stdout)["well"]
    with sqlite3.connect(books) as database:
        row = database.execute("SELECT receive_invoices, collaboration_revision IS NOT NULL FROM company").fetchone()
    assert row == (1, 1)
    assert site.office.record(LINDQVIST)["preferences"]["send_all_invoices"] is True
    child = int(subprocess.run(["pgrep", "-P", str(site.process.pid)], text=True, capture_output=True).stdout)
    os.kill(child, signal.SIGKILL)
    run = site.sync()
    assert run["counts"]["companies"] == 2, "it is started again, or its companies stand as they were"
    assert site.kill(signal.SIGTERM) == 0, "in order, and in time"
    left = subprocess.run(["pgrep", "-f", str(books)], text=True, capture_output=True).stdout
    assert left == "", "no bridge is left running"


def test_a_share_that_goes_away_holds_up_no_one_else_strace(site):
    """Another installation's folder answers each call with what a lost share answers."""
    site.lay("Bolaget", LINDQVIST, "Lindqvist Bygg AB")
    other = site.folder / "share"
    (other / "Annat").mkdir(parents=True)
    (other / "Annat/bok.se").write_text("#FLAGGA 0\n#ORGNR 556036-0793\n#FNAMN X\n")
    for number in (LINDQVIST, EKSTROM):
        site.office.add_active(number, "X", receive_invoices="yes")
    text = site.config.read_text().replace("control:", f"  - {{id: share, connector: folder, path: {other}}}\ncontrol:")
    site.config.write_text(text)
    site.before = ["strace", "-f", "-o", "/dev/null", "-P", str(other / "Annat"), "-e", "trace=openat", "-e",
                   "inject=openat:error=EHOSTDOWN"]
    run = site.once()
    assert "share" in run.stdout + run.stderr
    site.before = []
    assert "receive_invoices: true" in site.file("Bolaget", "preferences.yaml")
    assert not (other / "Annat/samsynk").exists()
    assert site.once().returncode == 0, "when it is back, all goes on"
    assert (other / "Annat/samsynk/preferences.yaml").exists()


def test_a_stale_handle_is_busy_and_no_absence_strace(site):
    """As a share answers for files that were replaced on the server between two calls. They are opened by their names in
    the folder, so it is the folder that strace knows them by."""
    site.lay("Bolaget", LINDQVIST, "Lindqvist Bygg AB")
    site.choose("Bolaget", "receive_invoices: false\n")
    site.office.add_active(LINDQVIST, "Lindqvist Bygg AB", receive_invoices="yes")
    site.before = ["strace", "-f", "-o", "/dev/null", "-P", str(site.books / "Bolaget/samsynk"), "-e",
                   "trace=openat", "-e", "inject=openat:error=ESTALE"]
    run = site.once()
    assert "in use" in run.stdout + run.stderr
    site.before = []
    assert site.file("Bolaget", "preferences.yaml") == "receive_invoices: false\n"
