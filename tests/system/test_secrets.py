"""No secret, no token and no personal number is in anything that the programs say or leave behind."""
import base64
import os
import pathlib
import pwd
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile

import pytest

from conftest import BIN, LINDQVIST, Site, wait_for
from signin_site import begin_login, configure_auth, kept, wait_until_synced

PERSON = "5501011232"  # a sole trader's number is a personal one
SECRET = "hemlig-h3mlis-planterad"
SOCKET_PATHS = ["status", "held", "history", "events?after=0"]


def everything_given(office):
    """All that the sandbox's sign-in has ever given out and remembers."""
    with sqlite3.connect(office.data / "signin.db") as database:
        rows = [database.execute(sql).fetchall() for sql in
                ("SELECT token FROM access", "SELECT token FROM refresh", "SELECT device_code FROM devices")]
    return {row[0] for table in rows for row in table}


def from_socket(site, path):
    return subprocess.run(["curl", "-sN", "--max-time", "1", "--unix-socket", site.socket, f"http://localhost/v1/{path}"],
                          text=True, stdout=subprocess.PIPE).stdout


def said(result):
    return result.stdout + result.stderr


@pytest.fixture
def talkative(office, site):
    """At debug level, with a secret that can be recognised, and a company that is a person."""
    office.stop()
    (office.data / "client_secret").write_text(SECRET + "\n")
    office.start("--poll-interval", "1")
    office.add_active(LINDQVIST, "Lindqvist Bygg AB", receive_invoices="yes")
    office.add_active(PERSON, "Åsa Nyström, frisör", receive_invoices="yes", send_all_invoices="no")
    site.configure()
    site.config.write_text(site.config.read_text().replace("format: json", "format: json, level: debug"))
    site.lay("Lindqvist", LINDQVIST, "Lindqvist Bygg AB")
    site.lay("Frisör", PERSON, "Åsa Nyström, frisör")
    site.lay("Frisör igen", PERSON, "Åsa Nyström, frisör")  # trouble of which much is said
    return site


def assert_silent(outputs, secrets):
    everything = "\n".join(outputs)
    assert len(everything) > 1000 and secrets
    for secret in secrets:
        assert len(secret) > 9
        assert secret not in everything, everything[max(0, everything.find(secret) - 300):][:600]


def test_signing_in_by_a_secret(office, talkative):
    basic = base64.b64encode(f"samsynk:{SECRET}".encode()).decode()
    outputs = [said(talkative.once("--dry-run")), said(talkative.once())]
    secrets = {SECRET, basic, *everything_given(office)}
    (office.data / "client_secret").write_text(SECRET + "-fel\n")
    outputs.append(said(talkative.once()))
    assert "sign_in_failed" in outputs[-1]
    assert_silent(outputs, secrets | {PERSON, "550101-1232"})


def test_signing_in_as_a_person(office, talkative):
    site = talkative
    configure_auth(site, f"https://localhost:{office.port}", "samsynk")
    site.start()
    process, code = begin_login(site)
    secrets = everything_given(office)  # the device code, while it is known
    assert len(secrets) == 1
    office("signin", "approve", code["user_code"])
    outputs = ["\n".join(process.communicate(timeout=30))]
    wait_until_synced(site)
    secrets |= everything_given(office) | {kept(site)["refresh_token"]}
    outputs += [said(site.command(*words)) for words in (["status"], ["held"], ["config", "check", site.config])]
    office("signin", "revoke")
    site.command("sync")
    outputs += [from_socket(site, path) for path in SOCKET_PATHS if "events" not in path]
    outputs += [from_socket(site, "../metrics"), said(site.command("logout"))]
    site.kill(signal.SIGTERM)
    outputs.append((site.folder / "log").read_text())
    assert len(secrets) >= 3
    assert_silent(outputs, secrets)
    assert_silent([outputs[-1]], {PERSON, "550101-1232"})
    left = [path for path in site.folder.rglob("*") if path.is_file() and site.office.data not in path.parents]
    assert not [path for path in left for secret in secrets if secret.encode() in path.read_bytes()], "not even on disk"


def begin_in(folder, *words):
    """A program with all limits on cores lifted, and what finds those that it leaves where it runs."""
    command = ["sh", "-c", 'ulimit -c unlimited; exec "$0" "$@"', *map(str, words)]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return process, lambda: [path for path in folder.iterdir() if path.name.startswith("core")]


def test_an_abort_leaves_no_core(talkative, tmp_path):
    pattern = pathlib.Path("/proc/sys/kernel/core_pattern").read_text()
    if pattern.startswith(("|", "/")):
        pytest.skip("cores go elsewhere on this machine")
    folder = tmp_path / "cores"
    folder.mkdir()
    other, cores = begin_in(folder, "sh", "-c", "kill -ABRT $$")
    other.wait()
    if not cores():
        pytest.skip("nothing leaves a core on this machine")
    for core in cores():
        core.unlink()
    talkative.process, cores = begin_in(folder, BIN / "samsynkd", "--config", talkative.config)
    talkative.wait_for_run()
    assert talkative.kill(signal.SIGABRT) == -signal.SIGABRT
    assert cores() == []


def may_read_memory(user, pid):
    code = f"open('/proc/{pid}/mem', 'rb')"
    return subprocess.run([sys.executable, "-c", code], stderr=subprocess.DEVNULL, user=user.pw_uid, group=user.pw_gid,
                          extra_groups=[]).returncode == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="needs another user")
def test_not_even_its_own_user_may_look_into_it(talkative):
    """As a debugger or gcore would."""
    user = pwd.getpwnam("nobody")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="samsynk-memory-"))
    other = subprocess.Popen(["sleep", "60"], user=user.pw_uid, group=user.pw_gid, extra_groups=[])
    try:
        data = talkative.office.data
        for name in ("ca.pem", "client_secret"):
            shutil.copy(data / name, folder)
        text = talkative.config.read_text().replace(str(data), str(folder)).replace(str(talkative.folder), str(folder))
        (folder / "samsynk.yaml").write_text(text)
        (folder / "Företag").mkdir()
        for path in [folder, *folder.iterdir()]:
            os.chown(path, user.pw_uid, user.pw_gid)
        daemon = subprocess.Popen([BIN / "samsynkd", "--config", folder / "samsynk.yaml"], user=user.pw_uid,
                                  group=user.pw_gid, extra_groups=[], stderr=subprocess.DEVNULL)
        try:
            wait_for((folder / "control.sock").exists)
            assert may_read_memory(user, other.pid), "others of the user's can be looked into"
            assert not may_read_memory(user, daemon.pid)
        finally:
            daemon.kill()
            daemon.wait()
    finally:
        other.kill()
        other.wait()
        shutil.rmtree(folder)
