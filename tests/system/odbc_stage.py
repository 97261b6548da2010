"""A daemon that reaches a made-up program's books by a data source. Its tests import the fixtures."""
import itertools
import json
import os

import pytest

from conftest import EKSTROM, LINDQVIST
from database_servers import PostgresServer, missing, needs, odbc_missing, short_folder
from mapping_sides import PASSWORD, USER
from odbc_books import SOURCE, PostgresBooks, SqliteBooks

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
