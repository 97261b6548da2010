"""docs/man/: each page builds without a warning, is whole, and tells every exit code."""

import os
import re
import subprocess

import pytest
from man_pages import OF_PROGRAMS, page
from tools import ROOT, needs, run

PAGES = sorted((ROOT / "docs/man").rglob("*.scd"))
# What scdoc itself does, and harms nothing.
SCDOC = re.compile(r"skipping paragraph macro: (PP empty|PP after SH)|referenced manual not found")


def built(source, folder):
    """The page in roff."""
    with source.open() as text:
        done = run(needs("scdoc", "scdoc"), stdin=text)
    assert done.returncode == 0, done.stdout
    file = folder / "page"
    file.write_text(done.stdout)
    return file


def warnings(file):
    told = run(needs("man", "man-db"), "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", file,
               env={"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]},
               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE).stderr.splitlines()
    lint = run(needs("mandoc", "mandoc"), "-T", "lint", "-W", "warning", file).stdout.splitlines()
    return told + [line for line in lint if not SCDOC.search(line)]


@pytest.mark.parametrize("source", PAGES, ids=lambda source: source.name)
def test_it_builds_without_warnings(source, tmp_path):
    assert warnings(built(source, tmp_path)) == []


def test_a_warning_would_be_found(tmp_path):
    file = built(PAGES[0], tmp_path)
    file.write_text(file.read_text() + ".nosuchmacro\n")
    assert warnings(file) != []


@pytest.mark.parametrize("source", PAGES, ids=lambda source: source.name)
def test_it_says_what_a_page_must(source):
    text = source.read_text()
    first = text.splitlines()[0]
    assert re.match(r'[\w.-]+\(\d\) "Samsynk" "[^"]+"$', first), first
    name, section = re.match(r"([\w.-]+)\((\d)\)", first).groups()
    assert source.name == f"{name}.{section}.scd"
    swedish = source.parent.name == "sv"
    for heading in (["NAMN", "BESKRIVNING", "SE ÄVEN"] if swedish else ["NAME", "DESCRIPTION", "SEE ALSO"]):
        assert f"\n# {heading}\n" in text, heading
    # Pages that it points to, of our own, are there.
    for other, number in re.findall(r"\*(samsynk[\w.-]*)\*\((\d)\)", text):
        assert (ROOT / "docs/man" / f"{other}.{number}.scd").exists(), other


def exit_codes(name):
    """As the sources have them."""
    if name.endswith("samsynk.1.scd"):
        words = re.search(r"enum ExitCode \{(.*?)\}", (ROOT / "daemon/client/commands.hpp").read_text())[1]
        return set(re.findall(r"= (\d)", words))
    files = ["daemon/main/samsynkd.cpp", "daemon/app/daemon.cpp"] if name == "samsynkd.8.scd" else ["sandbox/main.cpp"]
    text = "\n".join((ROOT / file).read_text() for file in files)
    # What is returned by itself, or chosen; not a number that something is counted with.
    returned = " ".join(re.findall(r"(?:return|exit_code_ =)[^;]*;", text))
    return set(re.findall(r"(?:return|[?:=]) (\d)(?= :|;)", returned))


def told_exit_codes(text):
    part = re.search(r"^# (?:EXIT STATUS|SLUTSTATUS)\n(.*?)^# ", text, flags=re.M | re.S)[1]
    return set(re.findall(r"^\*(\d)\*$", part, flags=re.M))


@pytest.mark.parametrize("name", OF_PROGRAMS)
def test_every_exit_code_is_told(name):
    codes = exit_codes(name)
    assert len(codes) > 2
    assert told_exit_codes(page(name)) == codes
