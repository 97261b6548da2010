"""What an administrator reads: the journal's fields, and its catalog in two languages."""
import json

import pytest
from machine import ROOT
from office import AKERIET, EKSTROM


@pytest.fixture(scope="module")
def entries(machine, office):
    """What a change that is carried over says, as the journal keeps it."""
    office.choose_online(True)
    office.everyone_has(True)
    machine.run("journalctl", "--sync")
    lines = machine.text("journalctl", "--quiet", "--output=json", "--unit=samsynkd", "SAMSYNK_EVENT=preference.applied").splitlines()
    return [json.loads(line) for line in lines]


def test_events_are_found_by_their_fields(machine, entries):
    newest = {entry["SAMSYNK_COMPANY"]: entry for entry in entries}
    for number, place in ((EKSTROM, "Ekstrom"), (AKERIET, "7")):
        entry = newest[f"{number[:6]}-{number[6:]}"]
        assert entry["SAMSYNK_PLACE"] == place and entry["SAMSYNK_PREFERENCE"] == "receive_invoices"
        assert entry["SAMSYNK_TO"] in ("true", "yes") and entry["SAMSYNK_RUN"].startswith("r-")
        assert entry["PRIORITY"] == "6" and entry["SYSLOG_IDENTIFIER"] == "samsynkd"


def test_message_ids_are_those_of_the_table(machine, entries):
    table = (ROOT / "docs/events.md").read_text()
    line = next(line for line in table.splitlines() if line.startswith("| `preference.applied`"))
    assert f"`{entries[-1]['MESSAGE_ID']}`" in line


@pytest.mark.parametrize("language, words", [("C.UTF-8", "An online choice"), ("sv_SE.UTF-8", "val")])
def test_the_catalog_explains_in_both_languages(machine, entries, language, words):
    said = machine.text("journalctl", "--quiet", "--catalog", "--lines=1", "SAMSYNK_EVENT=preference.applied", language=language)
    text = "\n".join(line for line in said.splitlines() if line.startswith("░░"))
    assert "Samsynk" in text and words in text, said
    catalog = (ROOT / f"systemd/samsynk{'.sv' if language.startswith('sv') else ''}.catalog").read_text()
    subject = next(line for line in text.splitlines() if "Subject:" in line).split("Subject:")[1].strip()
    assert f"Subject: {subject}" in catalog


def test_who_did_what_over_the_socket_is_told(machine, office):
    machine.run("runuser", "-u", "anna", "--", "samsynk", "sync")
    machine.run("journalctl", "--sync")
    lines = machine.text("journalctl", "--quiet", "--output=json", "SAMSYNK_EVENT=control.audit").splitlines()
    assert json.loads(lines[-1])["SAMSYNK_BY"] == "anna"
