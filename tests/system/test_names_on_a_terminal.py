"""What others have named can't steer the terminal of who looks at it, by whatever command: not a company's name, not a
folder's, not what stands in a reason. As JSON it is what it is, escaped."""
import json
import os
import pty
import re
import subprocess
import time
import unicodedata

import pytest

from conftest import BIN, EKSTROM, LINDQVIST
from contract_site import certificates, make  # noqa: F401

EVIL = "\x1b[2J\x1b]0;ägd\x07\u009b31m\u202e\u2028\r\n  ! "
SHOWN = r"\x1b[2J\x1b]0;ägd\x07\u009b31m\u202e\u2028\x0d\n  ! "
PLACE = "Mapp" + EVIL.replace("/", "")
OWN = re.compile("\r\x1b\\[K")  # what the bar of a sync is drawn with


def steering(text):
    return [letter for letter in text
            if letter != "\n" and (unicodedata.category(letter) in ("Cc", "Zl", "Zp") or letter in "\u202a\u202b\u202c\u202d\u202e")]


def lay_broken(site, place):
    (site.books / place).mkdir()
    (site.books / place / "bok.se").write_text("#FLAGGA 0\n#ORGNR 12\n")


@pytest.fixture
def named_by_others(make):  # noqa: F811
    """Companies that are synced, held and set aside, each with such a name on some side."""
    service, site = make()
    service.account.add(LINDQVIST, "Lindqvist" + EVIL, receive_invoices=True)
    service.account.add(EKSTROM, "Ekström" + EVIL, receive_invoices=True)
    for place, number in ((PLACE, LINDQVIST), ("Ekström" + EVIL, EKSTROM), ("Ingen" + EVIL, "5560747569")):
        site.lay(place, number, "Bok")
    site.choose(PLACE, "send_all_invoices: true\n")
    site.choose("Ekström" + EVIL, "receive_invoices: false\n")
    lay_broken(site, "Trasig" + EVIL)
    for place, number in ((PLACE, LINDQVIST), ("Ekström" + EVIL, EKSTROM)):
        (site.books / place / "samsynk/company.yaml").write_text(
            f'company: "{number}"\nname: {json.dumps("Lindqvist" + EVIL)}\n')
    text = site.config.read_text().replace("sync: {", "sync: {first_contact: hold, ")
    site.config.write_text(text)
    return site


def said(site, *words, **how):
    how = {"input": b"no\n", **how}
    return subprocess.run([BIN / "samsynk", "--socket", site.socket, *words], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=60, **how).stdout.decode()


def watched(site):
    """What happens in the next run; it would go on."""
    process = subprocess.Popen([BIN / "samsynk", "--socket", site.socket, "watch"], stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT)
    time.sleep(0.5)
    lay_broken(site, "Nyss" + EVIL)
    site.sync()
    try:
        out, _ = process.communicate(timeout=2)
    except subprocess.TimeoutExpired:
        process.kill()
        out, _ = process.communicate()
    return out.decode()


def on_a_terminal(site, *words):
    """Its output as a terminal gets it, without what the terminal's driver adds to line ends."""
    ours, its = pty.openpty()
    process = subprocess.Popen([BIN / "samsynk", "--socket", site.socket, *words], stdin=its, stdout=its, stderr=its)
    os.close(its)
    os.write(ours, b"no\n")
    heard = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:
            break
        if not piece:
            break
        heard += piece
    os.close(ours)
    process.wait()
    return OWN.sub("", heard.decode().replace("\r\n", "\n"))


COMMANDS = [["status"], ["companies"], ["sync"], ["sync", "--dry-run"], ["held"], ["history"], ["history", LINDQVIST],
            ["show", LINDQVIST], ["show", EKSTROM], ["show", "k"], ["show", "\x1b[31m"], ["explain", LINDQVIST],
            ["explain", EKSTROM], ["release", LINDQVIST], ["set", LINDQVIST, "--receive-invoices", "no"],
            ["approve", "x\x1b"], ["revert", "x\x1b"], ["config", "check", "{bad}"]]


def test_no_command_lets_a_name_steer(named_by_others, tmp_path):
    site = named_by_others
    bad = tmp_path / ("fel" + EVIL)
    bad.write_text('service: {url: "x\\e[2J", "\\e[31m": 1}\n')
    site.start().wait_for_run()
    everything = {"watch": watched(site)}
    for words in (["sync"], ["companies"], ["release", LINDQVIST]):
        everything[f"{words} on a terminal"] = on_a_terminal(site, *words)
    for words in COMMANDS:
        words = [word.format(bad=bad) if "{" in word else word for word in words]
        for language in ("C.UTF-8", "sv_SE.UTF-8"):
            everything[f"{words} {language}"] = said(site, *words, env={**os.environ, "LC_ALL": language})
    assert {name: steering(text) for name, text in everything.items() if steering(text)} == {}
    silent = [name for name, text in everything.items() if r"\u009b31m" not in text]
    assert [name for name in silent if not re.search("status|31m|release.*UTF|approve|revert", name)] == []
    given = json.loads(said(site, "--json", "companies"))["companies"]
    reasons = sum(company["reason"] is not None for company in given)
    lines = everything["['companies'] C.UTF-8"].split("\n")
    assert len(lines) == 1 + len(given) + reasons + 1, "a name begins no line of its own"
    assert PLACE in [company["place"] for company in given]


@pytest.mark.parametrize("words", [[], ["--dry-run"]])
def test_nor_does_a_single_run(named_by_others, words):
    result = named_by_others.once(*words)
    assert result.returncode == 1
    assert steering(result.stdout) == [] and SHOWN in result.stdout
