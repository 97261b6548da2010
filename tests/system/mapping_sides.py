"""A mapping on a real program's database, used as the connector uses it, by the user with no more than its grants."""
import pathlib
import re
import sqlite3

import yaml

MAPPINGS = pathlib.Path(__file__).resolve().parents[2] / "config/mappings"
COLUMNS = ("place", "number", "name", "send_all_invoices", "receive_invoices", "collaboration_revision")
USER, PASSWORD = "samsynk-läser", "only-for-this"
PARAMETER = re.compile(r"'[^']*'|::|:([A-Za-z_]\w*)")


def statements_of(script):
    """As the connector takes a script apart: a statement ends with a semicolon at a line's end."""
    lines = [line.rstrip() for line in script.splitlines() if line.strip() and not line.strip().startswith("--")]
    text = "\n".join(lines) + "\n"
    return [part for part in re.split(r";\n", text) if part.strip()]


class Side:
    """`change` runs one statement with its parameters and returns how many rows it changed."""

    def __init__(self, name):
        self.file = MAPPINGS / f"{name}.yaml"
        self.mapping = yaml.safe_load(self.file.read_text())

    def companies(self, place=None):
        sql = f"SELECT {', '.join(COLUMNS)} FROM ({self.mapping['companies']}\n) samsynk_companies"
        return {row[0]: row[1:] for row in self.rows(sql + (" WHERE place = :wanted" if place else ""), wanted=place)}

    def write(self, key, **values):
        """The changes by each attempt, until one changed a row."""
        counts = []
        for statement in self.mapping[key]:
            counts.append(self.change(statement, **values))
            if counts[-1]:
                break
        return counts

    def marks(self):
        return [row[0] for row in self.rows(self.mapping["marker"])]

    def prepare(self):
        self.as_owner_all(statements_of(self.mapping["prepare"]))

    def grant(self):
        self.as_owner_all(statement.replace("{user}", self.quote + USER + self.quote)
                          for statement in statements_of(self.mapping.get("grants", "")))

    def as_owner_all(self, statements):
        """In one session, as psql has it and `--apply` does."""
        self.as_owner("".join(statement + ";\n" for statement in statements))


class PostgresSide(Side):
    quote, kind = '"', "postgresql"

    def __init__(self, name, server, database, owner):
        super().__init__(name)
        self.server, self.database, self.owner = server, database, owner

    def as_owner(self, sql):
        return self.server.execute(self.database, sql, *self.owner)

    def as_user(self, sql):
        return self.server.rows(self.database, sql, USER, PASSWORD)

    def _run(self, sql, values):
        # As SOCI does: each place of a parameter is one of its own, and the server finds the type.
        given = []

        def place(match):
            if not match.group(1):
                return match.group(0)
            given.append(values[match.group(1)])
            return f"${len(given)}"

        text = PARAMETER.sub(place, sql)
        kinds = f"({', '.join(['unknown'] * len(given))})" if given else ""
        literals = ", ".join("NULL" if value is None else "'" + value.replace("'", "''") + "'" for value in given)
        return f"PREPARE one{kinds} AS {text};\nEXECUTE one{f'({literals})' if given else ''};\n"

    def rows(self, sql, **values):
        return self.as_user(self._run(sql, values))

    def change(self, sql, **values):
        return int(self.as_user(self._run(sql, values) + "\\echo :ROW_COUNT\n")[-1][0])


class MariaSide(Side):
    quote, kind, owner = "`", "mariadb", ("admin", "may-do-all")
    # As the connector sets it.
    mode = "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO';\n"

    def __init__(self, name, server, database):
        super().__init__(name)
        self.server, self.database = server, database

    def as_owner(self, sql):
        return self.server.execute(self.database, sql)

    def as_user(self, sql):
        return self.server.rows(self.database, self.mode + sql, USER, PASSWORD)

    @staticmethod
    def _literal(value):
        return "NULL" if value is None else "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"

    # As SOCI does: MariaDB gets the values within the statement.
    def _run(self, sql, values):
        return PARAMETER.sub(lambda match: self._literal(values[match.group(1)]) if match.group(1) else match.group(0),
                             sql) + ";\n"

    def rows(self, sql, **values):
        return self.as_user(self._run(sql, values))

    def change(self, sql, **values):
        return int(self.as_user(self._run(sql, values) + "SELECT ROW_COUNT();\n")[-1][0])


class SqliteSide(Side):
    def __init__(self, name, path):
        super().__init__(name)
        self.path = path

    def _session(self, sql, values=()):
        session = sqlite3.connect(self.path, isolation_level=None)
        try:
            cursor = session.execute(sql, values)
            return [tuple(None if value is None else str(value) for value in row) for row in cursor], cursor.rowcount
        finally:
            session.close()

    def as_owner(self, sql):
        return self._session(sql)[0]

    as_user = as_owner

    def as_owner_all(self, statements):
        for statement in statements:
            self.as_owner(statement)

    def busy(self):
        """Asked so that no lock is taken, as a lock may cost what the program is about to save."""
        session = sqlite3.connect(f"file:{self.path}?immutable=1", uri=True)
        try:
            return bool(session.execute(self.mapping["busy"]).fetchall())
        finally:
            session.close()

    def rows(self, sql, **values):
        return self._session(sql, values)[0]

    def change(self, sql, **values):
        return self._session(sql, values)[1]
