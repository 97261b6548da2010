"""`samsynk check`: what a monitoring system is told, in a line and by the exit code."""
import json
import os
import re
import socket
import subprocess

import pytest

from conftest import BIN, EKSTROM, LINDQVIST, wait_for


@pytest.fixture
def home(office, site):
    for number, place, name in ((LINDQVIST, "Lindqvist", "Lindqvist Bygg AB"), (EKSTROM, "Ekström", "Ekström Konsult AB")):
        office.add_active(number, name, receive_invoices="yes")
        site.lay(place, number, name)
    return site


def check(site, *words, language="C.UTF-8"):
    return subprocess.run([BIN / "samsynk", "--socket", site.socket, "check", *words], text=True, timeout=30,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "LC_ALL": language})


def said_by(site, *words, language="C.UTF-8"):
    done = check(site, *words, language=language)
    return done.returncode, done.stdout


def test_the_plugin_says_in_a_line_how_things_are(home, office):
    home.start().wait_for_run()
    code, said = said_by(home)
    assert code == 0 and re.match(r"SAMSYNK OK - 2 companies, last success \d+ s ago \| last_success_age=\d+s;2700;86400;0 ", said), said
    assert said_by(home, language="sv_SE.UTF-8")[1].startswith("SAMSYNK OK - 2 företag, senast lyckad för")
    home.lay("Trasig", "5555555555", "Övningsbolaget AB")
    home.command("sync")
    code, said = said_by(home)
    assert code == 1 and said.startswith("SAMSYNK WARNING - 1 companies have failed") and "Övningsbolaget AB" in said.splitlines()[1]
    assert said_by(home, "--warning-failed", "2")[0] == 0
    assert said_by(home, "--warning-age", "0s")[0] == 1 and said_by(home, "--critical-age", "0s")[0] == 2
    office.stop()
    home.command("sync")
    code, said = said_by(home, "--warning-failed", "2")
    assert code == 1 and "localhost" in said
    assert said_by(home, "--warning-age", "soon")[0] == 3
    assert json.loads(home.command("check").stdout)["grade"] == "WARNING"


def test_the_plugin_where_nothing_runs(home):
    code, said = said_by(home)
    assert code == 2 and said.startswith("SAMSYNK CRITICAL - ")


def test_a_daemon_that_does_not_answer_is_given_up_and_unknown(site):
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(site.socket))
        silent.listen(8)
        told = check(site)
    assert told.returncode == 3 and told.stdout.startswith("SAMSYNK UNKNOWN - samsynkd does not answer in time"), told


def test_a_service_that_is_away_for_long_is_critical(site, office):
    office.add_active(LINDQVIST, "Lindqvist Bygg AB", receive_invoices="yes")
    site.lay("Lindqvist", LINDQVIST, "Lindqvist Bygg AB")
    site.start().wait_for_run()
    office.stop()
    site.command("sync")
    told = wait_for(lambda: (lambda one: one if one.returncode == 2 else None)(check(site, "--critical-age", "2s")))
    assert told.stdout.startswith("SAMSYNK CRITICAL - No company has been synced for ")


def test_a_person_in_trouble_is_named_without_the_number(site):
    site.lay("Anna", "8001011231", "Annas Städ")  # not in the account
    site.start().wait_for_run()
    told = check(site)
    assert told.returncode == 1 and "Annas Städ (800101-****)" in told.stdout.split("\n", 1)[1]
    assert "8001011231" not in told.stdout and "1231" not in told.stdout


def test_words_that_can_not_be_understood_are_unknown(site):
    """Critical would raise an alarm about the service, where only the monitoring is wrong."""
    assert check(site, "--warning-age", "soon").returncode == 3
    assert check(site, "--no-such-thing").returncode == 3
