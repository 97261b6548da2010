"""`samsynk check` where things are at their worst (test_care.py has the rest)."""
import os
import socket
import subprocess

from conftest import BIN, LINDQVIST, wait_for


def check(site, *words):
    return subprocess.run([BIN / "samsynk", "--socket", site.socket, "check", *words], text=True, timeout=30,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "LC_ALL": "C.UTF-8"})


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
    assert told.stdout.startswith("SAMSYNK CRITICAL - No run has reached its end for ")


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
