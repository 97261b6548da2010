"""Mallory may write in the folder of one company, and has it say that it is another one, V: nothing of V's may come
of it, wherever V is."""
import json

import pytest

from conftest import AKERIET, EKSTROM, LINDQVIST, Site, office, site  # noqa: F401

MALLORYS, V, OTHER = LINDQVIST, EKSTROM, AKERIET
BY_FILE, BY_EXPORT = "samsynk/company.yaml", "zz.se"


@pytest.fixture
def books(office, site):
    """Mallory's company is in step, and V is in the account with a choice."""
    office.add_active(MALLORYS, "Mallorys AB", receive_invoices="no")
    office.add_active(V, "V AB", receive_invoices="yes", send_all_invoices="no")
    site.lay("Mallory", MALLORYS, "Mallorys AB")
    assert site.once().returncode == 0
    return site


def name_it(site, way, place="Mallory", number=V):
    """As whoever may write in that folder can: by the file for it, or by an export that is newer."""
    file = site.books / place / way
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"company: {number}\n" if way == BY_FILE else f"#FLAGGA 0\n#ORGNR {number}\n#FNAMN \"V AB\"\n#GEN 20300101\n")
    site.choose(place, "receive_invoices: false\nsend_all_invoices: true\n")


def states(site):
    site.once()  # what is held or failed shows in the exit code
    site.start().wait_for_run()
    companies = {one["place"]: one for one in json.loads(site.command("companies").stdout)["companies"]}
    held = json.loads(site.command("held").stdout)["held"]
    site.kill()
    return companies, held


def assert_v_is_untouched(site, place="Mallory"):
    record = site.office.record(V)
    assert (record["preferences"]["receive_invoices"], record["preferences"]["send_all_invoices"]) == (True, False), record
    assert "receive_invoices: false" in site.file(place, "preferences.yaml"), "what was chosen there stands"
    assert "V AB" not in site.file(place, "collaboration.yaml"), "nothing of V's is told there"


@pytest.mark.parametrize("way", [BY_FILE, BY_EXPORT])
def test_v_is_bound_nowhere(books, way):
    name_it(books, way)
    companies, held = states(books)
    assert companies["Mallory"]["reason"]["code"] == "identity_changed"
    assert [hold["kind"] for hold in held] == ["identity_changed"]
    assert_v_is_untouched(books)
    # Nor is V kept from whoever comes with it.
    books.lay("V", V, "V AB")
    companies, _ = states(books)
    assert companies["V"]["state"] == "synced" and "receive_invoices: true" in books.file("V", "preferences.yaml")


@pytest.mark.parametrize("way", [BY_FILE, BY_EXPORT])
def test_v_is_bound_here(books, way):
    books.lay("V", V, "V AB")
    assert books.once().returncode == 0
    name_it(books, way)
    companies, _ = states(books)
    assert companies["Mallory"]["state"] == "held" and companies["V"]["state"] == "synced"
    assert_v_is_untouched(books)
    books.office.choose(V, send_all_invoices="yes")
    books.once()
    assert "send_all_invoices: true" in books.file("V", "preferences.yaml"), "V goes on"


def test_v_is_bound_elsewhere(books, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    other = Site(tmp_path / "elsewhere", books.office)
    other.configure()
    (other.folder / "state").mkdir()
    (other.folder / "state/machine-id").write_text("0" * 32 + "\n")
    other.config.write_text(other.config.read_text().replace("id: main", "id: elsewhere"))
    other.lay("V", V, "V AB")
    assert other.once().returncode == 0
    name_it(books, BY_FILE)
    states(books)
    assert_v_is_untouched(books)
    other.choose("V", "receive_invoices: false\n")
    assert other.once().returncode == 0
    assert books.office.record(V)["preferences"]["receive_invoices"] is False, "the claim is still theirs"


def test_v_is_in_use_at_the_moment(books):
    books.lay("V", V, "V AB")
    assert books.once().returncode == 0
    for export in (books.books / "V").glob("*.se"):
        export.write_text("#FLAGGA 0\n#PROGRAM \"half an exp")
    books.lay("Copy", V, "V AB")
    books.choose("Copy", "receive_invoices: false\nsend_all_invoices: true\n")
    companies, _ = states(books)
    assert companies["Copy"]["reason"]["code"] == "duplicate"
    assert_v_is_untouched(books, "Copy")


def test_v_is_in_a_new_folder_beside_a_new_one_of_mallorys(books):
    books.lay("V", V, "V AB")
    books.lay("Copy", V, "V AB")
    books.choose("Copy", "receive_invoices: false\nsend_all_invoices: true\n")
    companies, _ = states(books)
    assert {companies[place]["reason"]["code"] for place in ("V", "Copy")} == {"duplicate"}, "nobody is taken at their word"
    assert_v_is_untouched(books, "Copy")
    # A file in Mallory's folder does not settle it; the configuration does.
    books.config.write_text(books.config.read_text() + f"companies: {{'{V}': 'main:V'}}\n")
    companies, _ = states(books)
    assert companies["V"]["state"] == "synced" and companies["Copy"]["state"] == "ignored"
    assert_v_is_untouched(books, "Copy")


def test_where_new_companies_are_approved_a_new_folder_waits(books):
    books.config.write_text(books.config.read_text().replace("watch: auto", "watch: auto, new_companies: approve"))
    books.lay("New", V, "V AB")
    books.choose("New", "receive_invoices: false\nsend_all_invoices: true\n")
    companies, held = states(books)
    assert companies["Mallory"]["state"] == "synced", "what was there goes on"
    assert companies["New"]["reason"]["code"] == "new_company" and [hold["kind"] for hold in held] == ["new_company"]
    assert_v_is_untouched(books, "New")
    claims = json.loads(books.office("show", V))
    assert not claims.get("installation"), claims
    books.start().wait_for_run()
    assert books.command("approve", held[0]["id"], "--take", "online").returncode == 0
    assert "receive_invoices: true" in books.file("New", "preferences.yaml"), "as the one who said yes wanted it"


def test_an_operators_yes_is_good_for_one_number(books):
    name_it(books, BY_FILE)
    _, held = states(books)
    books.office.add_active(OTHER, "Åkeriet AB", receive_invoices="yes")
    books.start().wait_for_run()
    assert books.command("approve", held[0]["id"], "--take", "online").returncode == 0
    assert books.office.record(V)["preferences"]["receive_invoices"] is True
    books.kill()
    name_it(books, BY_FILE, number=OTHER)
    companies, held = states(books)
    assert companies["Mallory"]["reason"]["code"] == "identity_changed" and len(held) == 1
    assert books.office.record(OTHER)["preferences"]["receive_invoices"] is True
