"""Databases and books that real accounting programs made. A company is (name, number); a number may be None.

`real_programs.py fetch` brings the files of LedgerSMB's package without installing it: only its SQL is needed, and it
would bring a web server along.
"""
import contextlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "samsynk-tests"
PYTHON = "/usr/bin/python3"  # Debian's, which sees Debian's modules
MODULES = pathlib.Path("/usr/lib/python3/dist-packages")
RECORDED_BOOK = HERE / "gnucash_book.sql"


class Failed(Exception):
    """What the program said."""


def _run(*words, **how):
    done = subprocess.run([str(word) for word in words], text=True, capture_output=True, **how)
    if done.returncode:
        raise Failed(done.stdout[-2000:] + done.stderr[-2000:])
    return done.stdout


def tryton_missing():
    wanted = {"tryton-server": shutil.which("trytond-admin"), "python3-psycopg2": (MODULES / "psycopg2").exists(),
              **{f"tryton-modules-{name}": (MODULES / "trytond/modules" / name).exists()
                for name in ("company", "party")}}
    return [package for package, found in wanted.items() if not found]


def ledgersmb_sql():
    """The folder of LedgerSMB's SQL, installed or fetched; None where there is none."""
    for root in (CACHE / "ledgersmb", pathlib.Path("/")):
        if (folder := root / "usr/share/ledgersmb/sql").is_dir():
            return folder
    return None


def fetch_ledgersmb():
    if ledgersmb_sql():
        return
    folder = CACHE / "ledgersmb"
    folder.mkdir(parents=True, exist_ok=True)
    _run("apt-get", "-qq", "download", "ledgersmb", cwd=folder)
    for package in folder.glob("ledgersmb_*.deb"):
        _run("dpkg", "-x", package, folder)
        package.unlink()


def gnucash_missing():
    drivers = list(pathlib.Path("/usr/lib").glob("*/dbd/libdbdsqlite3.so"))
    wanted = {"gnucash": shutil.which("gnucash-cli"), "libdbd-sqlite3": drivers,
              "python3-gnucash": (MODULES / "gnucash").exists()}
    return [package for package, found in wanted.items() if not found]


class Tryton:
    """An empty database becomes Tryton's own by its administrator's tool; companies come by its models."""
    owner, password = "tryton", "tryton-owner"

    def __init__(self, server, folder, database="tryton"):
        self.database = database
        server.create_user(self.owner, self.password)
        server.create_database(database, self.owner)
        self.config, secret = folder / "trytond.conf", folder / "trytond.password"
        self.config.write_text(
            f"[database]\nuri = postgresql://{self.owner}:{self.password}@127.0.0.1:{server.port}/\n")
        secret.write_text("the-office-keeps-it")
        _run("trytond-admin", "-c", self.config, "-d", database, "-u", "company", "--activate-dependencies",
             "--email", "admin@example.com", stdin=subprocess.DEVNULL,
             env={**os.environ, "LC_ALL": "C.UTF-8", "TRYTONPASSFILE": str(secret)})

    def add(self, *companies):
        """A company is a dict: name, identifiers (pairs of type and code), active. Returns the ids."""
        return json.loads(_run(PYTHON, HERE / "tryton_companies.py", self.config, self.database,
                               input=json.dumps(companies)).splitlines()[-1])


class LedgerSmb:
    """As LedgerSMB's setup makes a company's database: base schema, then its changes, then its modules."""
    owner, password = "lsmb", "lsmb-owner"

    def __init__(self, server, database):
        self.server, self.database = server, database
        if not server.rows("postgres", f"SELECT 1 FROM pg_roles WHERE rolname = '{self.owner}'"):
            server.create_user(self.owner, self.password)
            server.execute("postgres", f"ALTER ROLE {self.owner} CREATEROLE")
        server.create_database(database, self.owner)
        sql = ledgersmb_sql()
        self._load([sql / "Pg-database.sql"], stop=True)
        # Some of the changes are for older databases, and may fail: so it is in LedgerSMB's own setup.
        self._load(self._order(sql / "changes"), stop=False)
        self._load(self._order(sql / "modules"), stop=False)

    @staticmethod
    def _order(folder):
        lines = (line.split("#")[0].strip().lstrip("!") for line in (folder / "LOADORDER").read_text().splitlines())
        # The last one only looks for functions that are there twice, and wants files that Debian's package lacks.
        return [folder / line for line in lines if line and line != "Duplicates_Functions.sql"]

    def _load(self, files, stop):
        words = [word for file in files for word in ("-f", str(file))]
        done = subprocess.run(["psql", "-X", "-q", "-o", "/dev/null", "-v", f"ON_ERROR_STOP={int(stop)}", "-h",
                               str(self.server.socket_folder), "-p", str(self.server.port), "-U", self.owner, "-d",
                               self.database, *words], text=True, capture_output=True,
                              env={**os.environ, "PGPASSWORD": self.password,
                                   "PGOPTIONS": "-c client_min_messages=error"})
        if done.returncode:
            raise Failed(done.stderr[-2000:])
        self.said = done.stderr

    def company(self, name, number):
        """As the page System - Defaults keeps them."""
        for key, value in (("company_name", name), ("businessnumber", number)):
            text = "NULL" if value is None else "'" + value.replace("'", "''") + "'"
            self.server.execute(self.database, f"INSERT INTO defaults VALUES ('{key}', {text}) "
                                               f"ON CONFLICT (setting_key) DO UPDATE SET value = {text}")


def gnucash_book(path, name, number):
    """By GnuCash itself where it is installed, else from one that it made."""
    if gnucash_missing():
        with sqlite3.connect(path) as book:
            book.executescript(RECORDED_BOOK.read_text())
            for key, value in (("Name", name), ("ID", number)):
                book.execute("UPDATE slots SET string_val = ? WHERE name = ?",
                             (value, f"options/Business/Company {key}"))
        book.close()
    else:
        _run(PYTHON, HERE / "gnucash_books.py", "make", path, name, number or "")


@contextlib.contextmanager
def gnucash_holding(path):
    """GnuCash has the book open. What is given enters a number, and returns whether it was `saved` or `lost`."""
    with subprocess.Popen([PYTHON, HERE / "gnucash_books.py", "hold", path], text=True, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as process:
        if process.stdout.readline() != "open\n":
            raise Failed("the book could not be opened")

        def enter(number):
            process.stdin.write(number + "\n")
            process.stdin.flush()
            return process.stdout.readline().strip()

        try:
            yield enter
        finally:
            process.stdin.close()
            process.wait(timeout=30)


def gnucash_saves_anew(path):
    _run(PYTHON, HERE / "gnucash_books.py", "save-anew", path)


if __name__ == "__main__" and sys.argv[1:] == ["fetch"]:
    fetch_ledgersmb()
