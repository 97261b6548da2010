"""ODBC with real drivers: PostgreSQL's two and SQLite's. The contract suite, and the daemon."""
import json

from conftest import EKSTROM, LINDQVIST
from database_servers import needs, odbc_driver, odbc_missing
from odbc_stage import ASSIGNMENT, NAME, OFFICE, SERVERS
from odbc_stage import books, bound, folder, postgres  # noqa: F401 (fixtures)
from test_sql_servers import suite


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
