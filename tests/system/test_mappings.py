"""The mappings that come with Samsynk, on the databases of the programs that they are for."""
import contextlib
import json
import sqlite3

import pytest

import program_tables
import real_programs
from database_servers import ServerError
from mapping_programs import (A_PERSON, AKERIET, EKSTROM, FORENINGEN, KOMMUNEN, dolibarr,  # noqa: F401
                              dolibarr_postgresql, erpnext, erpnext_postgresql, folder, gnucash, in_postgres,
                              ledgersmb, ledgersmb_elsewhere, maria, maria_server, odoo, odoo_companies,
                              postgres, tryton, tryton_newer)
from mapping_sides import PASSWORD, USER, PostgresSide, SqliteSide

REVISION = "00f00ba4deadbeef"
COLLABORATION = {
    "company": "5560160680", "name": "Ångströms Åkeri & Söner AB", "function_active": "1", "state": "active",
    "awaiting": None, "office_company": "5560360793", "office_name": "Byrå \"O'Hara\" \\ 100 % :-) 🙂",
    "assignment": "Löpande bokföring", "invoice_recipient": "office", "payee": None,
    "invited_at": "2026-03-01T08:00:00Z", "approved_at": "2026-03-02T09:30:00Z", "ends_on": None, "ended_at": None,
    "registration": "registered", "registration_operator": None, "sending_in_effect": "1", "receiving_in_effect": "0",
    "collaboration_revision": REVISION}
REFUSED = ("denied", "must be owner")


def needs_gnucash():
    """Not in CI either: it brings 170 packages. The book that it made is tested everywhere."""
    if missing := real_programs.gnucash_missing():
        pytest.skip(f"not installed: {', '.join(missing)}")


def passes_luhn(number):
    digits = [int(c) for c in number if c.isdigit()]
    return len(digits) == 10 and sum(d if i % 2 else d * 2 - 9 * (d > 4) for i, d in enumerate(digits)) % 10 == 0


def test_the_numbers_of_these_tests_are_valid():
    assert all(map(passes_luhn, (AKERIET, EKSTROM, KOMMUNEN, FORENINGEN, A_PERSON)))
    assert not passes_luhn("556016-0681")


@pytest.fixture(scope="module", params=["tryton", "tryton_newer", "odoo", "ledgersmb", "ledgersmb_elsewhere",
                                        "gnucash", "erpnext", "erpnext_postgresql", "dolibarr", "dolibarr_postgresql", "maria"])
def side(request):
    side = request.getfixturevalue(request.param)
    for _ in range(2):
        side.prepare()
        side.grant()
    return side


@pytest.fixture
def place(side):
    """A company that nobody has chosen anything for."""
    for table in ("samsynk_preferences", "samsynk_collaboration", "samsynk_installation"):
        side.as_owner(f"DELETE FROM {table};\n")
    return next(iter(side.expected))


def choices(side, place):
    words = {"t": True, "1": True, "f": False, "0": False, None: None}
    return [words[value] for value in side.companies(place)[place][2:4]]


def test_the_companies_are_listed_with_number_and_name(side, place):
    assert side.companies() == {place: (*known, None, None, None) for place, known in side.expected.items()}
    assert side.companies(place) == {place: (*side.expected[place], None, None, None)}
    assert side.companies("999999") == {}


@pytest.mark.parametrize("one", [0, 1])
def test_a_choice_is_written_where_it_still_is_as_it_was(side, place, one):
    write = [lambda old, new, key=key: side.write(key, place=place, **{"from": old}, to=new)
             for key in ("write_send_all_invoices", "write_receive_invoices")]
    this, other = write[one], write[1 - one]
    now = lambda: choices(side, place)[::-1 if one else 1]
    assert this("1", "0") == [0, 0] == this("0", "1")  # not chosen is neither
    assert this(None, "1") == [0, 1]
    assert now() == [True, None]
    assert this(None, "0") == [0, 0] == this("0", "1")
    assert now() == [True, None]
    assert this("1", "0") == [1]
    assert this("1", "0") == [0, 0]
    assert other(None, "1") == [1]  # the row is there by now
    assert other("1", "1") == [1]  # the same again counts too
    assert now() == [False, True]
    assert this("0", None) == [1]
    assert now() == [None, True]
    assert all(row[2:4] == (None, None) for other, row in side.companies().items() if other != place)


def test_nothing_but_true_false_and_not_chosen_fits(side, place):
    side.write("write_send_all_invoices", place=place, **{"from": None}, to="1")
    for wrong in ("7", "ja", ""):
        with pytest.raises((ServerError, sqlite3.Error)):
            side.write("write_send_all_invoices", place=place, **{"from": "1"}, to=wrong)
    assert choices(side, place) == [True, None]


def test_a_collaboration_is_written_and_written_over(side, place):
    assert side.write("write_collaboration", place=place, **COLLABORATION) == [0, 1]
    assert side.companies(place)[place][4] == REVISION
    assert side.write("write_collaboration", place=place, **COLLABORATION) == [1]
    ended = COLLABORATION | {"state": "ended", "ended_at": "2026-06-30T22:00:00Z", "sending_in_effect": "0",
                             "collaboration_revision": "2"}
    assert side.write("write_collaboration", place=place, **ended) == [1]
    assert side.companies(place)[place][4] == "2"
    names = {"company": "organisation_number", "office_company": "office_number"}
    if "k.told" in side.mapping["companies"]:  # tables that were made before it was called so
        names["collaboration_revision"] = "told"
    told = side.as_owner(f"SELECT {', '.join(names.get(key, key) for key in ended)} FROM samsynk_collaboration;\n")
    if not isinstance(side, SqliteSide):
        told = [told.rstrip("\n").split("\t")]
    flags = {"t": "1", "f": "0", "\\N": None}
    assert [flags.get(value, value).replace("\\\\", "\\") if value not in (None, "\\N") else None
            for value in told[0]] == list(ended.values())


def test_a_mark_is_left_once(side, place):
    assert side.marks() == []
    assert side.write("write_marker", marker="one") == [1]
    assert side.write("write_marker", marker="another") == [0]
    assert side.marks() == ["one"]


def test_preparing_again_takes_nothing_away(side, place):
    side.write("write_receive_invoices", place=place, **{"from": None}, to="0")
    side.write("write_marker", marker="one")
    side.prepare()
    assert choices(side, place) == [None, False] and side.marks() == ["one"]


def test_the_user_may_do_nothing_else(side, place):
    if isinstance(side, SqliteSide):
        pytest.skip("a file knows no users")
    ours = [f"DELETE FROM samsynk_{table}" for table in ("preferences", "collaboration", "installation")]
    keys = ["UPDATE samsynk_installation SET mark = 'x'", "SELECT office_name FROM samsynk_collaboration",
            "DROP TABLE samsynk_preferences", "ALTER TABLE samsynk_preferences ADD x integer",
            "CREATE TABLE x (y integer)"]
    for sql in side.forbidden + ours + keys:
        with pytest.raises(ServerError) as refusal:
            side.as_user(sql + ";\n")
        assert any(word in str(refusal.value) for word in REFUSED), (sql, refusal.value)


def configure(site, side, user, password):
    secret = site.folder / "database-password"
    secret.write_text(password)
    place = {"type": side.kind, "host": "127.0.0.1", "port": side.server.port, "name": side.database, "user": user,
             "password_file": str(secret)}
    text = site.config.read_text()
    site.config.write_text(text[:text.index("installations:")] + f"""installations:
  - {{id: program, connector: sql, mapping: {side.file}, database: {json.dumps(place)}}}
""" + text[text.index("control:"):])


@pytest.mark.parametrize("database", ["tryton_newer", "odoo", "ledgersmb_elsewhere", "erpnext", "erpnext_postgresql",
                                      "dolibarr", "dolibarr_postgresql"])
def test_the_daemon_prepares_tries_and_syncs(request, site, office, database):
    side = request.getfixturevalue(database)
    place, (number, name) = next(iter(side.expected.items()))
    number = number.replace("-", "")
    office.add_active(number, name)
    office.choose(number, receive_invoices="yes")
    for table in ("preferences", "collaboration", "installation"):
        side.as_owner(f"DROP TABLE IF EXISTS samsynk_{table};")
    configure(site, side, *side.owner)
    site.start()
    applied = site.command("installation", "prepare", "program", "--apply")
    assert applied.returncode == 0, applied.stderr
    configure(site, side, USER, PASSWORD)
    assert site.command("reload").returncode == 0
    side.server.execute(side.database, json.loads(site.command("installation", "prepare", "program").stdout)["sql"],
                        *side.owner)
    tried = json.loads(site.command("installation", "test", "program").stdout)
    wrong = [one["reason"]["code"] for one in tried["tried"] if one["reason"]]
    without = [place for place, (number, _) in side.expected.items() if number is None]
    assert wrong == ["missing_number"][:len(without)], tried  # the first of them is told
    side.write("write_send_all_invoices", place=place, **{"from": None}, to="1")
    run = site.sync()
    assert office.record(number)["preferences"]["send_all_invoices"] is True, run
    assert choices(side, place) == [True, True]
    assert site.sync()["counts"]["changed"] == 0
    companies = json.loads(site.command("companies").stdout)["companies"]
    assert {one["place"] for one in companies if (one["reason"] or {}).get("code") == "missing_number"} == set(without)


def test_tryton_a_company_with_two_numbers_stands_twice(tryton):
    tryton.prepare()
    tryton.grant()
    first = next(iter(tryton.expected))
    add = ("INSERT INTO party_identifier (party, type, code) "
           "SELECT party, 'se_orgnr', '{}' FROM company_company WHERE id = {};")
    tryton.as_owner(add.format(AKERIET, first))
    assert len(tryton.rows("SELECT * FROM samsynk_companies()")) == 4  # the same number twice is one number
    tryton.as_owner(add.format(EKSTROM, first))
    assert len(tryton.rows("SELECT * FROM samsynk_companies()")) == 5
    tryton.as_owner(f"DELETE FROM party_identifier WHERE code = '{EKSTROM}' AND type = 'se_orgnr';")


def test_tryton_two_numbers_that_are_active_still_stand_twice(tryton_newer):
    tryton_newer.prepare()
    tryton_newer.grant()
    count = len(tryton_newer.rows("SELECT * FROM samsynk_companies()"))
    tryton_newer.as_owner("UPDATE party_identifier SET active = true WHERE party = 1;")
    assert len(tryton_newer.rows("SELECT * FROM samsynk_companies()")) == count + 1
    tryton_newer.as_owner(f"UPDATE party_identifier SET active = false WHERE party = 1 AND code = '{KOMMUNEN}';")


def test_tryton_ten_thousand_companies_and_one_that_is_deleted(tryton):
    many = PostgresSide("tryton", tryton.server, "many", tryton.owner)
    many.server.execute("postgres", f"CREATE DATABASE many TEMPLATE {tryton.database} OWNER {tryton.owner[0]}")
    many.prepare()
    many.grant()
    many.as_owner("INSERT INTO party_party (id, code, name, active) SELECT n, 'n' || n, 'Bolag ' || n, true"
                  "  FROM generate_series(1001, 11000) AS n;"
                  "INSERT INTO company_company (id, party, currency)"
                  "  SELECT n, n, (SELECT min(id) FROM currency_currency) FROM generate_series(1001, 11000) AS n;"
                  "INSERT INTO party_identifier (party, type, code) SELECT n, 'se_orgnr', CAST(5560000000 + n AS text)"
                  "  FROM generate_series(1001, 11000) AS n;"
                  "INSERT INTO samsynk_preferences (company_id, send_all_invoices) SELECT n, true"
                  "  FROM generate_series(1001, 11000) AS n; SET statement_timeout = '2s';")
    many.as_user("SET statement_timeout = '2s';" + f"SELECT count(*) FROM ({many.mapping['companies']}) AS x")
    assert len(many.companies()) == 10_000 + len(tryton.expected)
    many.as_owner("DELETE FROM company_company WHERE id = 1001;")
    assert many.as_owner("SELECT * FROM samsynk_preferences WHERE company_id = 1001;") == ""


JSON = """additional_identifiers = '{{"NO_OTHER": null, "SE_EN": "{}", "X": "1"}}'"""


@pytest.mark.parametrize("tables, registry, branches", [
    ("ODOO_16", "company_registry = '{}'", False), ("ODOO_17", "company_registry = '{}'", True),
    ("ODOO_20", JSON, True), ("ODOO_20_AS_TEXT", JSON, True), ("ODOO_BARE", None, None)])
def test_odoo_one_mapping_fits_the_columns_of_all_versions(postgres, tables, registry, branches):
    side = in_postgres(postgres, "odoo", tables.lower(), getattr(program_tables, tables))
    expected = odoo_companies(side, registry, branches)
    side.prepare()
    side.grant()
    assert {place: row[:2] for place, row in side.companies().items()} == expected
    if registry == JSON:
        for nothing in ("NULL", "'{}'", """'{"SE_EN": null, "X": "1"}'""", """'{"X": "SE_EN", "Y": "1"}'""") + (
                ("''", "'not json'") if "TEXT" in tables else ("'[]'", "'null'", "'1'")):
            side.as_owner(f"UPDATE res_partner SET additional_identifiers = {nothing} WHERE id = 1;")
            assert side.companies("1")["1"][0] == "SE556016068001", nothing


def test_odoo_a_company_that_is_deleted_takes_its_rows_along(odoo):
    odoo.prepare()
    odoo.grant()
    odoo.as_owner("INSERT INTO res_company (id, name, partner_id, active) VALUES (99, 'Bort AB', 2, true);")
    assert odoo.write("write_send_all_invoices", place="99", **{"from": None}, to="1") == [0, 1]
    odoo.as_owner("DELETE FROM res_company WHERE id = 99;")
    assert odoo.as_owner("SELECT * FROM samsynk_preferences WHERE company_id = 99;") == ""


@pytest.mark.parametrize("database", ["erpnext", "erpnext_postgresql"])
def test_erpnext_a_company_that_is_renamed_keeps_its_place_and_choices(request, database):
    side = request.getfixturevalue(database)
    side.prepare()
    side.grant()
    quote = side.quote
    side.as_owner("DELETE FROM samsynk_preferences;")
    side.write("write_send_all_invoices", place="ÅÅ", **{"from": None}, to="1")
    rename = f"UPDATE {quote}tabCompany{quote} SET name = '{{0}}', company_name = '{{0}}' WHERE abbr = 'ÅÅ';"
    side.as_owner(rename.format("Nya Namnet AB"))
    assert side.companies("ÅÅ")["ÅÅ"][:2] == (AKERIET, "Nya Namnet AB") and choices(side, "ÅÅ") == [True, None]
    side.as_owner(rename.format("Ångströms Åkeri AB"))


def test_erpnext_places_are_told_apart_to_the_letter(erpnext):
    erpnext.prepare()
    erpnext.grant()
    erpnext.as_owner("DELETE FROM samsynk_preferences;")
    assert erpnext.write("write_send_all_invoices", place="ÄRL", **{"from": None}, to="1") == [0, 1]
    assert choices(erpnext, "Ärl") == [None, None]


def test_ledgersmb_its_number_as_it_comes_is_none(ledgersmb):
    ledgersmb.prepare()
    ledgersmb.grant()
    ledgersmb.program.company("Ekströms Bygg AB", "1")
    assert ledgersmb.companies()["company"][0] is None
    ledgersmb.program.company("Ekströms Bygg AB", EKSTROM)


def test_ledgersmb_in_two_schemas_is_not_guessed_at(ledgersmb_elsewhere):
    side = ledgersmb_elsewhere
    side.as_owner(program_tables.LEDGERSMB.format("another"))
    with pytest.raises(ServerError, match="more than one row"):
        side.prepare()
    side.as_owner("DROP SCHEMA another CASCADE;")
    side.prepare()
    side.grant()
    assert side.companies()["company"][:2] == side.expected["company"]


def test_ledgersmb_where_it_is_not_at_all_is_refused(postgres):
    side = in_postgres(postgres, "ledgersmb", "no_ledgersmb", "SELECT 1;")
    with pytest.raises(ServerError, match="public.defaults.* does not exist"):
        side.prepare()


def test_on_postgresql_the_user_has_rights_on_our_three_tables_only(side):
    if not isinstance(side, PostgresSide):
        pytest.skip("PostgreSQL's own tables of rights")
    held = side.as_owner(f"""
        SELECT DISTINCT c.relname FROM pg_class AS c LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid,
               LATERAL (SELECT grantee FROM aclexplode(c.relacl) UNION SELECT grantee FROM aclexplode(a.attacl)) AS g
         WHERE g.grantee = CAST('"{USER}"' AS regrole) ORDER BY 1;""")
    assert held.split() == ["samsynk_collaboration", "samsynk_installation", "samsynk_preferences"]
    ours = side.as_owner("SELECT proname FROM pg_proc, aclexplode(proacl) "
                         f"WHERE grantee = CAST('\"{USER}\"' AS regrole);")
    assert len(ours.split()) == 1
    assert side.as_owner("SELECT proname FROM pg_proc WHERE proname LIKE 'samsynk%' "
                         "AND has_function_privilege('public', oid, 'EXECUTE');") == ""


@contextlib.contextmanager
def open_in_gnucash(side):
    if real_programs.gnucash_missing():
        side.as_owner("INSERT INTO gnclock VALUES ('host', 1)")
        yield None
        side.as_owner("DELETE FROM gnclock")
    else:
        with real_programs.gnucash_holding(side.path) as enter:
            yield enter


def test_gnucash_a_book_that_is_open_is_busy_and_not_written(gnucash):
    gnucash.prepare()
    [place] = gnucash.expected
    gnucash.as_owner("DELETE FROM samsynk_preferences")
    gnucash.as_owner("DELETE FROM samsynk_collaboration")
    assert not gnucash.busy()
    with open_in_gnucash(gnucash):
        assert gnucash.busy()
        for write in (lambda: gnucash.write("write_send_all_invoices", place=place, **{"from": None}, to="1"),
                      lambda: gnucash.write("write_collaboration", place=place, **COLLABORATION)):
            with pytest.raises(sqlite3.Error, match="lock"):
                write()
    assert not gnucash.busy()
    assert gnucash.write("write_send_all_invoices", place=place, **{"from": None}, to="1") == [0, 1]
    assert gnucash.companies(place)[place][:2] == gnucash.expected[place]


def copy_of(gnucash, path):
    gnucash.prepare()
    path.write_bytes(gnucash.path.read_bytes())
    return SqliteSide("gnucash", path)


def test_gnucash_saves_well_while_it_is_asked_whether_it_is_there(gnucash, folder):
    needs_gnucash()
    copy = copy_of(gnucash, folder / "asked.gnucash")
    with open_in_gnucash(copy) as enter:
        asking = sqlite3.connect(f"file:{copy.path}?immutable=1", uri=True)
        cursor = asking.execute("SELECT * FROM slots")
        cursor.fetchone()  # in the middle of it
        assert enter(EKSTROM) == "saved"
        asking.close()
    [row] = copy.companies().values()
    assert row[0] == EKSTROM


def test_gnucash_loses_what_is_entered_where_it_is_read_with_a_lock(gnucash, folder):
    """Why the mapping asks `busy`. Should this fail with a newer GnuCash, that could be simpler."""
    needs_gnucash()
    copy = copy_of(gnucash, folder / "read.gnucash")
    with open_in_gnucash(copy) as enter:
        reading = sqlite3.connect(copy.path, isolation_level=None)
        reading.execute("BEGIN")
        reading.execute(f"SELECT * FROM ({copy.mapping['companies']})").fetchall()
        assert enter(EKSTROM) == "lost"
        reading.close()
        enter(AKERIET)  # whatever it says of this one
    [row] = copy.companies().values()
    assert row[0] == FORENINGEN


def test_gnucash_a_book_that_was_written_anew_is_not_taken_for_one_without_choices(gnucash, folder):
    needs_gnucash()
    copy = copy_of(gnucash, folder / "anew.gnucash")
    real_programs.gnucash_saves_anew(copy.path)
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        copy.companies()
