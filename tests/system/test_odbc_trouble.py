"""ODBC where something is wrong: what is told, what is left as it was, and how it goes on."""
import pathlib
import sqlite3
import subprocess
import threading

from conftest import EKSTROM, LINDQVIST, wait_for
from mapping_sides import USER
from odbc_stage import on_a_file, on_servers
from odbc_stage import books, bound, folder, postgres  # noqa: F401 (fixtures)


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
