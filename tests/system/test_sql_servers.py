"""The sql connector on real servers: the contract suite, and the daemon with Tryton's own database behind it."""
import json
import os
import subprocess
import threading
import time

import pytest

import database_servers
import real_programs
from conftest import BIN, EKSTROM, LINDQVIST, Site, wait_for
from database_servers import MariaServer, PostgresServer, needs, short_folder
from mapping_sides import PASSWORD, USER

SUITE = BIN.parent / "tests/contract_connectors"


def missing(*kinds):
    return [package for package in database_servers.missing() if package.startswith(kinds)]


@pytest.fixture(scope="module")
def folder():
    with short_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def postgres(folder):
    needs(missing("postgresql"))
    with PostgresServer(folder / "p") as server:
        yield server


@pytest.fixture(scope="module")
def maria(folder):
    needs(missing("mariadb"))
    with MariaServer(folder / "m") as server:
        yield server


def suite(variable, text):
    done = subprocess.run([SUITE, f"--gtest_filter=*/{variable.lower()}"], text=True, capture_output=True, timeout=120,
                          env={**os.environ, f"SAMSYNK_TEST_{variable}": text})
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert f"[  PASSED  ] {done.stdout.count('[       OK ]')} tests." in done.stdout
    return done.stdout.count("[       OK ]")


def test_the_contract_suite_on_postgresql(postgres):
    postgres.create_database("contract")
    text = f"host={postgres.socket_folder} port={postgres.port} dbname=contract user={postgres.superuser}"
    assert suite("POSTGRESQL", text) >= 14


def test_the_contract_suite_on_mariadb(maria):
    maria.create_database("contract")
    assert suite("MARIADB", f"unix_socket={maria.socket} db=contract user={maria.superuser} charset=utf8mb4") >= 14


class Tryton:
    """Tryton's database, prepared by what the command prints, and a daemon that reaches it with the least rights."""

    def __init__(self, site, server, program):
        self.site, self.server, self.program = site, server, program
        self.secret = site.folder / "database-password"
        self.secret.write_text(PASSWORD + "\n")

    def configure(self, push="false", timeout="5s", **database):
        site, data = self.site, self.site.office.data
        url = f"https://localhost:{site.office.port}"
        place = {"type": "postgresql", "host": "127.0.0.1", "port": self.server.port, "name": self.program.database,
                 "user": USER, "password_file": str(self.secret), **database}
        site.config.write_text(f"""service:
  url: {url}
  ca_file: {data / 'ca.pem'}
  auth: {{issuer: '{url}', client_id: samsynk, client_secret_file: {data / 'client_secret'}}}
sync: {{interval: 1h, push: {push}}}
installations:
  - {{id: tryton, connector: sql, mapping: tryton, database: {json.dumps(place)}, timeout: {timeout}}}
  - {{id: main, connector: folder, path: {site.books}}}
control: {{socket: {site.socket}}}
state: {{directory: {site.folder / 'state'}}}
log: {{format: json}}
""")

    def prepare(self):
        sql = json.loads(self.site.command("installation", "prepare", "tryton").stdout)["sql"]
        self.server.execute(self.program.database, sql, self.program.owner, self.program.password)

    def sql(self, text):
        return self.server.rows(self.program.database, text)

    def choice(self, place, column):
        rows = self.sql(f"SELECT {column} FROM samsynk_preferences WHERE company_id = {place}")
        return rows[0][0] if rows else None


@pytest.fixture(scope="module")
def program(postgres, folder):
    needs(real_programs.tryton_missing())
    postgres.create_user(USER, PASSWORD)
    one = real_programs.Tryton(postgres, folder)
    one.ids = one.add({"name": "Lindqvist Bygg AB", "identifiers": [["se_orgnr", "556016-0680"]]},
                      {"name": "Ekström & Söner AB", "identifiers": [["se_orgnr", "556036-0793"]]})
    return one


@pytest.fixture
def tryton(site, office, postgres, program):
    site.lay("Folder", "5560747569", "I en mapp AB")
    office.add_active(LINDQVIST, "Lindqvist Bygg AB")
    office.add_active(EKSTROM, "Helt Annat Namn AB")
    office.add_active("5560747569", "I en mapp AB")
    one = Tryton(site, postgres, program)
    one.configure()
    yield one
    for table in ("samsynk_preferences", "samsynk_collaboration", "samsynk_installation"):
        one.sql(f"DROP TABLE IF EXISTS {table}; DROP FUNCTION IF EXISTS samsynk_companies()")


def test_a_database_is_prepared_tried_and_synced_both_ways(tryton):
    site, (first, second) = tryton.site, tryton.program.ids[:2]
    site.office.choose(EKSTROM, receive_invoices="yes")
    site.start()
    site.wait_for_run()
    one = json.loads(site.command("installations").stdout)["installations"][0]
    assert one["connector"] == "sql" and one["program"] == "tryton"
    assert one["reason"]["code"] == "installation_offline" and "samsynk" in one["reason"]["message"]
    assert PASSWORD not in json.dumps(one)
    tryton.prepare()
    tried = json.loads(site.command("installation", "test", "tryton").stdout)
    assert tried["well"], tried
    assert tryton.sql("SELECT count(*) FROM samsynk_preferences") == [("0",)], "nothing was changed"
    tryton.sql(f"INSERT INTO samsynk_preferences (company_id, send_all_invoices) VALUES ({first}, true)")
    run = site.sync()
    assert run["counts"]["failed"] == 0, run["problems"]
    assert site.office.record(LINDQVIST)["preferences"]["send_all_invoices"] is True
    assert tryton.choice(second, "receive_invoices") == "t"
    assert tryton.sql(f"SELECT state FROM samsynk_collaboration WHERE company_id = {second}") == [("active",)]
    again = site.sync()
    assert again["counts"]["changed"] == 0
    assert "company.name_mismatch" in (site.folder / "log").read_text()
    one = json.loads(site.command("installations").stdout)["installations"][0]
    assert one["companies"] == 2 and one["problems"] == 0 and one["can"]["write_preferences"]


def test_a_session_that_the_server_ends_while_it_rests_is_made_anew(tryton):
    site, first = tryton.site, tryton.program.ids[0]
    site.start().wait_for_run()
    tryton.prepare()
    for wish, ended in ((True, "idle"), (False, "terminated"), (True, "restarted")):
        if ended == "idle":
            tryton.sql(f"ALTER ROLE \"{USER}\" SET idle_session_timeout = '300ms'")
        elif ended == "restarted":
            tryton.server.stop()
            tryton.server.start()
        tryton.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{USER}'")
        time.sleep(0.7)
        tryton.sql(f"DELETE FROM samsynk_preferences; INSERT INTO samsynk_preferences (company_id, send_all_invoices) "
                   f"VALUES ({first}, {str(wish).lower()})")
        run = site.sync()
        assert (run["offline"], run["counts"]["failed"]) == ([], 0), (ended, run)
        assert site.office.record(LINDQVIST)["preferences"]["send_all_invoices"] is wish
        time.sleep(0.7)
        site.office.choose(LINDQVIST, send_all_invoices="no" if wish else "yes")
        assert site.sync()["counts"]["failed"] == 0
        assert tryton.choice(first, "send_all_invoices") == ("f" if wish else "t"), ended
    tryton.sql(f"ALTER ROLE \"{USER}\" RESET idle_session_timeout")


def test_a_server_that_goes_away_is_offline_and_the_rest_goes_on(tryton):
    site, first = tryton.site, tryton.program.ids[0]
    site.start()
    site.wait_for_run()
    tryton.prepare()
    site.sync()
    site.office.choose(LINDQVIST, receive_invoices="yes")
    site.office.choose("5560747569", receive_invoices="yes")
    tryton.server.kill()
    run = site.sync()
    assert [one["id"] for one in run["offline"]] == ["tryton"]
    assert "receive_invoices: true" in site.file("Folder", "preferences.yaml")
    tryton.server.start()
    run = site.sync()
    assert run["offline"] == [] and tryton.choice(first, "receive_invoices") == "t"


def test_a_restart_in_the_middle_of_a_run_loses_nothing(tryton):
    site, server = tryton.site, tryton.server
    ids = tryton.program.ids
    site.start()
    site.wait_for_run()
    tryton.prepare()
    site.sync()
    wanted = {}
    for turn in range(6):
        value = "yes" if turn % 2 == 0 else "no"
        for number in (LINDQVIST, EKSTROM):
            site.office.choose(number, send_all_invoices=value)
        threads = [threading.Thread(target=site.sync), threading.Thread(target=server.restart)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wanted = {place: "t" if value == "yes" else "f" for place in ids[:2]}

    def settled():
        site.sync()
        return {place: tryton.choice(place, "send_all_invoices") for place in wanted} == wanted
    wait_for(settled, 60)
    for number in (LINDQVIST, EKSTROM):
        assert site.office.record(number)["preferences"]["send_all_invoices"] is False


def test_a_row_that_is_locked_is_waited_for_and_then_busy(tryton):
    site, (first, second) = tryton.site, tryton.program.ids[:2]
    tryton.configure(timeout="1s")
    site.start()
    site.wait_for_run()
    tryton.prepare()
    tryton.sql(f"INSERT INTO samsynk_preferences (company_id, receive_invoices) VALUES ({first}, false)")
    site.sync()
    for number in (LINDQVIST, EKSTROM):
        site.office.choose(number, receive_invoices="yes")
    holder = subprocess.Popen(["psql", "-X", "-q", "-h", tryton.server.socket_folder, "-p", str(tryton.server.port), "-U",
                               "postgres", tryton.program.database], stdin=subprocess.PIPE, text=True)
    holder.stdin.write(f"BEGIN; UPDATE samsynk_preferences SET changed_at = now() WHERE company_id = {first};\n")
    holder.stdin.flush()
    wait_for(lambda: tryton.sql("SELECT 1 FROM pg_stat_activity WHERE state = 'idle in transaction' AND query LIKE "
                                "'%changed_at%'"))
    run = site.sync()
    problem = {company["company"]: company["reason"]["code"] for company in run["problems"]}
    assert problem == {LINDQVIST: "busy"}
    assert tryton.choice(second, "receive_invoices") == "t", "the others were written in the same batch"
    holder.stdin.close()
    holder.wait(timeout=20)
    site.sync()
    assert tryton.choice(first, "receive_invoices") == "t"


def test_their_choice_stands_when_both_change_at_once(tryton):
    """People choose in the program while the daemon writes: every value that stands was chosen by someone."""
    site, first = tryton.site, tryton.program.ids[0]
    site.start()
    site.wait_for_run()
    tryton.prepare()
    tryton.sql(f"INSERT INTO samsynk_preferences (company_id, send_all_invoices) VALUES ({first}, false)")
    site.sync()
    for turn in range(10):
        mine = "true" if turn % 2 == 0 else "false"
        other = threading.Thread(target=site.sync)
        other.start()
        tryton.sql(f"UPDATE samsynk_preferences SET send_all_invoices = {mine} WHERE company_id = {first}")
        other.join()
        site.sync()
        assert tryton.choice(first, "send_all_invoices") == mine[0]
        assert str(site.office.record(LINDQVIST)["preferences"]["send_all_invoices"]).lower() == mine


def test_a_wrong_password_is_said_and_not_shown(tryton):
    site = tryton.site
    tryton.secret.write_text("entirely wrong\n")
    site.start()
    site.wait_for_run()
    one = json.loads(site.command("installations").stdout)["installations"][0]
    assert "authentication" in one["reason"]["message"]
    told = json.dumps(one) + (site.folder / "log").read_text()
    assert "entirely wrong" not in told and PASSWORD not in told


def test_what_is_written_in_the_program_is_looked_for_between_the_runs(tryton):
    site, first = tryton.site, tryton.program.ids[0]
    tryton.configure(push="true")
    site.start()
    site.wait_for_run()
    tryton.prepare()
    site.sync()
    wait_for(lambda: json.loads(site.command("installations").stdout)["installations"][0]["watching"] == "looking")
    tryton.sql(f"INSERT INTO samsynk_preferences (company_id, receive_invoices) VALUES ({first}, true)")
    began = time.monotonic()
    wait_for(lambda: site.office.record(LINDQVIST)["preferences"]["receive_invoices"] is True, 30)
    assert time.monotonic() - began < 25
