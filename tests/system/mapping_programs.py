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
def ledgersmb_elsewhere(postgres):
    """In a schema of its owner's name, so that it comes before public, with what a migration left beside it."""
    side = in_postgres(postgres, "ledgersmb", "ledgersmb", program_tables.LEDGERSMB.format("ledgersmb-owner"))
    side.as_owner("CREATE SCHEMA lsmb13 CREATE TABLE defaults (setting_key text PRIMARY KEY, value text);")
    for schema, number in (("ledgersmb-owner", EKSTROM), ("lsmb13", KOMMUNEN)):
        side.as_owner(f"""INSERT INTO "{schema}".defaults VALUES ('company_name', 'Ekströms Bygg AB'), """
                      f"('businessnumber', '{number}'), ('smtp_password', 'secret');")
    side.expected = {"company": (EKSTROM, "Ekströms Bygg AB")}
    side.forbidden = ["""SELECT value FROM "ledgersmb-owner".defaults""", "SELECT value FROM lsmb13.defaults",
                      """UPDATE "ledgersmb-owner".defaults SET value = 'x'"""]
    return side


@pytest.fixture(scope="module")
def gnucash(folder):
    path = folder / "bok.gnucash"
    real_programs.gnucash_book(path, "Föreningen Älvdals Båtklubb", FORENINGEN)
    side = SqliteSide("gnucash", path)
    [(place,)] = side.as_owner("SELECT guid FROM books")
    side.expected, side.forbidden = {place: (FORENINGEN, "Föreningen Älvdals Båtklubb")}, []
    return side


def odoo_companies(side, registry, branches):
    """`registry`: where the number stands, with {} for it. Returns what must be found."""
    side.as_owner("INSERT INTO res_partner (id, name, vat) VALUES (1, 'A', 'SE556016068001'), (2, 'B', NULL), "
                  "(3, 'C', '/'), (4, 'D', ' SE556036079301 '), (5, 'E', 'SE212000014201'), (6, 'Kund', 'SE1');"
                  "INSERT INTO res_company (id, name, partner_id) VALUES (1, 'Ångströms Åkeri AB', 1), "
                  "(2, 'Utan Nummer AB', 2), (3, 'Utan Moms AB', 3), (4, 'Bara Moms AB', 4), (5, 'Filialen', 5);")
    expected = {"1": ("SE556016068001", "Ångströms Åkeri AB"), "2": (None, "Utan Nummer AB"),
                "3": (None, "Utan Moms AB"), "4": ("SE556036079301", "Bara Moms AB"),
                "5": ("SE212000014201", "Filialen")}
    if registry:
        side.as_owner(f"UPDATE res_partner SET {registry.format(AKERIET)} WHERE id = 1;"
                      f"UPDATE res_partner SET {registry.format(' ')} WHERE id = 4;")
        expected["1"] = (AKERIET, expected["1"][1])
    if branches is not None:
        side.as_owner("UPDATE res_company SET active = true, parent_id = CASE id WHEN 5 THEN 1 END;"
                      "INSERT INTO res_company (id, name, partner_id, active) VALUES (6, 'Arkiverat AB', 6, false);")
        del expected["5"]
    if branches:
        side.as_owner("UPDATE res_company SET parent_path = CASE id WHEN 5 THEN '1/5/' ELSE id || '/' END;")
    return expected


@pytest.fixture(scope="module")
def odoo(postgres):
    side = in_postgres(postgres, "odoo", "odoo", program_tables.ODOO_17)
    side.expected = odoo_companies(side, "company_registry = '{}'", True)
    side.forbidden = ["SELECT name FROM res_company", "SELECT vat FROM res_partner", "SELECT * FROM res_users",
                      "UPDATE res_company SET name = 'x'", "UPDATE res_partner SET vat = 'x'",
                      "DELETE FROM res_company", "INSERT INTO res_company (name, partner_id) VALUES ('x', 1)"]
    return side


ERPNEXT = ("INSERT INTO {} (name, company_name, abbr, tax_id, is_group) VALUES "
           f"('Ångströms Åkeri AB', 'Ångströms Åkeri AB', 'ÅÅ', '{AKERIET}', 0), "
           "('Ärlan HB', 'Ärlan HB', 'Ärl', NULL, 0), ('Tom AB', 'Tom AB', 'T', ' ', 0), "
           f"('Koncernen', 'Koncernen', 'K', '{KOMMUNEN}', 1);")
ERPNEXT_EXPECTED = {"ÅÅ": (AKERIET, "Ångströms Åkeri AB"), "Ärl": (None, "Ärlan HB"), "T": (None, "Tom AB")}


@pytest.fixture(scope="module")
def erpnext_postgresql(postgres):
    side = in_postgres(postgres, "erpnext-postgresql", "erpnext", program_tables.ERPNEXT_POSTGRESQL)
    side.as_owner(ERPNEXT.format('"tabCompany"'))
    side.expected = ERPNEXT_EXPECTED
    side.forbidden = ['SELECT abbr FROM "tabCompany"', 'SELECT * FROM "__Auth"', 'DELETE FROM "tabCompany"',
                      """UPDATE "tabCompany" SET tax_id = 'x'""", """INSERT INTO "tabCompany" (name) VALUES ('x')"""]
    return side


@pytest.fixture(scope="module")
def erpnext(maria_server):
    maria_server.create_database("erpnext")
    side = MariaSide("erpnext", maria_server, "erpnext")
    side.as_owner(program_tables.ERPNEXT_MARIADB + ERPNEXT.format("tabCompany"))
    side.expected = ERPNEXT_EXPECTED
    side.forbidden = ["SELECT name FROM tabCompany", "SELECT credit_limit FROM tabCompany", "SELECT * FROM __Auth",
                      "DELETE FROM tabCompany", "UPDATE tabCompany SET tax_id = 'x'",
                      "INSERT INTO tabCompany (name) VALUES ('x')"]
    return side


DOLIBARR = ("INSERT INTO llx_const (entity, name, value) VALUES "
            "(1, 'MAIN_INFO_SOCIETE_NOM', 'Ångströms Åkeri AB'), (1, 'MAIN_INFO_TVAINTRA', 'SE556016068001'), "
            f"(1, 'MAIN_INFO_SIREN', '{AKERIET}'), (1, 'MAIN_MAIL_SMTPS_PW', 'secret'), "
            "(2, 'MAIN_INFO_SOCIETE_NOM', 'Bara Moms AB'), (2, 'MAIN_INFO_SIREN', ' '), "
            "(2, 'MAIN_INFO_TVAINTRA', 'SE556036079301'), (3, 'MAIN_INFO_SOCIETE_NOM', 'Ärlan HB'), "
            f"(4, 'MAIN_INFO_SIREN', '{KOMMUNEN}'), (0, 'MAIN_INFO_SIREN', '{EKSTROM}'), "
            "(5, 'MAIN_MAIL_SMTPS_PW', 'secret');")
DOLIBARR_EXPECTED = {"1": (AKERIET, "Ångströms Åkeri AB"), "2": ("SE556036079301", "Bara Moms AB"),
                     "3": (None, "Ärlan HB"), "4": (KOMMUNEN, None)}
DOLIBARR_FORBIDS = ["SELECT value FROM llx_const", "SELECT name FROM llx_const", "SELECT * FROM llx_user",
                    "UPDATE llx_const SET value = 'x'", "DELETE FROM llx_const",
                    "INSERT INTO llx_const (name, value) VALUES ('x', 'x')"]


@pytest.fixture(scope="module")
def dolibarr_postgresql(postgres):
    side = in_postgres(postgres, "dolibarr-postgresql", "dolibarr", program_tables.DOLIBARR_POSTGRESQL)
    side.as_owner(DOLIBARR)
    side.expected, side.forbidden = DOLIBARR_EXPECTED, DOLIBARR_FORBIDS
    return side


@pytest.fixture(scope="module")
def dolibarr(maria_server):
    maria_server.create_database("dolibarr")
    side = MariaSide("dolibarr", maria_server, "dolibarr")
    side.as_owner(program_tables.DOLIBARR_MARIADB + DOLIBARR)
    side.expected = DOLIBARR_EXPECTED
    side.forbidden = DOLIBARR_FORBIDS + ["SHOW CREATE VIEW samsynk_companies", "DROP VIEW samsynk_companies",
                                         "DELETE FROM samsynk_companies"]
    return side


@pytest.fixture(scope="module")
def maria_server(folder):
    needs([package for package in database_servers.missing() if package.startswith("mariadb")])
    with MariaServer(folder / "m") as server:
        server.create_user(USER, PASSWORD)
        server.create_user(*MariaSide.owner)
        server.execute("mysql", f"GRANT ALL ON *.* TO {MariaSide.owner[0]} WITH GRANT OPTION")
        yield server


@pytest.fixture(scope="module")
def maria(maria_server):
    server = maria_server
    server.create_database("bokföring")
    server.execute("bokföring", "CREATE TABLE company (id INT AUTO_INCREMENT PRIMARY KEY, orgnr VARCHAR(20), "
                                "name VARCHAR(100), balance INT);"
                                "CREATE TABLE customer (id INT PRIMARY KEY, name VARCHAR(100));"
                                "INSERT INTO company (orgnr, name) VALUES "
                                f"('{AKERIET}', 'Ångströms Åkeri AB'), (NULL, 'Ärlan HB')")
    side = MariaSide("example-mariadb", server, "bokföring")
    side.expected = {"1": (AKERIET, "Ångströms Åkeri AB"), "2": (None, "Ärlan HB")}
    side.forbidden = ["SELECT balance FROM company", "SELECT * FROM customer", "UPDATE company SET name = 'x'",
                      "DELETE FROM company", "INSERT INTO company (name) VALUES ('x')"]
    return side
