"""Stories with a beginning that can be set up again quickly, and one run of the daemon in which the nth change goes wrong."""
import os
import pathlib
import shutil
import sqlite3
import subprocess

from chaos_people import OnlineUser
from conftest import AKERIET, BIN, EKSTROM, LINDQVIST, Office, Site

SHIM = pathlib.Path(os.environ.get("SAMSYNK_SHIM") or BIN.parent / "tests/system/libcut_off_shim.so")
NAMES = {LINDQVIST: "Lindqvist Bygg AB", EKSTROM: "Ekströms Måleri AB", AKERIET: "Åkeriet AB"}
PLACES = {LINDQVIST: "Lindqvist", EKSTROM: "Ekström", AKERIET: "Åkeriet"}


class Stage:
    """A service, company folders and a state, on which one story after another is played."""

    def __init__(self, folder):
        folder.mkdir()
        self.folder, self.office = folder, Office(folder / "online")
        self.office.data.mkdir()
        self.office.start()
        self.people = OnlineUser(self.office.data, log=None)
        self.site = Site(folder, self.office)
        self.site.configure()
        self.state, self.calls = folder / "state", folder / "calls"

    def close(self):
        self.people.stop()
        self.office.stop()

    def save(self, beginning):
        """The beginning of a story, as things stand now."""
        beginning.mkdir()
        with sqlite3.connect(self.office.data / "sandbox.db") as source, sqlite3.connect(beginning / "sandbox.db") as copy:
            source.backup(copy)
        shutil.copytree(self.site.books, beginning / "books")
        if self.state.exists():
            shutil.copytree(self.state, beginning / "state")

    def begin(self, beginning):
        with sqlite3.connect(beginning / "sandbox.db") as source, sqlite3.connect(self.office.data / "sandbox.db") as live:
            source.backup(live)
        for folder in (self.site.books, self.state):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(beginning / "books", self.site.books)
        if (beginning / "state").exists():
            shutil.copytree(beginning / "state", self.state)
        self.calls.unlink(missing_ok=True)

    def run(self, how=None, number=0):
        """A run of the daemon; where it is said how, the `number`-th change goes wrong in that way. How it ended."""
        # The system's certificates are not asked for, and take longer to read than all the rest.
        environment = {**os.environ, "SSL_CERT_FILE": os.devnull}
        if how:
            environment |= {"LD_PRELOAD": str(SHIM), "CUT_OFF_HOW": how, "CUT_OFF_AT": str(number),
                            "CUT_OFF_LOG": str(self.calls)}
        return subprocess.run([BIN / "samsynkd", "--config", self.site.config, "--once"], env=environment, text=True,
                              timeout=60, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def changes(self):
        """The changes that the run made, in order: the call, and on what."""
        return [tuple(line.split(" ", 2)[1:]) for line in self.calls.read_text().splitlines()]

    def end(self):
        """What both sides hold, without what differs from one telling to the next."""
        online = {number: (record["version"], record["preferences"]) for number, record in self.people.records().items()}
        local = {str(path.relative_to(self.site.books)): path.read_text() for path in self.site.books.rglob("*.yaml")}
        twice = [operation for operation in self.people.say("operations") if operation["times_applied"] != 1]
        return online, local, twice


def first_contact(stage, _folder):
    """Three companies with something to do in both directions, as they stand before the daemon came."""
    for number, name in NAMES.items():
        stage.office.add_active(number, name)
        stage.site.lay(PLACES[number], number, name)
    stage.office.choose(LINDQVIST, receive_invoices="yes")
    stage.office.choose(AKERIET, send_all_invoices="no")
    stage.site.choose("Ekström", "# eget\nsend_all_invoices: true\nreceive_invoices: false\n")
    stage.site.choose("Åkeriet", "receive_invoices: true\n")


def later_day(stage, folder):
    """All was agreed; then present values are overwritten on each side, one company on both at once, and a collaboration
    has changed. The operation of a push before has no answer yet."""
    stage.begin(folder / "first_contact")
    assert stage.run().returncode == 0
    stage.site.choose("Åkeriet", "send_all_invoices: true\nreceive_invoices: true\n")
    stage.run("count")
    answer = [number for number, (call, _) in enumerate(stage.changes(), 1) if call == "sendmsg"][-1]
    stage.begin(folder / "first_contact")
    assert stage.run().returncode == 0
    stage.site.choose("Åkeriet", "send_all_invoices: true\nreceive_invoices: true\n")
    stage.run("halfway", answer)  # sent, and cut off before the answer came
    stage.office.choose(LINDQVIST, receive_invoices="no")
    stage.office.choose(EKSTROM, receive_invoices="yes")
    stage.site.choose("Ekström", "# eget\nsend_all_invoices: false\nreceive_invoices: false\n")
    stage.office("register", LINDQVIST, "registered")
    stage.office("end", AKERIET)


STORIES = {"first_contact": first_contact, "later_day": later_day}
