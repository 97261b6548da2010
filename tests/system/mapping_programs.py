"""Fixtures: the programs that there are mappings for, each with its companies and what Samsynk's user must not do."""
import pytest

import database_servers
import program_tables
import real_programs
from database_servers import MariaServer, PostgresServer, needs, short_folder
from mapping_sides import PASSWORD, USER, MariaSide, PostgresSide, SqliteSide

AKERIET, EKSTROM, KOMMUNEN, FORENINGEN = "556016-0680", "556036-0793", "212000-0142", "802002-4280"
A_PERSON = "550101-1232"  # an invented one, as every form of the authorities has it


@pytest.fixture(scope="module")
def folder():
    with short_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def postgres(folder):
    needs([package for package in database_servers.missing() if package.startswith("postgresql")])
    with PostgresServer(folder / "p") as server:
        server.create_user(USER, PASSWORD)
        yield server


@pytest.fixture(scope="module")
def tryton(postgres, folder):
    needs(real_programs.tryton_missing())
    program = real_programs.Tryton(postgres, folder)
    ids = program.add({"name": "Ångströms Åkeri AB",
                       "identifiers": [["se_vat", "SE556016068001"], ["se_orgnr", AKERIET]]},
                      {"name": "Örebro Kommun", "identifiers": [["se_orgnr", KOMMUNEN]]},
                      {"name": "Nilsson Snickeri", "identifiers": [["se_personnummer", A_PERSON]]},
                      {"name": "Bara Moms AB", "identifiers": [["se_vat", "SE556036079301"]]},
                      {"name": "Nedlagda AB", "identifiers": [["se_orgnr", EKSTROM]], "active": False})
    side = PostgresSide("tryton", postgres, program.database, (program.owner, program.password))
    side.program = program
    numbers = (AKERIET, KOMMUNEN, A_PERSON, None)
    names = ("Ångströms Åkeri AB", "Örebro Kommun", "Nilsson Snickeri", "Bara Moms AB")
    side.expected = {str(place): (number, name) for place, number, name in zip(ids, numbers, names)}
    side.forbidden = TRYTON_FORBIDS
    return side


TRYTON_FORBIDS = ["SELECT name FROM party_party", "SELECT id FROM company_company",
                  "SELECT code FROM party_identifier", "SELECT * FROM res_user",
                  "UPDATE party_party SET name = 'x'", "DELETE FROM company_company",
                  "INSERT INTO company_company (party) VALUES (1)"]


def in_postgres(postgres, mapping, database, tables):
    """A database of a program that is not here, with its own owner."""
    owner = (f"{database}-owner", "owns-it")
    postgres.create_user(*owner)
    postgres.create_database(database, owner[0])
    side = PostgresSide(mapping, postgres, database, owner)
    side.as_owner(tables)
    return side


@pytest.fixture(scope="module")
def tryton_newer(postgres):
    """Each company: what it is called, the number that counts, and its identifiers: type, code, active, of an address."""
    companies = [("Nytt Nummer AB", AKERIET, [("se_orgnr", KOMMUNEN, False, False), ("se_orgnr", AKERIET, True, False)]),
                 ("Bara Avaktiverat AB", None, [("se_orgnr", EKSTROM, False, False)]),
                 ("Enskild Numera", A_PERSON, [("se_orgnr", EKSTROM, False, False),
                                               ("se_personnummer", A_PERSON, True, False)]),
                 ("Med Arbetsställe AB", FORENINGEN, [("se_orgnr", EKSTROM, True, True),
                                                      ("se_orgnr", FORENINGEN, True, False)]),
                 ("Bara Arbetsställe AB", None, [("se_orgnr", EKSTROM, True, True)])]
    side = in_postgres(postgres, "tryton", "tryton_newer", program_tables.TRYTON_NEWER)
    for at, (name, _, identifiers) in enumerate(companies, 1):
        side.as_owner(f"INSERT INTO party_party (id, name) VALUES ({at}, '{name}');"
                      f"INSERT INTO party_address (id, party) VALUES ({at}, {at});"
                      f"INSERT INTO company_company (id, party) VALUES ({at}, {at});")
        for kind, code, active, of_address in identifiers:
            side.as_owner("INSERT INTO party_identifier (party, address, type, code, active) "
                          f"VALUES ({at}, {at if of_address else 'NULL'}, '{kind}', '{code}', {active});")
    side.expected = {str(at): (number, name) for at, (name, number, _) in enumerate(companies, 1)}
    side.forbidden = TRYTON_FORBIDS
    return side


@pytest.fixture(scope="module")
def ledgersmb(postgres):
    needs([] if real_programs.ledgersmb_sql() else ["ledgersmb's files (real_programs.py fetch)"])
    program = real_programs.LedgerSmb(postgres, "ekstroms_bygg")
    assert "ERROR" not in program.said
    program.company("Ekströms Bygg AB", EKSTROM)
    side = PostgresSide("ledgersmb", postgres, program.database, (program.owner, program.password))
    side.program, side.expected = program, {"company": (EKSTROM, "Ekströms Bygg AB")}
    side.forbidden = ["SELECT value FROM defaults", "UPDATE defaults SET value = 'x'", "SELECT * FROM entity",
                      "SELECT * FROM users", "DELETE FROM defaults", "SELECT * FROM setting_get('company_name')"]
    return side


@pytest.fixture(scope="module")
def gnucash(folder):
    path = folder / "bok.gnucash"
    real_programs.gnucash_book(path, "Föreningen Älvdals Båtklubb", FORENINGEN)
    side = SqliteSide("gnucash", path)
    [(place,)] = side.as_owner("SELECT guid FROM books")
    side.expected, side.forbidden = {place: (FORENINGEN, "Föreningen Älvdals Båtklubb")}, []
    return side


@pytest.fixture(scope="module")
def maria(folder):
    needs([package for package in database_servers.missing() if package.startswith("mariadb")])
    with MariaServer(folder / "m") as server:
        server.create_database("bokföring")
        server.create_user(USER, PASSWORD)
        server.execute("bokföring", "CREATE TABLE company (id INT AUTO_INCREMENT PRIMARY KEY, orgnr VARCHAR(20), "
                                    "name VARCHAR(100), balance INT);"
                                    "CREATE TABLE customer (id INT PRIMARY KEY, name VARCHAR(100));"
                                    "INSERT INTO company (orgnr, name) VALUES "
                                    f"('{AKERIET}', 'Ångströms Åkeri AB'), (NULL, 'Ärlan HB')")
        side = MariaSide("example-mariadb", server, "bokföring")
        side.expected = {"1": (AKERIET, "Ångströms Åkeri AB"), "2": (None, "Ärlan HB")}
        side.forbidden = ["SELECT balance FROM company", "SELECT * FROM customer", "UPDATE company SET name = 'x'",
                          "DELETE FROM company", "INSERT INTO company (name) VALUES ('x')"]
        yield side
