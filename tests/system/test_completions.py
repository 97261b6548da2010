"""The completions of bash, zsh and fish: all that the program knows, and what the daemon knows."""
import re
import subprocess

import pytest

from conftest import AKERIET, BIN, EKSTROM, LINDQVIST
from shells import FILES, offered

SHELLS = sorted(FILES)


def help_of(*words):
    return subprocess.run([BIN / "samsynk", *words, "--help"], text=True, stdout=subprocess.PIPE, check=True,
                          env={"LANG": "C.UTF-8"}).stdout


def commands_of(*words):
    listed = help_of(*words).lower().partition("commands:\n")[2]
    return [name for line in listed.splitlines() if line.startswith("  ") and line[2] != " "
            for name in re.split(r", ", line.strip().split("  ")[0])]


def options_of(*words):
    return re.findall(r"^  (?:-\w,)?(--[a-z-]+)", help_of(*words), re.M)


def ways():
    """Every command, with those that a command has of its own."""
    for command in commands_of():
        yield (command,)
        for part in commands_of(command):
            yield command, part


@pytest.mark.parametrize("command", [(), ("config",), ("sync",), ("check",), ("history",)])
def test_no_heading_of_the_help_is_left_in_english(command):
    def headings(language):
        told = subprocess.run([BIN / "samsynk", *command, "--help"], text=True, stdout=subprocess.PIPE, check=True, env={"LANG": language})
        return re.findall(r"^(\S[^:]*):", told.stdout, re.M)

    english, swedish = headings("C.UTF-8"), headings("sv_SE.UTF-8")
    assert len(english) == len(swedish) >= 2
    assert not set(english) & set(swedish)


def test_the_help_is_read_as_it_is():
    assert {"sync", "synkronisera", "support-bundle", "log-level"} <= set(commands_of())
    assert ("installation", "prepare") in ways() and "--apply" in options_of("installation", "prepare")
    assert "--instance" in options_of() and "--help" in options_of("sync")


@pytest.mark.parametrize("shell", SHELLS)
def test_every_command_is_offered_and_no_other(shell):
    assert {one for one in offered(shell, "") if not one.startswith("-")} == set(commands_of())
    assert set(offered(shell, "hel")) == {"held"} and "sync" in offered(shell, "sy")


@pytest.mark.parametrize("shell", SHELLS)
def test_every_option_of_every_command_is_offered(shell):
    for way in [(), *ways()]:
        missing = set(options_of(*way)) - set(offered(shell, *way, "--"))
        assert missing == set(), (way, missing)


@pytest.mark.parametrize("shell", SHELLS)
def test_values_are_offered(shell):
    for words, values in ((("companies", "--state", ""), {"synced", "waiting", "held", "failed", "ignored", "pending", "offline"}),
                          (("set", LINDQVIST, "--receive-invoices", ""), {"yes", "no"}),
                          (("log-level", ""), {"debug", "info", "notice", "warning", "error"}),
                          (("approve", "h-1", "--take", ""), {"local", "online"}),
                          (("installation", ""), {"test", "prepare", "scan"}), (("config", ""), {"check"})):
        assert set(offered(shell, *words)) == values, words


@pytest.mark.parametrize("shell", SHELLS)
def test_what_the_daemon_knows_is_offered(shell, office, site):
    for number, name, place in ((LINDQVIST, "Lindqvist Bygg AB", "Lindqvist"), (EKSTROM, "Ekströms Måleri AB", "Ekstrom"),
                                (AKERIET, "Ångermanlands Åkeri AB", "Akeriet")):
        office.add_active(number, name, receive_invoices="yes")
        site.lay(place, number, name)
    site.choose("Lindqvist", "receive_invoices: false\n")
    site.config.write_text(site.config.read_text().replace("push: false", "push: false, first_contact: hold"))
    site.start().wait_for_run()
    at = ("--socket", str(site.socket))
    assert set(offered(shell, *at, "show", "")) >= {LINDQVIST, EKSTROM, AKERIET}
    assert EKSTROM in offered(shell, *at, "sync", LINDQVIST, EKSTROM[:7])
    hold = site.command("held").stdout.split('"id":"')[1].split('"')[0]
    assert hold in offered(shell, *at, "approve", "")
    assert "main" in offered(shell, *at, "installation", "test", "")
    run = site.command("history").stdout.split('"run":"')[1].split('"')[0]
    assert run in offered(shell, *at, "revert", "")
    assert set(offered(shell, *at, "installation", "test", "main", "")) >= {"Lindqvist", "Ekstrom", "Akeriet"}
    assert offered(shell, *at, "installation", "test", "none", "") == []
    if shell == "bash":
        assert offered(shell, *at, "show", "Ekst") == ["Ekströms\\ Måleri\\ AB"]
        assert offered(shell, *at, "show", "Ekströms\\ M") == ["Ekströms\\ Måleri\\ AB"]


@pytest.mark.parametrize("shell", SHELLS)
def test_the_place_is_offered_of_what_a_number_does_not_name(shell, office, site):
    office.add_active(LINDQVIST, "Lindqvist Bygg AB")
    for place in ("Bolaget", "Butiken"):
        site.lay(place, LINDQVIST, "Lindqvist Bygg AB")
    (site.books / "Okänt").mkdir()
    site.config.write_text(site.config.read_text() + f"companies: {{'{LINDQVIST}': {{leads: main:Bolaget, follow: [main:Butiken]}}}}\n")
    site.start().wait_for_run()
    at = ("--socket", str(site.socket))
    assert set(offered(shell, *at, "show", "")) == {LINDQVIST, "Butiken", "Okänt"}
    assert offered(shell, *at, "explain", "Ok") == ["Okänt"] and offered(shell, *at, "sync", LINDQVIST, "But") == ["Butiken"]


@pytest.mark.parametrize("shell", SHELLS)
def test_nothing_is_said_where_no_daemon_answers(shell, tmp_path):
    at = ("--socket", str(tmp_path / "nobody"))
    assert offered(shell, *at, "show", "") == []
    assert offered(shell, *at, "revert", "") == []
