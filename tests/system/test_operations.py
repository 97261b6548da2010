"""The daemon as whoever runs it meets it: not configured yet, reloaded, watched, asked for metrics, looked after."""
import json
import os
import pathlib
import pwd
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time

import pytest

from conftest import BIN, LINDQVIST, wait_for
from daemon_stage import Supervisor, heard, listen_at, start_with_socket


@pytest.fixture
def supervisor(tmp_path):
    one = Supervisor(tmp_path)
    yield one
    one.close()


@pytest.fixture
def home(office, site):
    """One company that is in sync."""
    office.add_active(LINDQVIST, "Lindqvist Bygg AB", receive_invoices="yes")
    site.lay("Lindqvist", LINDQVIST, "Lindqvist Bygg AB")
    return site


def curl(site, path, *words):
    return subprocess.run(["curl", "-s", "--unix-socket", site.socket, *words, f"http://localhost{path}"], text=True, timeout=30,
                          stdout=subprocess.PIPE, check=True).stdout


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def log_of(site):
    return (site.folder / "log").read_text()


def with_lines(site, text):
    site.config.write_text(site.config.read_text() + text)


# Not configured yet

@pytest.mark.parametrize("text", ["", "# Nothing here yet.\n", None], ids=["empty", "comments", "absent"])
def test_without_a_configuration_it_says_what_to_write_and_ends(site, text):
    site.config.unlink()
    if text is not None:
        site.config.write_text(text)
    for more in ([], ["--once"]):
        ended = subprocess.run([BIN / "samsynkd", "--config", site.config, *more], text=True, stderr=subprocess.PIPE, timeout=20)
        assert ended.returncode == 2 and str(site.config) in ended.stderr, ended
        assert "examples/samsynk.yaml" in ended.stderr and not site.socket.exists()


@pytest.mark.skipif(pathlib.Path("/etc/samsynk").exists() or pathlib.Path("/run/samsynk").exists(), reason="Samsynk is installed here")
def test_without_a_configuration_the_command_says_what_to_write_where():
    def told(*words, language="C"):
        given = {**os.environ, "LC_ALL": language}
        given.pop("SAMSYNK_SOCKET", None)
        return subprocess.run([BIN / "samsynk", *words], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=given, timeout=20)

    for words in (["status"], ["sync"], ["reload"], ["doctor"], ["watch"]):
        said = told(*words)
        assert said.returncode == 5 and "not configured yet" in said.stderr, (words, said)
        assert "/etc/samsynk/samsynk.yaml" in said.stderr and "systemctl start samsynkd" in said.stderr
    assert json.loads(told("--json", "status").stdout)["error"]["code"] == "not_configured"
    assert "inte inställt" in told("status", language="sv_SE.UTF-8").stderr
    other = told("--instance", "norr", "status")
    assert "/etc/samsynk/norr.yaml" in other.stderr and "samsynkd@norr" in other.stderr
    checked = told("check")
    assert checked.returncode == 3 and checked.stdout.startswith("SAMSYNK UNKNOWN")
    elsewhere = told("--socket", "/tmp/there-is-no-such-socket", "status")
    assert elsewhere.returncode == 3 and "does not answer" in elsewhere.stderr


# What systemd hears

def test_it_is_ready_only_when_it_answers_and_tells_how_things_are(home, supervisor):
    home.environment = supervisor.environment()
    home.start()
    heard(supervisor, "READY=1")
    home.wait_for_run()
    wait_for(lambda: "1 companies: 1 in sync." in supervisor.status())
    home.kill(signal.SIGTERM)
    wait_for(lambda: "STOPPING=1" in supervisor.heard)


def test_a_supervisor_that_does_not_read_is_not_waited_for(home, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as silent, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as filler:
        silent.bind(str(tmp_path / "silent"))
        filler.setblocking(False)
        with pytest.raises(BlockingIOError):
            while True:
                filler.sendto(b"X=1", str(tmp_path / "silent"))
        home.environment = {**os.environ, "NOTIFY_SOCKET": str(tmp_path / "silent"), "WATCHDOG_USEC": "400000"}
        home.start().wait_for_run()
        for _ in range(20):
            assert home.sync()["outcome"] == "completed"
        silent.settimeout(10)
        said = []
        while not {"READY=1", "WATCHDOG=1"} <= set(said):
            said += silent.recv(4096).decode().split("\n")
        assert home.kill(signal.SIGTERM) == 0


def test_the_watchdog_is_fed_while_there_is_progress(home, supervisor):
    home.environment = supervisor.environment(WATCHDOG_USEC="400000")
    home.start().wait_for_run()
    before = supervisor.heard.count("WATCHDOG=1")
    wait_for(lambda: supervisor.heard.count("WATCHDOG=1") > before + 5)


def test_a_run_that_hangs_feeds_no_watchdog_strace(home, supervisor):
    """The disk hangs: the loop turns, the run gets nowhere."""
    home.environment = supervisor.environment(WATCHDOG_USEC="400000")
    home.start().wait_for_run()
    slow = subprocess.Popen(["strace", "-f", "-qq", "-o", "/dev/null", "-p", str(home.process.pid), "-e", "trace=fdatasync,fsync", "-e",
                             "inject=fdatasync,fsync:delay_enter=30s"])
    wait_for(lambda: "TracerPid:\t0" not in pathlib.Path(f"/proc/{home.process.pid}/status").read_text())
    home.choose("Lindqvist", "send_all_invoices: true\n")
    asked = subprocess.Popen([BIN / "samsynk", "--socket", home.socket, "sync"], stdout=subprocess.DEVNULL)
    wait_for(lambda: (home.status() or {}).get("running"))
    time.sleep(0.5)
    before = supervisor.heard.count("WATCHDOG=1")
    time.sleep(1)
    assert (home.status() or {}).get("running"), "it still answers"
    assert supervisor.heard.count("WATCHDOG=1") <= before + 1
    home.process.kill()
    for one in (asked, slow):
        one.kill()
        one.wait()


def test_a_socket_that_systemd_made_is_used_and_left(home):
    listening = listen_at(home.socket)
    start_with_socket(home, listening)
    assert wait_for(home.status)["version"]
    home.kill(signal.SIGTERM)
    assert home.socket.exists(), "it is systemd's"
    waiting = socket.socket(socket.AF_UNIX)
    waiting.connect(str(home.socket))  # before there is a daemon
    waiting.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    start_with_socket(home, listening)
    waiting.settimeout(20)
    assert b"200 OK" in waiting.recv(4096), "who asked before it ran is answered"
    waiting.close()
    listening.close()


# Reload

def test_a_bad_configuration_is_refused_as_a_whole(home):
    home.start().wait_for_run()
    right = home.config.read_text()
    for wrong, why in ((right.replace("interval: 1h", "interval: 1x"), "sync.interval"),
                       (right.replace("client_secret\n", "gone\n").replace("client_secret}", "gone}"), "gone"),
                       (right + "metrics: {listen: 0.0.0.0:9}\n", "metrics.listen"),
                       (right.replace("{format: json}", "{format: json, file: /proc/no/log}"), "/proc/no/log")):
        assert wrong != right
        home.config.write_text(wrong)
        refused = home.command("reload")
        assert refused.returncode == 2 and why in refused.stdout, refused
    home.config.write_text(right)
    assert home.command("reload").returncode == 0
    assert home.sync()["outcome"] == "completed"
    assert log_of(home).count('"event":"config.refused"') >= 1


def test_a_reload_lets_others_look_and_tells_of_another_service(home, supervisor):
    home.environment = supervisor.environment()
    home.start().wait_for_run()
    port = free_port()
    home.config.write_text(home.config.read_text().replace(f"url: https://localhost:{home.office.port}",
                                                           f"url: https://localhost:{port}", 1))
    assert home.command("reload").returncode == 0
    assert home.status()["service"]["url"] == f"https://localhost:{port}"
    assert [line for line in supervisor.heard if line in ("RELOADING=1", "READY=1")][-2:] == ["RELOADING=1", "READY=1"]


# The log

def test_the_log_goes_to_a_file_that_another_program_may_move_away(home):
    file = home.folder / "samsynk.log"
    home.config.write_text(home.config.read_text().replace("{format: json}", f"{{format: json, file: {file}, rotate_at: never}}"))
    home.start().wait_for_run()
    assert '"event":"daemon.ready"' in file.read_text()
    file.rename(home.folder / "samsynk.log.1")
    home.process.send_signal(signal.SIGUSR1)
    wait_for(file.exists)
    home.sync()
    assert '"event":"run.completed"' in file.read_text()
    assert '"event":"daemon.ready"' not in file.read_text()


def test_the_level_of_the_log_is_changed_while_it_runs(home):
    home.start().wait_for_run()
    assert '"event":"run.started"' not in log_of(home)
    assert json.loads(home.command("log-level", "debug").stdout) == {"level": "debug"}
    home.sync()
    wait_for(lambda: '"event":"run.started"' in log_of(home))
    assert home.command("log-level", "loud").returncode == 2
    assert home.command("reload").returncode == 0
    assert json.loads(home.command("log-level").stdout) == {"level": "info"}


def test_who_asked_for_what_is_logged(home):
    home.start().wait_for_run()
    home.sync()
    home.command("set", LINDQVIST, "--send-all-invoices", "yes")
    actions = [json.loads(line) for line in log_of(home).splitlines() if '"control.audit"' in line]
    assert [one["fields"]["action"] for one in actions] == ["POST /v1/sync", "PATCH /v1/companies/preferences"]
    assert all(one["fields"]["by"] for one in actions) and actions[1]["company"] == "556016-0680"


# Metrics

def test_metrics_on_a_port_of_this_machine(home):
    port = free_port()
    with_lines(home, f"metrics: {{listen: '127.0.0.1:{port}'}}\n")
    home.start().wait_for_run()

    def get(path, *words):
        return subprocess.run(["curl", "-s", "-w", "\n%{http_code}", *words, f"http://127.0.0.1:{port}{path}"], text=True,
                              stdout=subprocess.PIPE).stdout.rsplit("\n", 1)

    text, status = get("/metrics")
    assert status == "200" and 'samsynk_companies{state="synced"} 1' in text
    assert "samsynk_company_last_success_age_seconds" not in text, "which companies there are is not for everyone"
    assert "samsynk_company_last_success_age_seconds{" in curl(home, "/metrics")
    assert get("/v1/status")[1] == "404" and get("/metrics", "-X", "POST")[1] == "405"
    assert get("/metrics", "-H", "Host: evil.example")[1] == "403", "a page in a browser reads nothing"
    open_metrics, _ = get("/metrics", "-H", "Accept: application/openmetrics-text")
    assert "# TYPE samsynk_runs counter" in open_metrics and open_metrics.rstrip().endswith("# EOF")
    home.config.write_text(home.config.read_text().replace(f"listen: '127.0.0.1:{port}'", "companies: true"))
    assert home.command("reload").returncode == 0
    assert subprocess.run(["curl", "-s", f"http://127.0.0.1:{port}/metrics"]).returncode == 7, "closed"


def test_requests_are_counted_by_how_they_ended(home, office):
    home.start().wait_for_run()
    requests = {kind: float(count) for kind, count in re.findall(r'samsynk_requests_total\{outcome="(\w+)"\} (\d+)', curl(home, "/metrics"))}
    assert requests["ok"] > 2 and requests["unreachable"] == 0
    office.stop()
    home.command("sync")
    text = curl(home, "/metrics")
    assert re.search(r'samsynk_requests_total\{outcome="unreachable"\} [1-9]', text)
    assert "\nsamsynk_service_up 0\n" in text and re.search(r'samsynk_runs_total\{outcome="failed"\} [1-9]', text)


# Doctor

def test_the_doctor_finds_nothing_where_all_is_well(home):
    home.start().wait_for_run()
    well = json.loads(home.command("doctor").stdout)
    assert well["worst"] in ("fine", "notice", "warning"), well  # a folder for tests may be short of room
    assert {"configuration", "permissions", "state", "clock", "network", "certificate", "signin", "installation"} <= \
        {one["area"] for one in well["findings"]}
    swedish = subprocess.run([BIN / "samsynk", "--socket", home.socket, "doctor"], text=True, stdout=subprocess.PIPE,
                             env={**os.environ, "LC_ALL": "sv_SE.UTF-8"}).stdout
    assert "✓ Klockan stämmer med den hos" in swedish, swedish


def test_the_doctor_names_what_is_wrong_and_what_to_do(home, office):
    home.start().wait_for_run()
    secret = office.data / "client_secret"
    os.chmod(secret, 0o644)
    (home.books).rename(home.folder / "moved")
    office.stop()
    told = home.command("doctor")
    assert told.returncode == 1
    errors = {one["area"]: one for one in json.loads(told.stdout)["findings"] if one["severity"] == "error"}
    assert "chmod o=" in errors["permissions"]["message"] and str(secret) in errors["permissions"]["message"]
    assert errors["installation"]["subject"] == "main"
    assert f"localhost" in errors["network"]["message"]


def test_the_doctor_comes_where_no_daemon_runs(home):
    told = home.command("doctor", "--config", str(home.config))
    found = json.loads(told.stdout)["findings"]
    assert told.returncode == 1 and "does not answer" in found[0]["message"]
    assert any(one["area"] == "signin" and one["severity"] == "fine" for one in found), found
    assert not (home.folder / "state").exists(), "it changes nothing"


def state_found(site):
    """What the doctor says of the state where no daemon runs, by severity; and that it changes nothing in its folder."""
    def folder():
        return {one.name: (one.read_bytes(), one.stat().st_mtime_ns) for one in (site.folder / "state").iterdir() if one.is_file()}

    before = folder()
    told = site.command("doctor", "--config", str(site.config))
    assert folder() == before
    found = [(one["severity"], one["message"]) for one in json.loads(told.stdout)["findings"] if one["area"] == "state"]
    assert told.returncode == 1, "no daemon runs"
    return found


def test_the_doctor_looks_through_the_state_where_no_daemon_runs(home):
    home.start().wait_for_run()
    home.kill(signal.SIGTERM)
    state = home.folder / "state" / "state.db"
    assert ("fine", f"The state in {state.parent} is whole.") in state_found(home)
    with sqlite3.connect(state) as database:
        version = database.execute("PRAGMA user_version").fetchone()[0]
        database.execute("PRAGMA user_version = 4711")
    database.close()
    assert any(severity == "error" and "newer version" in what and "4711" in what for severity, what in state_found(home))
    with sqlite3.connect(state) as database:
        database.execute(f"PRAGMA user_version = {version}")
    database.close()
    whole = state.read_bytes()
    state.write_bytes(whole[:8192] + b"x" * 8192 + whole[16384:])
    assert any(severity == "error" and "damaged" in what for severity, what in state_found(home))
    state.write_bytes(whole)
    assert all(severity in ("fine", "warning") for severity, _ in state_found(home))


def test_the_doctor_looks_through_what_a_crash_left(home):
    home.start().wait_for_run()
    home.kill(signal.SIGKILL)
    assert (home.folder / "state" / "state.db-wal").stat().st_size
    assert any(severity == "fine" and "is whole" in what for severity, what in state_found(home))


def test_config_check_tries_what_the_configuration_names(home, office):
    assert json.loads(home.command("config", "check", str(home.config)).stdout)["ok"]
    office.stop()
    told = home.command("config", "check", str(home.config))
    assert told.returncode == 1 and not json.loads(told.stdout)["ok"]
    assert home.command("config", "check", "--file-only", str(home.config)).returncode == 0


# Secrets, and a second daemon

def test_a_secret_that_everyone_may_read_is_not_used(home, office):
    os.chmod(office.data / "client_secret", 0o644)
    done = home.once()
    assert done.returncode == 5 and "chmod o=" in done.stdout + done.stderr, done


def test_a_second_daemon_on_the_same_state_is_told_who_has_it(home):
    home.start().wait_for_run()
    other = home.config.read_text().replace(str(home.socket), str(home.folder / "other.sock"))
    (home.folder / "other.yaml").write_text(other)
    second = subprocess.run([BIN / "samsynkd", "--config", home.folder / "other.yaml"], text=True, stderr=subprocess.PIPE, timeout=20)
    assert second.returncode == 5 and f"process {home.process.pid}" in second.stderr
    assert home.status()


def test_a_socket_path_that_is_too_long_is_a_mistake_of_the_configuration(home):
    long = home.folder / ("s" * 120) / "control.sock"
    home.config.write_text(home.config.read_text().replace(str(home.socket), str(long)))
    told = subprocess.run([BIN / "samsynkd", "--config", home.config], text=True, stderr=subprocess.PIPE, timeout=20)
    assert told.returncode == 2 and "107" in told.stderr and str(home.config) in told.stderr


# Many and hostile clients

def test_two_hundred_clients_who_read_slowly_keep_nobody_waiting(home):
    for n in range(300):
        home.lay(f"Kund{n:03}", LINDQVIST, "Många AB")
    home.start().wait_for_run()
    slow = []
    for n in range(200):
        one = socket.socket(socket.AF_UNIX)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        one.connect(str(home.socket))
        one.sendall((b"GET /v1/companies HTTP/1.1\r\nHost: x\r\n\r\n" * 20)[: 400 if n % 2 else 30])  # half of them never end
        slow.append(one)
    worst = []
    for _ in range(20):
        begun = time.monotonic()
        assert home.status()
        worst.append(time.monotonic() - begun)
    assert max(worst) < 1, worst
    for one in slow:
        one.close()


def test_two_hundred_clients_are_all_answered(home):
    home.start().wait_for_run()
    answers = []

    def ask():
        answers.append(json.loads(curl(home, "/v1/status"))["counts"]["companies"])

    threads = [threading.Thread(target=ask) for _ in range(200)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert answers == [1] * 200


# Who may do what

def open_folders(site):
    for folder in (site.folder, *site.folder.parents):
        if str(folder).startswith("/tmp/"):
            os.chmod(folder, 0o755)


def group_of(user):
    return pwd.getpwnam(user).pw_gid


def asked_by_nobody(site, *groups, user="nobody"):
    """As the user nobody (or another one), a member of these groups: the status of looking, and of acting."""
    def status(path, *words):
        return subprocess.run(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--unix-socket", site.socket, *words,
                               f"http://localhost{path}"], text=True, stdout=subprocess.PIPE, user=user, group=group_of(user),
                              extra_groups=groups).stdout
    return status("/v1/status"), status("/v1/sync", "-X", "POST")


CROWD = """
import select, socket, sys, time
path, many, refused = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
all = [socket.socket(socket.AF_UNIX) for _ in range(many)]
for one in all:
    one.settimeout(20)
    one.connect(path)
told = select.poll()
for one in all:
    told.register(one, select.POLLIN)
until = time.monotonic() + 10
while len(told.poll(0)) < refused and time.monotonic() < until:  # who has no place is told so without having asked
    time.sleep(0.05)
time.sleep(0.3)
early = {descriptor for descriptor, _ in told.poll(0)}
answers = []
for one in all:
    if one.fileno() not in early:
        one.sendall(b"GET /v1/status HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
    answers.append(one.recv(64)[9:12].decode())
print(" ".join(f"{answer}:{answers.count(answer)}" for answer in sorted(set(answers))), flush=True)
sys.stdin.read()
"""


class Crowd:
    """Three hundred connections of one user, held until it goes home."""

    def __init__(self, site, user, refused):
        self.process = subprocess.Popen([sys.executable, "-c", CROWD, site.socket, "300", str(refused)], user=user, group=group_of(user),
                                        extra_groups=[], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.answers = {status: int(count) for status, count in
                        (one.split(":") for one in self.process.stdout.readline().split())}

    def go_home(self):
        self.process.communicate(timeout=20)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become someone else")
def test_who_takes_all_places_keeps_nobody_else_out(home):
    """A user has 256 places; two have what all but root share, which are 448."""
    home.config.write_text(home.config.read_text().replace(f"{{socket: {home.socket}}}", f"{{socket: {home.socket}, observers: [nogroup, games, mail]}}"))
    open_folders(home)
    home.start().wait_for_run()
    one = Crowd(home, "nobody", refused=44)
    assert one.answers == {"200": 256, "503": 44}
    assert asked_by_nobody(home)[0] == "503" and asked_by_nobody(home, user="games")[0] == "200"
    two = Crowd(home, "games", refused=108)
    assert two.answers["200"] == 448 - 256 and two.answers["503"] > 0, two.answers
    assert asked_by_nobody(home, user="mail")[0] in ("503", "000"), "too many to tell each of them why"
    assert home.status()["counts"]["companies"] == 1, "root has places of its own"
    for crowd in (one, two):
        crowd.go_home()
    assert wait_for(lambda: asked_by_nobody(home)[0] == "200")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become someone else")
def test_observers_look_members_act_and_strangers_do_neither(home):
    """The user nobody is listed in no group, so that it looks by its own group: what the kernel says of a peer, and what
    the system says of its user, are put together."""
    home.config.write_text(home.config.read_text().replace(f"{{socket: {home.socket}}}", f"{{socket: {home.socket}, observers: [games]}}"))
    open_folders(home)
    home.start().wait_for_run()
    assert asked_by_nobody(home) == ("403", "403")
    home.config.write_text(home.config.read_text().replace("[games]", "[games, nogroup]"))
    assert home.command("reload").returncode == 0
    assert asked_by_nobody(home) == ("200", "403")
    warned = [json.loads(line) for line in log_of(home).splitlines() if '"control.audit"' in line and '"warning"' in line]
    assert warned[-1]["fields"] == {"by": "nobody", "action": "POST /v1/sync", "status": "403"}
