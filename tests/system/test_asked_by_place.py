"""Companies asked about by their place, their path and their name, as where no number can be told."""
import json
import subprocess
from urllib.parse import quote

import pytest

from asked import curl, in_words
from conftest import BIN, EKSTROM, LINDQVIST

NAMELESS = "Åsa & Örjan 100% #1?"


def answer(site, *words):
    result = site.command(*words)
    assert result.stdout, result
    return json.loads(result.stdout)


@pytest.fixture
def nameless(office, site):
    """One folder that tells no number, and one that is in order."""
    office.add_active(LINDQVIST, "Lindqvist Bygg AB", receive_invoices="yes")
    site.lay("Lindqvist", LINDQVIST, "Lindqvist Bygg AB")
    (site.books / NAMELESS).mkdir()
    (site.books / NAMELESS / "bok.se").write_bytes("#FLAGGA 0\r\n#SIETYP 4\r\n#FNAMN \"Åsas vävar\"\r\n".encode("cp437"))
    site.start().wait_for_run()
    return site


def ways_to_name(site):
    return [f"main:{NAMELESS}", NAMELESS, f"{site.books}/{NAMELESS}", f"{site.books}/{NAMELESS}/",
            f"{site.books}/../{site.books.name}/{NAMELESS}", "100%"]


def test_what_has_no_number_is_shown_explained_and_synced_by_where_it_is(nameless):
    for given in ways_to_name(nameless):
        shown = answer(nameless, "show", given)
        assert (shown["company"], shown["place"]) == (None, NAMELESS), given
        assert shown["reason"]["code"] == "missing_number", given
        told = answer(nameless, "explain", given)
        assert told["place"] == NAMELESS and told["reason"]["code"] == "missing_number", given
        assert told["identity_trail"], given
        run = nameless.sync(given)
        assert run["outcome"] == "completed" and run["counts"]["companies"] == 1, given
        assert [one["place"] for one in run["problems"]] == [NAMELESS], given


def test_its_path_is_also_understood_from_where_one_stands(nameless):
    for folder, given in ((nameless.books, f"./{NAMELESS}"), (nameless.folder, f"{nameless.books.name}/{NAMELESS}")):
        shown = subprocess.run([BIN / "samsynk", "--socket", nameless.socket, "--json", "show", given], text=True,
                               capture_output=True, cwd=folder, timeout=60)
        assert shown.returncode == 1 and json.loads(shown.stdout)["place"] == NAMELESS, shown


def test_words_for_what_has_no_number(nameless):
    for command in ("show", "explain"):
        code, words = in_words(nameless, command, f"main:{NAMELESS}")
        assert NAMELESS in words and "has no organisation number" in words, words
    assert nameless.command("history", NAMELESS).returncode == 2
    assert nameless.command("release", NAMELESS, "--yes").returncode == 2
    code, words = in_words(nameless, "release", NAMELESS, "--yes")
    assert "has no organisation number" in words, words


def test_a_place_means_itself_also_where_its_number_means_another(nameless):
    nameless.lay("Kopia", LINDQVIST, "Lindqvist Bygg AB")
    nameless.config.write_text(nameless.config.read_text() + f"companies: {{'{LINDQVIST}': main:Lindqvist}}\n")
    assert nameless.command("reload").returncode == 0
    nameless.sync()
    for given in ("main:Kopia", "Kopia", f"{nameless.books}/Kopia"):
        shown = answer(nameless, "show", given)
        assert (shown["place"], shown["state"]) == ("Kopia", "ignored"), given
        assert answer(nameless, "explain", given)["place"] == "Kopia", given
    assert answer(nameless, "show", LINDQVIST)["place"] == "Lindqvist"
    nameless.command("set", "main:Kopia", "--receive-invoices", "no")
    assert nameless.office.record(LINDQVIST)["preferences"]["receive_invoices"] is True, "it is not the one that counts"
    assert "receive_invoices: true" in nameless.file("Lindqvist", "preferences.yaml")


def test_each_of_two_duplicates_is_explained_as_itself(nameless):
    nameless.lay("Kopia", LINDQVIST, "Lindqvist Bygg AB")
    nameless.sync()
    for place in ("Kopia", "Lindqvist"):
        assert answer(nameless, "explain", f"main:{place}")["place"] == place


def test_choosing_for_what_has_no_number_is_refused(nameless):
    refused = nameless.command("set", f"main:{NAMELESS}", "--receive-invoices", "yes")
    assert refused.returncode != 0 and json.loads(refused.stdout)["error"]["code"] == "missing_number", refused
    assert not (nameless.books / NAMELESS / "samsynk").exists()


def test_one_company_is_tried_by_place_path_name_and_number(nameless):
    for given in ways_to_name(nameless):
        tried = nameless.command("installation", "test", "main", given)
        assert tried.returncode == 1, (given, tried)
        first = json.loads(tried.stdout)["tried"][0]
        assert first["reason"]["code"] == "missing_number" and NAMELESS in first["message"], (given, first)
    for given in ("Lindqvist", "main:Lindqvist", "Lindqvist Bygg AB", LINDQVIST, "556016-0680"):
        tried = nameless.command("installation", "test", "main", given)
        assert tried.returncode == 0 and json.loads(tried.stdout)["well"], (given, tried)
        assert "main:Lindqvist" in json.loads(tried.stdout)["tried"][0]["message"], given


def test_a_folder_that_no_run_has_seen_yet_is_tried(nameless):
    nameless.lay("Ny", EKSTROM, "Ekströms Måleri AB")
    for given in ("Ny", "main:Ny", f"{nameless.books}/Ny"):
        tried = nameless.command("installation", "test", "main", given)
        assert tried.returncode == 0 and "Ekströms Måleri AB" in tried.stdout, (given, tried)
    gone = nameless.command("installation", "test", "main", "Finns inte")
    assert gone.returncode == 1, gone


def test_once_it_has_a_number_the_place_names_the_company(nameless):
    nameless.office.add_active(EKSTROM, "Ekströms Måleri AB", receive_invoices="yes")
    samsynk = nameless.books / NAMELESS / "samsynk"
    samsynk.mkdir()
    (samsynk / "company.yaml").write_text("company: 556036-0793\n")
    run = nameless.sync(f"main:{NAMELESS}")
    assert run["problems"] == [] and run["counts"]["synced"] == 1, run
    assert "receive_invoices: true" in nameless.file(NAMELESS, "preferences.yaml")
    assert answer(nameless, "show", NAMELESS)["company"] == EKSTROM
    assert nameless.sync(f"main:{NAMELESS}")["counts"]["companies"] == 1


def test_the_socket_takes_a_place_where_it_takes_a_number(nameless):
    place = quote(f"main:{NAMELESS}", safe="")
    assert curl(nameless, f"/v1/companies/{place}")[0] == 200
    assert curl(nameless, f"/v1/companies/{place}/explain")[1]["place"] == NAMELESS
    assert curl(nameless, "/v1/companies/main:Lindqvist")[1]["company"] == LINDQVIST
    assert curl(nameless, "/v1/companies/main%3ALindqvist")[1]["company"] == LINDQVIST
    assert curl(nameless, "/v1/companies/main:Finns%20inte")[0] == 404
    assert curl(nameless, "/v1/companies/none:Lindqvist")[0] == 404
    assert curl(nameless, "/v1/companies/main:100%")[0] == 400
    assert curl(nameless, "/v1/companies/main:")[0] in (400, 404)
    asked = ["-X", "POST", "-H", "Content-Type: application/json", "-d"]
    status, tried = curl(nameless, "/v1/installations/main/test", *asked, json.dumps({"place": "Lindqvist"}))
    assert status == 200 and tried["well"]
    assert curl(nameless, "/v1/installations/main/test", *asked, '{"place": 1}')[0] == 400
    assert curl(nameless, "/v1/installations/main/test", *asked, '{"place": "../Lindqvist"}')[1].get("well") is not True
    status, told = curl(nameless, "/v1/sync", *asked, json.dumps({"companies": ["main:Finns inte"]}))
    assert status == 200 and told["counts"]["companies"] == 0
