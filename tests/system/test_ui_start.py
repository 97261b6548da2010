"""`samsynk ui` where it is started: its port, its terminal, the browser that it opens, and what is left of it (nothing)."""
import json
import os
import pathlib
import pty
import re
import select
import signal
import stat
import subprocess
import time

import pytest

from conftest import BIN, wait_for
from ui_stage import LINES, NOBODY, QUIET, chunk, gateway, open_folders, played  # noqa: F401


def test_a_port_that_is_chosen_and_one_that_is_in_use(gateway, tmp_path):
    first = gateway()
    words = [BIN / "samsynk", "--socket", tmp_path / "x", "ui", "--port", str(first.port)]
    second = subprocess.run(words, text=True, stderr=subprocess.PIPE, env={**QUIET, "LC_ALL": "C.UTF-8"}, timeout=20)
    assert second.returncode == 1 and f"Port {first.port} is used by another program" in second.stderr
    assert first.ask("GET", "/")[0] == 200
    first.end()
    again = gateway("--port", str(first.port))
    assert again.port == first.port and again.ask("GET", "/")[0] == 200
    for wrong in ("-1", "65536", "x"):
        assert subprocess.run([*words[:-1], wrong], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=20).returncode == 2


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_ends_in_order_also_in_the_middle_of_an_answer(gateway, played, how):
    played(lambda connection, head: (connection.sendall(LINES + chunk(b"{}\n")), connection.recv(1)))
    ui = gateway().open()
    answer = ui.begin("GET", "/v1/events")
    assert answer.readline() == b"{}\n"
    waiting = ui.connect()
    assert ui.end(how) == 0
    assert waiting.recv(1) == b""


def read_until(terminal, text, seconds=20):
    said, until = "", time.monotonic() + seconds
    while not (text.search(said) if hasattr(text, "search") else text in said):
        ready, _, _ = select.select([terminal], [], [], max(0, until - time.monotonic()))
        assert ready, said
        said += os.read(terminal, 4096).decode()
    return said


def on_a_terminal(tmp_path, **environment):
    process, terminal = pty.fork()
    if process == 0:
        os.execvpe(BIN / "samsynk", ["samsynk", "--socket", str(tmp_path / "x"), "ui"], {**QUIET, **environment})
    return process, terminal


ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/#([\w-]{43})\r?\n")


@pytest.mark.parametrize("language, words", [("C.UTF-8", ("works once", "Enter gives a new address", "run this there: ssh -L")),
                                             ("sv_SE.UTF-8", ("fungerar en gång", "Enter ger en ny adress", "kör först detta där: ssh -L"))])
def test_enter_in_the_terminal_gives_a_new_address(tmp_path, language, words):
    process, terminal = on_a_terminal(tmp_path, LC_ALL=language)
    said = read_until(terminal, "Ctrl-C")
    assert all(word in said for word in words), said
    port, first = ADDRESS.search(said).groups()
    assert f"ssh -L {port}:127.0.0.1:{port} " in said
    os.write(terminal, b"\n")
    second = ADDRESS.search(read_until(terminal, ADDRESS))[2]
    assert second != first

    def status(key):
        return subprocess.run(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-d", json.dumps({"key": key}),
                               f"http://127.0.0.1:{port}/open"], text=True, stdout=subprocess.PIPE).stdout
    assert (status(first), status(second), status(second)) == ("403", "200", "403")
    os.write(terminal, b"\x04")  # the end of a text is none of the program
    os.write(terminal, b"\n")
    assert ADDRESS.search(read_until(terminal, ADDRESS))[2] not in (first, second)
    os.write(terminal, b"\x03")
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0
    os.close(terminal)


def test_a_terminal_that_closes_ends_it(tmp_path):
    process, terminal = on_a_terminal(tmp_path)
    read_until(terminal, "127.0.0.1")
    os.close(terminal)
    wait_for(lambda: os.waitpid(process, os.WNOHANG)[0] == process)


# The browser

XDG_OPEN = """#!/bin/sh
printf '%s\\n' "$#" "$1" "$(stat -c '%a %U' "$1")" >{out}/seen.new
cat "$1" >{out}/page
mv {out}/seen.new {out}/seen
exec sleep 30
"""


@pytest.fixture
def desktop(tmp_path):
    """A user's session with a display, whose browser only notes what it is to open."""
    run, out, programs = tmp_path / "run", tmp_path / "out", tmp_path / "bin"
    for folder in (run, out, programs):
        folder.mkdir(mode=0o700)
    (programs / "xdg-open").write_text(XDG_OPEN.format(out=out))
    (programs / "xdg-open").chmod(0o755)
    programs.chmod(0o755)
    open_folders(tmp_path)
    if os.geteuid() == 0:
        for folder in (run, out):
            os.chown(folder, 65534, 65534)
    environment = {**QUIET, "DISPLAY": ":99", "XDG_RUNTIME_DIR": str(run), "PATH": f"{programs}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    started = []

    def start(*words, **more):
        how = NOBODY if os.geteuid() == 0 else {}
        how = {**how, **more}
        started.append(subprocess.Popen([BIN / "samsynk", "--socket", tmp_path / "x", "ui", *words], env=environment, text=True,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, **how))
        return started[-1]
    start.run, start.out, start.environment = run, out, environment
    yield start
    for one in started:
        one.kill()
        one.wait()
    for process in processes():
        if f"{out}".encode() in process[1] or process[1].startswith(b"sleep\x0030\x00") and process[2] == str(run):
            os.kill(process[0], signal.SIGKILL)


def processes():
    """Number, arguments, and XDG_RUNTIME_DIR of each that we may look at."""
    for folder in pathlib.Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                given = dict(pair.split(b"=", 1) for pair in (folder / "environ").read_bytes().split(b"\0") if b"=" in pair)
                yield int(folder.name), (folder / "cmdline").read_bytes(), given.get(b"XDG_RUNTIME_DIR", b"").decode()
            except OSError:
                pass


def test_the_browser_is_led_there_by_a_file_for_its_user_only(desktop):
    process = desktop()
    url = wait_for(lambda: next((line.strip() for line in process.stdout if "127.0.0.1" in line), None))
    base, _, key = url.partition("#")
    count, file, mode = wait_for(lambda: (desktop.out / "seen").exists() and (desktop.out / "seen").read_text().split("\n")[:3])
    assert count == "1" and mode.startswith("600 ") and pathlib.Path(file).parent == desktop.run
    assert f"url={url}\"" in (desktop.out / "page").read_text()
    assert pathlib.Path(file).exists(), "until it was of use"
    for _, arguments, _ in processes():
        assert key.encode() not in arguments
    assert not any(key in name for name in os.listdir(desktop.run))
    done = subprocess.run(["curl", "-s", "-d", json.dumps({"key": key}), f"{base}open"], text=True, stdout=subprocess.PIPE)
    assert "token" in done.stdout
    wait_for(lambda: not pathlib.Path(file).exists())
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0


def test_the_file_goes_at_the_end_at_the_latest_and_the_browser_stays(desktop):
    process = desktop()
    file = pathlib.Path(wait_for(lambda: (desktop.out / "seen").exists() and (desktop.out / "seen").read_text()).split("\n")[1])
    assert file.exists()
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0
    assert not file.exists() and os.listdir(desktop.run) == []
    assert any(run == str(desktop.run) for _, _, run in processes())


def test_no_browser_where_it_is_not_wanted(desktop):
    process = desktop("--no-open")
    wait_for(lambda: next((line for line in process.stdout if "Ctrl-C" in line), None))
    if os.geteuid() == 0:
        process = desktop(user=None, group=None, extra_groups=None)
        wait_for(lambda: next((line for line in process.stdout if "Ctrl-C" in line), None))
    time.sleep(0.5)
    assert not (desktop.out / "seen").exists() and os.listdir(desktop.run) == []


def test_a_script_gets_a_line_and_no_browser(desktop, gateway):
    ui = gateway(environment=desktop.environment, **(NOBODY if os.geteuid() == 0 else {}))
    assert stat.S_ISFIFO(os.fstat(ui.process.stdout.fileno()).st_mode) and ui.url.startswith("http://127.0.0.1:")
    ui.open()
    time.sleep(0.3)
    assert not (desktop.out / "seen").exists()
