"""What the daemon remembers, copied and put back: nothing that was chosen since is overwritten, and nothing half done stands."""
import concurrent.futures
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import threading

import pytest

from conftest import AKERIET, BIN, EKSTROM, LINDQVIST, let_others_through, wait_for
from cut_off_stage import SHIM

NAMES = {LINDQVIST: ("Lindqvist", "Lindqvist Bygg AB"), EKSTROM: ("Ekström", "Ekströms Måleri AB"), AKERIET: ("Åkeriet", "Åkeriet AB")}


@pytest.fixture
def home(office, site):
    """Three companies that are in sync."""
    for number, (place, name) in NAMES.items():
        office.add_active(number, name, receive_invoices="yes", send_all_invoices="no")
        site.lay(place, number, name)
    return site


def backup(site, *words):
    return site.command("backup", *words, "--config", str(site.config))


def restore(site, file, *words):
    return site.command("restore", str(file), *(words or ["--yes"]), "--config", str(site.config))


def state_of(site):
    """What is in the state folder, and what stands in the database."""
    folder = site.folder / "state"
    with sqlite3.connect(folder / "state.db") as state:
        return sorted(one.name for one in folder.iterdir() if not one.name.endswith(("-wal", "-shm"))), list(state.iterdump())


def by_number(site):
    return {one["company"]: one for one in json.loads(site.command("companies").stdout)["companies"]}


def test_a_backup_is_taken_while_it_syncs(home):
    home.start().wait_for_run()
    stop = threading.Event()

    def sync():
        while not stop.is_set():
            home.sync()

    busy = threading.Thread(target=sync)
    busy.start()
    for n in range(10):
        assert backup(home, str(home.folder / f"copy{n}.db")).returncode == 0
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda n: backup(home, str(home.folder / f"together{n}.db")).returncode, range(8)))
    stop.set()
    busy.join()
    assert together == [0] * 8
    for file in home.folder.glob("*.db"):
        assert file.stat().st_mode & 0o777 == 0o600
        with sqlite3.connect(file) as copy:
            assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert copy.execute("SELECT count(*) FROM agreements").fetchone() == (3,)
    assert not list((home.folder / "state").glob("state.db.copy*")), "nothing is left over"


def test_a_backup_is_not_written_over_another_file(home):
    home.start().wait_for_run()
    file = home.folder / "kept"
    file.write_text("kept")
    refused = backup(home, str(file))
    assert refused.returncode != 0 and "--force" in refused.stdout + refused.stderr and file.read_text() == "kept"
    assert backup(home, str(file), "--force").returncode == 0 and file.read_bytes().startswith(b"SQLite format 3")
    assert not list(home.folder.glob("*.part-*"))


def test_a_backup_goes_to_standard_output_and_comes_from_a_daemon_that_does_not_run(home):
    home.start().wait_for_run()
    words = [BIN / "samsynk", "--socket", home.socket, "backup", "-", "--config", home.config]
    running = subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout
    home.kill(signal.SIGTERM)
    stopped = subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout
    for copy in (running, stopped):
        assert copy.startswith(b"SQLite format 3")
        (home.folder / "copy.db").write_bytes(copy)
        with sqlite3.connect(home.folder / "copy.db") as database:
            assert database.execute("SELECT count(*) FROM agreements").fetchone() == (3,)
    assert backup(home, str(home.folder / "again.db")).returncode == 0


@pytest.mark.parametrize("marked", [True, False])
def test_after_a_restore_nothing_that_was_chosen_is_overwritten(home, office, marked):
    home.start().wait_for_run()
    assert backup(home, str(home.folder / "copy.db")).returncode == 0
    home.choose("Lindqvist", "send_all_invoices: yes\nreceive_invoices: no\n")  # both were carried over, and are forgotten
    office.choose(EKSTROM, receive_invoices="no")
    assert home.sync()["outcome"] == "completed"
    home.kill(signal.SIGTERM)
    home.choose("Lindqvist", "send_all_invoices: no\nreceive_invoices: no\n")  # and these were not
    office.choose(EKSTROM, send_all_invoices="yes")
    if not marked:
        for file in home.books.rglob("collaboration.yaml"):
            file.unlink()
    before = {number: office.record(number)["preferences"] for number in NAMES}
    told = restore(home, home.folder / "copy.db")
    assert told.returncode == 0, told.stderr
    home.start().wait_for_run()
    states = {number: one["state"] for number, one in by_number(home).items()}
    assert states == {LINDQVIST: "held", EKSTROM: "held", AKERIET: "synced"}
    held = json.loads(home.command("held").stdout)["held"]
    assert {one["kind"] for one in held} == {"base_lost"}
    assert sorted((row["company"], row["preference"]) for one in held for row in one["rows"]) == \
        sorted([(LINDQVIST, "send_all_invoices"), (EKSTROM, "send_all_invoices")])
    assert int(held[0]["id"][2:]) > 1000, "an id that someone has seen since is not given again"
    assert {number: office.record(number)["preferences"] for number in NAMES} == before
    assert "send_all_invoices: no" in home.file("Lindqvist", "preferences.yaml")
    for one in held:
        assert home.command("approve", one["id"], "--take", "local").returncode in (0, 1)
    assert office.record(LINDQVIST)["preferences"]["send_all_invoices"] is False
    assert office.record(EKSTROM)["preferences"]["send_all_invoices"] is False
    assert {one["state"] for one in by_number(home).values()} == {"synced"}
    home.choose("Åkeriet", "send_all_invoices: yes\nreceive_invoices: yes\n")  # what was equal goes on as ever
    home.sync()
    assert office.record(AKERIET)["preferences"]["send_all_invoices"] is True


def test_a_choice_that_one_side_lacks_is_filled_in_as_ever(home, office):
    home.start().wait_for_run()
    assert backup(home, str(home.folder / "copy.db")).returncode == 0
    home.kill(signal.SIGTERM)
    home.choose("Lindqvist", "receive_invoices: yes\n")
    assert restore(home, home.folder / "copy.db").returncode == 0
    home.start().wait_for_run()
    assert by_number(home)[LINDQVIST]["state"] == "synced"
    assert "send_all_invoices: false" in home.file("Lindqvist", "preferences.yaml")


def test_a_daemon_that_runs_is_named_and_nothing_is_restored(home):
    home.start().wait_for_run()
    assert backup(home, str(home.folder / "copy.db")).returncode == 0
    refused = restore(home, home.folder / "copy.db")
    assert refused.returncode == 5 and f"process {home.process.pid}" in refused.stderr
    assert home.sync()["outcome"] == "completed"


def test_what_is_no_backup_is_refused_and_nothing_changed(home):
    assert home.once().returncode == 0
    copy = home.folder / "copy.db"
    assert backup(home, str(copy)).returncode == 0
    before, whole = state_of(home), copy.read_bytes()

    def with_sql(sql):
        file = home.folder / "changed.db"
        file.write_bytes(whole)
        with sqlite3.connect(file) as database:
            database.executescript(sql)
        return file.read_bytes()

    damaged = bytearray(whole)
    damaged[len(damaged) // 2:len(damaged) // 2 + 3000] = b"\xff" * 3000
    for name, wrong in {"nothing": b"", "truncated": whole[:len(whole) // 2], "a page less": whole[:-4096], "damaged": bytes(damaged),
                        "text": b"no database" * 1000, "foreign": with_sql("PRAGMA application_id = 7"),
                        "newer": with_sql("PRAGMA user_version = 999"), "lacks a table": with_sql("DROP TABLE doubts"),
                        "does more": with_sql("CREATE TRIGGER more AFTER INSERT ON marks BEGIN DELETE FROM meta; END")}.items():
        (home.folder / "wrong.db").write_bytes(wrong)
        refused = restore(home, home.folder / "wrong.db")
        assert refused.returncode == 2 and refused.stderr.count("\n") == 1, (name, refused)
        assert state_of(home) == before, name
    assert restore(home, home.folder / "gone.db").returncode == 2


def test_it_asks_first_and_keeps_what_was_there(home):
    assert home.once().returncode == 0
    copy = home.folder / "copy.db"
    assert backup(home, str(copy)).returncode == 0
    before = state_of(home)
    asked = subprocess.run([BIN / "samsynk", "--socket", home.socket, "restore", copy, "--config", home.config], text=True,
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert asked.returncode != 0 and state_of(home) == before
    assert restore(home, copy).returncode == 0
    kept = [one for one in (home.folder / "state").iterdir() if re.fullmatch(r"state\.db\.before-restore-\S+Z", one.name)]
    assert len(kept) == 1
    with sqlite3.connect(kept[0]) as state:
        assert list(state.iterdump()) == before[1]
    assert (home.folder / "state/state.db").stat().st_mode & 0o777 == 0o600
    assert restore(home, kept[0]).returncode == 0, "it can be put back"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_what_root_restores_belongs_to_the_owner_of_the_folder(home):
    assert home.once().returncode == 0
    copy, state = home.folder / "copy.db", home.folder / "state"
    assert backup(home, str(copy)).returncode == 0
    for one in [state, *state.iterdir()]:
        os.chown(one, 65534, 65534)
    (state / "state.lock").unlink()
    let_others_through(home.folder)  # root acts as that user, who must get there
    assert restore(home, copy).returncode == 0
    assert {(one.name, one.stat().st_uid) for one in state.glob("state.*")} == {(one.name, 65534) for one in state.glob("state.*")}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_what_root_restores_goes_through_no_link_of_the_owners(home):
    assert home.once().returncode == 0
    copy, state, roots = home.folder / "copy.db", home.folder / "state", home.folder / "of-root"
    assert backup(home, str(copy)).returncode == 0
    roots.write_text("of root")
    for one in [state, *state.iterdir()]:
        os.chown(one, 65534, 65534)
    let_others_through(home.folder)
    for name in ("state.lock", "state.db.restoring", "state.db.restoring.fresh"):
        (state / name).unlink(missing_ok=True)
        (state / name).symlink_to(roots)
        os.chown(state / name, 65534, 65534, follow_symlinks=False)
    restore(home, copy)
    assert roots.read_text() == "of root" and roots.stat().st_uid == 0


@pytest.mark.parametrize("how", ["before", "halfway"])
def test_cut_off_at_any_step_it_is_the_old_state_or_the_new_one_strace(home, how):
    assert home.once().returncode == 0
    copy, state, beginning = home.folder / "copy.db", home.folder / "state", home.folder / "beginning"
    assert backup(home, str(copy)).returncode == 0
    home.choose("Lindqvist", "send_all_invoices: yes\nreceive_invoices: yes\n")
    assert home.once().returncode == 0
    with sqlite3.connect(state / "state.db") as live:  # what the last run wrote is in the log still
        live.execute("INSERT INTO meta VALUES ('only', 'in the old one')")
    shutil.copytree(state, beginning)
    log = home.folder / "calls"

    def play(cut, number):
        shutil.rmtree(state)
        shutil.copytree(beginning, state)
        environment = {**os.environ, "LD_PRELOAD": str(SHIM), "CUT_OFF_HOW": cut, "CUT_OFF_AT": str(number), "CUT_OFF_LOG": str(log)}
        return subprocess.run([BIN / "samsynkd", "--config", home.config, "--restore"], env=environment, stdin=open(copy, "rb"),
                              stdout=subprocess.DEVNULL).returncode

    def what_stands():
        with sqlite3.connect(state / "state.db") as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            old = database.execute("SELECT count(*) FROM meta WHERE name = 'only'").fetchone()[0]
            agreed, = database.execute("SELECT count(*) FROM agreements").fetchone()
            return "old" if (old, agreed) == (1, 3) else "new" if (old, agreed) == (0, 0) else (old, agreed)

    assert play("count", 0) == 0 and what_stands() == "new"
    steps = len(log.read_text().splitlines())
    assert steps > 10
    found = []
    for number in range(1, steps + 1):
        assert play(how, number) == -signal.SIGKILL
        found.append(what_stands())
        assert home.once("--dry-run").returncode in (0, 1)
    assert set(found) == {"old", "new"} and found == sorted(found, reverse=True), found
    assert not list(state.glob("state.db.restoring*")), "the next daemon clears away what was left"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become someone else")
def test_who_may_only_look_gets_no_backup(home):
    home.config.write_text(home.config.read_text().replace(f"{{socket: {home.socket}}}", f"{{socket: {home.socket}, observers: [nogroup]}}"))
    for folder in (home.folder, *home.folder.parents):
        if str(folder).startswith("/tmp/"):
            os.chmod(folder, 0o755)
    home.start().wait_for_run()
    asked = subprocess.run(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-X", "POST", "--unix-socket", home.socket,
                            "http://localhost/v1/backup"], text=True, stdout=subprocess.PIPE, user="nobody", group="nogroup", extra_groups=[]).stdout
    assert asked == "403"
    assert wait_for(lambda: "POST /v1/backup" in (home.folder / "log").read_text())
