"""A small made-up program's database behind a real ODBC driver, on PostgreSQL and on SQLite."""
import sqlite3

from database_servers import odbc_driver
from mapping_sides import PASSWORD, USER

SOURCE = "böcker"  # what the data source is called
TABLES = """
CREATE TABLE company (id INTEGER PRIMARY KEY, orgnr VARCHAR(20), name TEXT);
CREATE TABLE choice (company INTEGER PRIMARY KEY, send BOOLEAN, receive BOOLEAN);
CREATE TABLE told (company INTEGER PRIMARY KEY, office TEXT, assignment TEXT, state TEXT, revision VARCHAR(20));
CREATE TABLE marker (word VARCHAR(200));
"""
MAPPING = """program: made-up
databases: [odbc]
companies: |
  SELECT CAST(c.id AS VARCHAR(20)) AS place, c.orgnr AS number, c.name, x.send AS send_all_invoices,
         x.receive AS receive_invoices, t.revision AS collaboration_revision
    FROM company c LEFT JOIN choice x ON x.company = c.id LEFT JOIN told t ON t.company = c.id
write_send_all_invoices:{send}
write_receive_invoices:{receive}
write_collaboration:
  - UPDATE told SET office = :office_name, assignment = :assignment, state = :state, revision = :collaboration_revision
    WHERE company = CAST(:place AS INTEGER)
  - INSERT INTO told (company, office, assignment, state, revision)
    SELECT id, :office_name, :assignment, :state, :collaboration_revision FROM company WHERE id = CAST(:place AS INTEGER)
marker: SELECT word FROM marker
write_marker:
  - UPDATE marker SET word = :marker
  - INSERT INTO marker (word) VALUES (:marker)
"""
WRITE = """
  - UPDATE choice SET {column} = CAST(:to AS {boolean}) WHERE company = CAST(:place AS INTEGER)
    AND {column} {same} CAST(:from AS {boolean})
  - INSERT INTO choice (company, {column}) SELECT id, CAST(:to AS {boolean}) FROM company
    WHERE id = CAST(:place AS INTEGER) AND CAST(:from AS {boolean}) IS NULL
    AND NOT EXISTS (SELECT 1 FROM choice WHERE company = CAST(:place AS INTEGER))"""


class Books:
    """Looked into without ODBC."""
    user, password = "", ""

    def mapping(self):
        return MAPPING.format(**{column: WRITE.format(column=column, same=self.same, boolean=self.boolean)
                                 for column in ("send", "receive")})

    def source(self, name=SOURCE, **settings):
        all_settings = {"Driver": odbc_driver(self.driver), **self.settings(), **settings}
        return f"[{name}]\n" + "".join(f"{key}={value}\n" for key, value in all_settings.items())

    def make(self):
        self.sql(TABLES)

    def choice(self, place, column):
        rows = self.sql(f"SELECT {column} FROM choice WHERE company = {place}")
        return {None: None, "t": True, "f": False, "1": True, "0": False}[rows[0][0]] if rows else None


class PostgresBooks(Books):
    user, password = USER, PASSWORD
    same, boolean = "IS NOT DISTINCT FROM", "BOOLEAN"

    def __init__(self, server, database, driver):
        self.server, self.database, self.driver = server, database, driver

    def settings(self):
        return {"Servername": "127.0.0.1", "Port": self.server.port, "Database": self.database}

    def make(self):
        self.server.create_database(self.database)
        super().make()
        self.sql(f'GRANT SELECT ON company TO "{USER}"; GRANT SELECT, INSERT, UPDATE ON choice, told, marker TO "{USER}"; '
                 f'GRANT CREATE ON SCHEMA public TO "{USER}"')

    def sql(self, text):
        return self.server.rows(self.database, text)


class SqliteBooks(Books):
    driver, same, boolean = "libsqlite3odbc.so", "IS", "INTEGER"

    def __init__(self, path):
        self.path = path

    def settings(self):
        return {"Database": self.path, "Timeout": 3000}

    def sql(self, text):
        session = sqlite3.connect(self.path, timeout=10)
        try:
            if ";" in text.rstrip("; \n"):
                session.executescript(text)
                return []
            rows = [tuple(None if value is None else str(value) for value in row) for row in session.execute(text)]
            session.commit()
            return rows
        finally:
            session.close()
