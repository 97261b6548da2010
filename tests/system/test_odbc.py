"""ODBC with real drivers: PostgreSQL's two and SQLite's. The contract suite, and the daemon."""
import itertools
import json
import os
import pathlib
import sqlite3
import subprocess
import threading

import pytest

from conftest import EKSTROM, LINDQVIST, wait_for
from database_servers import PostgresServer, missing, needs, odbc_driver, odbc_missing, short_folder
from mapping_sides import PASSWORD, USER
from odbc_books import SOURCE, PostgresBooks, SqliteBooks
from test_sql_servers import suite

NAME, OFFICE, ASSIGNMENT = "Åkeriet Öster & Ägg – “株式会社” AB", "Redovisning Ångström ÅÄÖ åäö €", "Löpande, é"


@pytest.fixture(scope="module")
def folder():
    with short_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def postgres(folder):
    needs([package for package in missing() if package.startswith("postgresql")] + odbc_missing())
    with PostgresServer(folder / "p") as server:
        server.create_user(USER, PASSWORD)
        yield server


SERVERS, FILE = ["psqlodbcw", "psqlodbca"], ["sqlite"]
on_servers = pytest.mark.parametrize("books", SERVERS, indirect=True)
on_a_file = pytest.mark.parametrize("books", FILE, indirect=True)


COUNTER = itertools.count()


@pytest.fixture(params=SERVERS + FILE)
def books(request, tmp_path):
    needs(odbc_missing())
    if request.param == "sqlite":
        one = SqliteBooks(tmp_path / "Bokföring.db")
    else:
        database = f"{request.param}-{next(COUNTER)}"
        one = PostgresBooks(request.getfixturevalue("postgres"), database, f"{request.param}.so")
    one.make()
    one.sql(f"INSERT INTO company VALUES (1, '556016-0680', '{NAME}'), (2, '556036-0793', 'Ekström & Söner AB')")
    return one


@pytest.fixture
def bound(site, books):
    """A daemon that knows these books by a data source."""
    site.office("office", "5562651892", OFFICE)
    site.office.add_active(EKSTROM, "Ekström & Söner AB")
    site.office("company", "add", LINDQVIST, NAME)
    site.office("assignment", LINDQVIST, "u-2", ASSIGNMENT)
    site.office("activate", LINDQVIST, "--assignment", "u-2")
    site.office("approve", LINDQVIST)
    one = Bound(site, books)
    one.configure()
    return one


class Bound:
    def __init__(self, site, books):
        self.site, self.books = site, books
        self.sources, self.secret = site.folder / "odbc.ini", site.folder / "database-password"
        site.environment = {**os.environ, "ODBCINI": str(self.sources), "ODBCSYSINI": str(site.folder)}
        self.mapping = site.folder / "made-up.yaml"
        self.mapping.write_text(books.mapping())

    def configure(self, source=SOURCE, **settings):
        site, data, url = self.site, self.site.office.data, f"https://localhost:{self.site.office.port}"
        self.sources.write_text(self.books.source(**settings))
        self.secret.write_text(self.books.password + "\n")
        place = {"type": "odbc", "name": source}
        if self.books.user:
            place.update({"user": self.books.user, "password_file": str(self.secret)})
        site.config.write_text(f"""service:
  url: {url}
  ca_file: {data / 'ca.pem'}
  auth: {{issuer: '{url}', client_id: samsynk, client_secret_file: {data / 'client_secret'}}}
sync: {{interval: 1h, push: false}}
installations:
  - {{id: books, connector: sql, mapping: {self.mapping}, database: {json.dumps(place)}, timeout: 5s}}
control: {{socket: {site.socket}}}
state: {{directory: {site.folder / 'state'}}}
log: {{format: json}}
""")

    def installation(self):
        return json.loads(self.site.command("installations").stdout)["installations"][0]

    def reason(self):
        """Why it can't be used, as a person reads it."""
        self.site.start().wait_for_run()
        reason = self.installation()["reason"]
        assert reason["code"] == "installation_offline"
        assert self.books.password == "" or self.books.password not in json.dumps(reason)
        return reason["message"]


def test_the_contract_suite_on_postgresql(postgres, tmp_path, monkeypatch):
    for driver in SERVERS:
        postgres.create_database(f"contract-{driver}")
        (tmp_path / "odbc.ini").write_text(f"[samsynk-contract]\nDriver={odbc_driver(driver + '.so')}\n"
                                           f"Servername={postgres.socket_folder}\nPort={postgres.port}\n"
                                           f"Database=contract-{driver}\nUsername={postgres.superuser}\n")
        monkeypatch.setenv("ODBCINI", str(tmp_path / "odbc.ini"))
        text = f"host={postgres.socket_folder} port={postgres.port} dbname=contract-{driver} user={postgres.superuser}"
        assert suite("ODBC_POSTGRESQL", text) >= 14


def test_the_contract_suite_on_sqlite(tmp_path, monkeypatch):
    needs(odbc_missing())
    path = tmp_path / "contract.db"
    (tmp_path / "odbc.ini").write_text(f"[samsynk-contract]\nDriver={odbc_driver('libsqlite3odbc.so')}\n"
                                       f"Database={path}\nTimeout=2000\n")
    monkeypatch.setenv("ODBCINI", str(tmp_path / "odbc.ini"))
    assert suite("ODBC_SQLITE", f"dbname={path}") >= 14


def test_companies_are_read_and_choices_go_both_ways(bound):
    site, books = bound.site, bound.books
    site.office.choose(EKSTROM, receive_invoices="yes")
    books.sql("INSERT INTO choice (company, send) VALUES (1, TRUE)")
    done = site.once()
    assert done.returncode == 0, done.stdout + done.stderr
    assert site.office.record(LINDQVIST)["preferences"]["send_all_invoices"] is True
    assert books.choice(2, "receive") is True
    site.office.choose(LINDQVIST, send_all_invoices="no")
    books.sql("UPDATE choice SET receive = FALSE WHERE company = 2")
    assert site.once().returncode == 0
    assert books.choice(1, "send") is False
    assert site.office.record(EKSTROM)["preferences"]["receive_invoices"] is False


def test_letters_that_are_not_ascii_come_through_both_ways(bound):
    site, books = bound.site, bound.books
    site.start().wait_for_run()
    shown = json.loads(site.command("companies").stdout)["companies"]
    assert {one["name"] for one in shown} == {NAME, "Ekström & Söner AB"}
    assert books.sql("SELECT office, assignment, state FROM told WHERE company = 1") == [(OFFICE, ASSIGNMENT, "active")]
    assert "company.name_mismatch" not in (site.folder / "log").read_text()


def test_a_trial_takes_everything_back(bound):
    site, books = bound.site, bound.books
    site.start().wait_for_run()
    before = [books.sql(f"SELECT * FROM {table} ORDER BY 1") for table in ("company", "choice", "told", "marker")]
    tried = json.loads(site.command("installation", "test", "books").stdout)
    assert tried["well"], tried
    assert [books.sql(f"SELECT * FROM {table} ORDER BY 1") for table in ("company", "choice", "told", "marker")] == before


@on_servers
def test_a_connection_that_is_lost_is_told_and_made_anew(bound):
    site, books = bound.site, bound.books
    site.start().wait_for_run()
    site.office.choose(LINDQVIST, receive_invoices="yes")
    books.server.kill()
    run = site.sync()
    assert [one["id"] for one in run["offline"]] == ["books"]
    assert "can't be used" in bound.installation()["reason"]["message"]
    books.server.start()
    run = site.sync()
    assert (run["offline"], run["counts"]["failed"]) == ([], 0), run
    assert books.choice(1, "receive") is True
    # While it rests: nobody needs to know.
    books.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{USER}'")
    site.office.choose(LINDQVIST, receive_invoices="no")
    run = site.sync()
    assert (run["offline"], run["counts"]["failed"]) == ([], 0), run
    assert books.choice(1, "receive") is False


@on_servers
def test_a_connection_that_is_lost_within_a_transaction_is_made_anew(bound):
    site, books = bound.site, bound.books
    books.sql("INSERT INTO choice (company, receive) VALUES (1, FALSE)")
    site.start().wait_for_run()
    site.office.choose(LINDQVIST, receive_invoices="yes")
    holder = subprocess.Popen(["psql", "-X", "-q", "-h", books.server.socket_folder, "-p", str(books.server.port), "-U",
                               "postgres", books.database], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    holder.stdin.write("BEGIN; LOCK TABLE choice IN EXCLUSIVE MODE;\n")
    holder.stdin.flush()
    wait_for(lambda: books.sql("SELECT 1 FROM pg_locks WHERE mode = 'ExclusiveLock' AND relation IS NOT NULL"))
    run = threading.Thread(target=site.sync)
    run.start()
    wait_for(lambda: books.sql(f"SELECT 1 FROM pg_stat_activity WHERE usename = '{USER}' AND wait_event_type = 'Lock'"))
    books.server.kill()
    run.join()
    holder.communicate()
    books.server.start()
    wait_for(lambda: site.sync()["counts"]["failed"] == 0)
    assert books.choice(1, "receive") is True


@on_a_file
def test_a_file_that_is_exchanged_is_opened_anew(bound):
    site, books = bound.site, bound.books
    site.start().wait_for_run()
    copy = pathlib.Path(f"{books.path}.new")
    copy.write_bytes(books.path.read_bytes())
    copy.rename(books.path)
    site.office.choose(LINDQVIST, receive_invoices="yes")
    assert site.sync()["counts"]["failed"] == 0
    assert books.choice(1, "receive") is True


def test_a_driver_that_is_not_there_is_named(bound):
    bound.configure(Driver="/usr/lib/odbc/nowhere.so")
    assert "nowhere.so" in bound.reason()


def test_a_source_that_is_not_there_is_said(bound):
    bound.configure(source="elsewhere")
    reason = bound.reason()
    assert "elsewhere" in reason and "Data source name not found" in reason


@on_servers
def test_a_wrong_password_is_said_and_not_shown(bound):
    bound.configure()
    bound.secret.write_text("entirely wrong\n")
    reason = bound.reason()
    assert "authentication failed" in reason
    assert "entirely wrong" not in reason + (bound.site.folder / "log").read_text()


def test_a_statement_that_does_not_fit_is_named_and_changes_nothing(bound):
    site, books = bound.site, bound.books
    site.office.choose(EKSTROM, receive_invoices="yes")
    for wrong, place in (("FROM company c", "companies"), ("UPDATE choice SET receive", "write_receive_invoices")):
        assert wrong in books.mapping()
        bound.mapping.write_text(books.mapping().replace(wrong, wrong.replace("company", "nowhere")
                                                         .replace("receive", "nowhere")))
        done = site.once()
        assert done.returncode != 0
        assert place in done.stdout + done.stderr
        assert books.sql("SELECT * FROM choice") == []
    bound.mapping.write_text(books.mapping())
    assert site.once().returncode == 0
    assert books.choice(2, "receive") is True


@on_a_file
def test_a_file_that_another_reads_is_busy_and_written_afterwards(bound):
    """What can't be ended well, either way, must not end the daemon: SQLite's driver does not disconnect then."""
    site, books = bound.site, bound.books
    bound.configure(Timeout=200)
    site.start().wait_for_run()
    site.office.choose(LINDQVIST, receive_invoices="yes")
    reader = sqlite3.connect(books.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM company").fetchall()
    run = site.sync()
    assert {one["company"]: one["reason"]["code"] for one in run["problems"]} == {LINDQVIST: "busy"}
    reader.execute("ROLLBACK")
    assert site.sync()["counts"]["failed"] == 0
    assert books.choice(1, "receive") is True


def test_a_script_that_fails_half_way_leaves_nothing(bound):
    site, books = bound.site, bound.books
    bound.mapping.write_text(books.mapping() + "prepare: |\n  CREATE TABLE half (a INTEGER);\n"
                             "  INSERT INTO nowhere VALUES (1);\n")
    site.start().wait_for_run()
    done = site.command("installation", "prepare", "books", "--apply")
    assert done.returncode != 0 and "nowhere" in done.stdout + done.stderr
    assert site.sync()["counts"]["failed"] == 0
    books.sql("CREATE TABLE half (b INTEGER)")
