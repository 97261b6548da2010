"""What the integrator's guide says to type is typed, and works: sandbox, configuration, curl, Python."""

import os
import re
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager

import pytest
from tools import ROOT, build_folder, needs

GUIDE = (ROOT / "docs/guides/integrator.md").read_text()
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", GUIDE, flags=re.M | re.S)


def block(language, mark):
    """The first block of code in this language that has this in it."""
    return next(text for name, text in BLOCKS if name == language and mark in text)


def shell(text, folder, **more):
    path = f"{build_folder()}:{os.environ['PATH']}"
    return subprocess.run(["bash", "-ec", "shopt -s expand_aliases\n" + text], cwd=folder, text=True, timeout=60,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env={**os.environ, "PATH": path, "LC_ALL": "C.UTF-8"}, **more)


@contextmanager
def running(folder, *words):
    with (folder / f"{words[0]}.log").open("w") as log:
        process = subprocess.Popen([build_folder() / words[0], *words[1:]], cwd=folder, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def wait_for(ready):
    for _ in range(200):
        if ready():
            return
        time.sleep(0.05)
    raise AssertionError("waited in vain")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """The guide's folder, with the daemon and the sandbox of the guide running in it."""
    if not (build_folder() / "samsynkd").exists() and not os.environ.get("CI"):
        pytest.skip("the programs are not built")
    folder = tmp_path_factory.mktemp("guide")
    company = folder / "books/Lindqvist/samsynk/company.yaml"
    company.parent.mkdir(parents=True)
    company.write_text("company: 556016-0680\nname: Lindqvist Bygg AB\n")
    commands = block("", "samsynk-sandbox office")
    assert commands.endswith("samsynk-sandbox serve &\n")
    done = shell(commands.replace("samsynk-sandbox serve &\n", ""), folder)
    assert done.returncode == 0, done.stdout
    with running(folder, "samsynk-sandbox", "serve", "--port", "0"):
        port = folder / "samsynk-sandbox-data/port"
        wait_for(lambda: port.exists() and port.read_text().strip())
        text = block("yaml", "samsynk-sandbox-data").replace("/home/me", str(folder))
        (folder / "samsynk.yaml").write_text(text.replace("8443", port.read_text().strip()))
        with running(folder, "samsynkd", "--config", "samsynk.yaml"):
            wait_for(lambda: '"synced":1' in status(folder).stdout)
            yield folder


def status(folder):
    return shell(f"samsynk --json --socket {folder}/control.sock status", folder)


def test_the_company_is_in_sync(place):
    words = block("", "samsynk --socket").splitlines()[1].replace("/home/me", str(place))
    done = shell(words, place)
    assert done.returncode == 0 and "1 synced" in done.stdout, done.stdout


def test_each_call_of_curl_answers(place):
    needs("jq", "jq")
    lines = block("sh", "alias ask").replace("/run/samsynk", str(place)).splitlines()
    calls = [line for line in lines[1:] if line]
    assert len(calls) > 4
    for call in calls:
        done = shell(f"{lines[0]}\n{call}", place)
        assert done.returncode == 0 and "Bad Request" not in done.stdout, (call, done.stdout)
    changed = shell(f"{lines[0]}\n{calls[-2]}", place).stdout
    assert '"receive_invoices":{"agreed":true' in changed
    assert shell(f"{lines[0]}\nask http://localhost/v1/nothing", place).returncode != 0


def test_the_program_in_python_lists_the_companies(place):
    done = shell(f"/usr/bin/python3 - <<'END'\n{block('python', 'AF_UNIX').replace('/run/samsynk', str(place))}\nEND", place)
    assert done.stdout == "Lindqvist Bygg AB synced\n"


def test_a_bridge_answers_to_lines_by_hand(place):
    shutil.copy(ROOT / "config/bridges/sqlite_bridge.py", place / "my_bridge.py")
    # The pattern wants to know which database; a bridge of one's own is started as the guide says.
    words = block("", "my_bridge.py").rstrip() + " list.db\n"
    done = shell(words, place)
    assert re.search(r'"id": ?1, ?"protocol": ?1', done.stdout), done.stdout
