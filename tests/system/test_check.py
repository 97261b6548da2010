"""`samsynk check`, as a monitoring system runs it."""
import json
import os
import re
import socket
import subprocess

import pytest

from conftest import BIN, LINDQVIST, wait_for


def check(site, *words, language="C.UTF-8"):
    return subprocess.run([BIN / "samsynk", "--socket", site.socket, "check", *words], text=True, timeout=30,
                          stdout=subprocess.PIPE, env={**os.environ, "LC_ALL": language})


@pytest.fixture
def home(office, site):
    office.add_active(LINDQVIST, "Lindqvist Bygg AB", receive_invoices="yes")
    site.lay("Lindqvist", LINDQVIST, "Lindqvist Bygg AB")
    return site


def test_where_all_is_well_it_is_one_line_with_figures(home):
    home.start().wait_for_run()
    told = check(home)
    assert told.returncode == 0
    assert re.fullmatch(r"SAMSYNK OK - 1 companies in sync, last success \d+ s ago \| last_success_age=\d+s;2700;86400;0 "
                        r"oldest_company_age=\d+s companies=1 failed=0 held=0 waiting=0.*\n", told.stdout), told.stdout
    swedish = check(home, language="sv_SE.UTF-8").stdout
    assert swedish.startswith("SAMSYNK OK - 1 företag synkroniserade, senast lyckat för ") and "| last_success_age=" in swedish
    assert json.loads(home.command("check").stdout)["state"] == "OK"


def test_a_company_in_trouble_is_warned_of_and_named(home):
    home.lay("Anna", "8001011231", "Annas Städ")  # not in the account
    home.start().wait_for_run()
    told = check(home)
    assert told.returncode == 1 and told.stdout.startswith("SAMSYNK WARNING - 1 failed; 1 companies in sync")
    assert "Annas Städ (800101-****)" in told.stdout.split("\n", 1)[1]
    assert "8001011231" not in told.stdout
    assert check(home, "--warning-failed", "2").returncode == 0
    assert check(home, "--warning-failed", "51%").returncode == 0
    assert check(home, "--critical-age", "0").returncode in (1, 2)


def test_a_service_that_is_away_for_long_is_critical(home, office):
    home.start().wait_for_run()
    office.stop()
    home.command("sync")
    told = wait_for(lambda: (lambda one: one if one.returncode == 2 else None)(check(home, "--critical-age", "1s")))
    assert told.stdout.startswith("SAMSYNK CRITICAL - no success for ") and "localhost" in told.stdout


def test_a_daemon_that_does_not_run_is_critical_and_one_that_is_not_configured_unknown(home):
    gone = check(home)
    assert gone.returncode == 2 and gone.stdout.startswith("SAMSYNK CRITICAL - samsynkd is not running")
    home.config.write_text("# Nothing yet.\n")
    home.process = subprocess.Popen([BIN / "samsynkd", "--config", home.config],
                                    env={**os.environ, "RUNTIME_DIRECTORY": str(home.folder)})
    wait_for(home.socket.exists)
    told = check(home)
    assert told.returncode == 3 and told.stdout.startswith("SAMSYNK UNKNOWN - "), told


def test_a_daemon_that_does_not_answer_is_given_up(home):
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(home.socket))
        silent.listen(8)
        told = check(home)
    assert told.returncode == 3 and "10" in told.stdout


def test_words_that_can_not_be_understood_are_unknown(home):
    assert check(home, "--warning-age", "soon").returncode == 3
    assert check(home, "--no-such-thing").returncode == 3
