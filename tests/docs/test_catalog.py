"""systemd/samsynk*.catalog: what `journalctl -x` says of each event, in both languages."""

import os
import re
import shutil

import pytest
from tools import ROOT, needs, run

FILES = {"English": ROOT / "systemd/samsynk.catalog", "Swedish": ROOT / "systemd/samsynk.sv.catalog"}
# Events that are always about one company, so that its field can't be absent.
OF_A_COMPANY = {"company.claim_released", "preference.applied", "preference.pushed", "collaboration.changed"}
# Told of many at once where there are many, then without these fields.
SOMETIMES_WITHOUT = {"company.name_mismatch": {"installation", "place"}}


def events():
    """Message id to name and fields, as the program has them."""
    text = (ROOT / "daemon/telemetry/event_table.cpp").read_text()
    found = re.findall(r'EventInfo\{\s*"([a-z._]+)",\s*Level::\w+,\s*"([0-9a-f]{32})",\s*"([^"]*)"', text)
    assert len(found) == text.count("EventInfo{") and len(found) > 25
    return {message_id: (name, set(fields.split(", ")) - {""}) for name, message_id, fields in found}


def entries(text):
    """Message id to (header, text), as systemd reads it."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    found = {}
    for part in re.split(r"^-- ", "\n".join(lines), flags=re.M)[1:]:
        head, _, body = part.partition("\n\n")
        message_id, _, fields = head.partition("\n")
        assert message_id not in found, f"{message_id} stands twice"
        found[message_id] = (dict(line.split(": ", 1) for line in fields.splitlines()), body.strip())
    return found


def what_is_wrong(text, known):
    wrong = []
    found = entries(text)
    wrong += [f"{known[one][0]} has no entry" for one in known if one not in found]
    wrong += [f"{one} is no event" for one in found if one not in known]
    for one, (head, body) in found.items():
        name, fields = known.get(one, ("?", set()))
        if set(head) != {"Subject", "Defined-By", "Support"} or head["Defined-By"] != "Samsynk" or not body:
            wrong.append(f"{name}: header or text")
        always = fields - {"repeated"} - SOMETIMES_WITHOUT.get(name, set())
        may = {"SAMSYNK_" + field.upper() for field in always} | ({"SAMSYNK_COMPANY"} if name in OF_A_COMPANY else set())
        wrong += [f"{name}: @{used}@ may be absent" for used in re.findall(r"@(\w+)@", body) if used not in may]
    return wrong


@pytest.mark.parametrize("language", FILES)
def test_every_event_has_its_entry(language):
    assert what_is_wrong(FILES[language].read_text(), events()) == []


def test_faults_in_a_catalog_would_be_found():
    text = FILES["English"].read_text()
    known = events()
    first, second = list(known)[:2]
    assert what_is_wrong(text.replace(first, "0" * 32), known) == [f"{known[first][0]} has no entry", f"{'0' * 32} is no event"]
    assert what_is_wrong(text.replace("Samsynk has started", "Samsynk has started\nBy: us", 1), known) == ["daemon.ready: header or text"]
    assert what_is_wrong(text.replace("The first run follows", "@SAMSYNK_RUN@ follows"), known) == ["daemon.ready: @SAMSYNK_RUN@ may be absent"]
    with pytest.raises(AssertionError, match="stands twice"):
        what_is_wrong(text.replace(second, first), known)


def test_both_languages_tell_the_same_fields():
    english, swedish = (entries(FILES[language].read_text()) for language in FILES)
    for message_id, (_, body) in english.items():
        assert set(re.findall(r"@\w+@", body)) == set(re.findall(r"@\w+@", swedish[message_id][1])), message_id


def put(root, *names):
    folder = root / "usr/lib/systemd/catalog"
    folder.mkdir(parents=True)
    for source, name in names:
        shutil.copy(source, folder / name)
    return run(needs("journalctl", "systemd"), f"--root={root}", "--update-catalog")


def test_systemd_takes_both(tmp_path):
    done = put(tmp_path, *((file, file.name) for file in FILES.values()))
    assert (done.returncode, done.stdout) == (0, "")
    listed = run(needs("journalctl", "systemd"), f"--root={tmp_path}", "--list-catalog").stdout
    assert set(re.findall(r"^[0-9a-f]{32}", listed, flags=re.M)) == set(events())


@pytest.mark.parametrize("language", FILES)
def test_systemd_reads_each_text_whole(tmp_path, language):
    # Under the name without a language, as the locale of the test's machine may not be there.
    done = put(tmp_path, (FILES[language], "samsynk.catalog"))
    assert (done.returncode, done.stdout) == (0, "")
    dumped = run(needs("journalctl", "systemd"), f"--root={tmp_path}", "--dump-catalog").stdout
    assert entries(dumped) == entries(FILES[language].read_text())


def test_a_swedish_session_is_told_in_swedish(tmp_path):
    put(tmp_path, *((file, file.name) for file in FILES.values()))
    made = run(needs("localedef", "libc-bin"), "-i", "sv_SE", "-f", "UTF-8", tmp_path / "sv_SE.UTF-8")
    if made.returncode != 0 and not os.environ.get("CI"):
        pytest.skip("the package locales is missing")
    session = {"LOCPATH": str(tmp_path), "LC_ALL": "sv_SE.UTF-8"}
    dumped = run(needs("journalctl", "systemd"), f"--root={tmp_path}", "--dump-catalog", env=session).stdout
    assert entries(dumped) == entries(FILES["Swedish"].read_text())


def test_systemd_would_complain(tmp_path):
    broken = tmp_path / "broken"
    broken.write_text(FILES["English"].read_text().replace("\nSubject: Samsynk stops", "\n\nSubject: Samsynk stops").replace(
        "\n-- c1383ef6", "\nnonsense\n-- c1383ef6").replace("# daemon.ready", "nonsense"))
    done = put(tmp_path / "root", (broken, "samsynk.catalog"))
    assert done.returncode != 0 or done.stdout
