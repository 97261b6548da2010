"""Changes on either side carried over between the runs, by the real programs."""
import json
import os
import time

import pytest

from conftest import AKERIET, EKSTROM, LINDQVIST, wait_for

SOON = 3  # seconds; a run comes once an hour here


@pytest.fixture
def listening(office, site):
    for number, name in ((LINDQVIST, "Lindqvist Bygg AB"), (EKSTROM, "Ekströms Måleri AB")):
        office.add_active(number, name)
        site.lay(name, number, name)
    site.configure(push="true")
    site.start().wait_for_run()
    wait_for(lambda: site.status()["feed"]["state"] == "open")
    return office, site


def chosen(site, place, preference):
    return f"{preference}: true" in site.file(place, "preferences.yaml")


def online(office, number, preference):
    return office.record(number)["preferences"][preference]


def replace(site, place, text):
    """As an editor does."""
    folder = site.books / place / "samsynk"
    folder.mkdir(exist_ok=True)
    (folder / "new").write_text(text)
    os.rename(folder / "new", folder / "preferences.yaml")


def test_an_online_choice_is_in_the_books_at_once(listening):
    office, site = listening
    office.choose(LINDQVIST, receive_invoices="yes")
    wait_for(lambda: chosen(site, "Lindqvist Bygg AB", "receive_invoices"), SOON)
    wait_for(lambda: site.status()["last_run"]["trigger"] == "change", SOON)
    assert site.status()["counts"]["synced"] == 2


@pytest.mark.parametrize("how", ["replaced", "written in place", "in a folder that is new"])
def test_a_local_choice_is_online_at_once(listening, how):
    office, site = listening
    place = "Ekströms Måleri AB"
    if how == "replaced":
        replace(site, place, "send_all_invoices: true\n")
    elif how == "written in place":
        site.choose(place, "send_all_invoices: true\n")
    else:
        office.add_active(AKERIET, "Åkeriet AB")
        site.lay("Åkeriet", AKERIET, "Åkeriet AB")
        site.choose("Åkeriet", "send_all_invoices: true\n")
        wait_for(lambda: online(office, AKERIET, "send_all_invoices") is True, SOON)
        return
    wait_for(lambda: online(office, EKSTROM, "send_all_invoices") is True, SOON)


def test_where_the_kernel_does_not_tell_it_is_looked_for(listening):
    office, site = listening
    site.kill()
    site.configure(push="true", watch="poll")
    site.start().wait_for_run()
    time.sleep(2.5)
    replace(site, "Ekströms Måleri AB", "send_all_invoices: true\n")
    wait_for(lambda: online(office, EKSTROM, "send_all_invoices") is True, 30)
    assert site.status()["installations"][0]["watching"] == "looking"


def test_it_is_silent_while_nothing_changes(listening):
    office, site = listening
    office.choose(LINDQVIST, receive_invoices="yes")
    wait_for(lambda: chosen(site, "Lindqvist Bygg AB", "receive_invoices"), SOON)
    time.sleep(1)
    lines = len((site.folder / "log").read_text().splitlines())
    before = [int(line.split()[1]) for line in open(f"/proc/{site.process.pid}/io") if line.startswith("write_bytes")]
    time.sleep(3)
    assert len((site.folder / "log").read_text().splitlines()) == lines, "its own writes are no news"
    after = [int(line.split()[1]) for line in open(f"/proc/{site.process.pid}/io") if line.startswith("write_bytes")]
    assert after == before


def test_it_goes_on_after_the_service_was_away(listening):
    office, site = listening
    office.stop()
    replace(site, "Ekströms Måleri AB", "send_all_invoices: true\n")
    time.sleep(1)
    office.start()
    site.sync()
    wait_for(lambda: online(office, EKSTROM, "send_all_invoices") is True, 20)
    office.choose(LINDQVIST, receive_invoices="yes")
    wait_for(lambda: chosen(site, "Lindqvist Bygg AB", "receive_invoices"), 20)
    events = [json.loads(line)["event"] for line in (site.folder / "log").read_text().splitlines()]
    assert events.count("service.unreachable") <= 1


def test_it_stops_in_order_and_takes_another_configuration(listening):
    office, site = listening
    site.configure(push="false")
    site.process.send_signal(1)
    wait_for(lambda: site.status()["feed"]["state"] == "off")
    site.configure(push="true")
    site.process.send_signal(1)
    wait_for(lambda: site.status()["feed"]["state"] == "open")
    office.choose(LINDQVIST, receive_invoices="yes")
    wait_for(lambda: chosen(site, "Lindqvist Bygg AB", "receive_invoices"), SOON)
    began = time.monotonic()
    assert site.kill(15) == 0
    assert time.monotonic() - began < 2
