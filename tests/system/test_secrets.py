"""No secret, no token and no personal number is in anything that the programs say or leave behind."""
import base64
import os
import re
import signal
import sqlite3
import subprocess
import urllib.parse

import pytest

from conftest import LINDQVIST
from signin_site import begin_login, configure_auth, kept, wait_until_synced
from test_proxy import Tinyproxy

PERSON = "5501011232"  # a sole trader's number is a personal one
SECRET = "hemlig-h3mlis-planterad"
PROXY_PASSWORD = "hemlig-pr0xy.planterad"
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


def environment_with(**more):
    clean = {name: value for name, value in os.environ.items() if name.lower() not in ("https_proxy", "no_proxy")}
    return {**clean, **more}


@pytest.fixture
def proxy(tmp_path):
    one = Tinyproxy(tmp_path, f"BasicAuth me {PROXY_PASSWORD}\n")
    yield one
    one.stop()


def name_proxy(site, proxy, where, password):
    """In the way that is asked for; what of the configuration shows the password is its own file alone."""
    plain = f"http://me:{urllib.parse.quote(password, safe='')}@127.0.0.1:{proxy.port}"
    site.environment = environment_with(**({"HTTPS_PROXY": plain} if where == "environment" else {}))
    text = re.sub(r"  proxy.*\n", "", site.config.read_text())
    if where == "settings":
        text = text.replace("service:\n", f"service:\n  proxy: {plain}\n", 1)
    if where == "file":
        file = site.folder / "proxy-password"
        file.write_text(password + "\n")
        text = text.replace("service:\n", f"service:\n  proxy: http://me@127.0.0.1:{proxy.port}\n"
                                           f"  proxy_password_file: {file}\n", 1)
    site.config.write_text(text)


@pytest.mark.parametrize("where", ["settings", "file", "environment"])
def test_a_proxy_that_wants_a_password(talkative, proxy, where):
    site = talkative
    name_proxy(site, proxy, where, PROXY_PASSWORD)
    outputs = [said(site.once("--dry-run")), said(site.once())]
    assert proxy.asked_for(site.office.port) > 0
    for password in (PROXY_PASSWORD, PROXY_PASSWORD + "-fel"):
        name_proxy(site, proxy, where, password)
        site.start().wait_for_run()
        outputs += [said(site.command(*words)) for words in (["sync"], ["status"], ["config", "check", site.config])]
        outputs += [from_socket(site, path) for path in SOCKET_PATHS] + [from_socket(site, "../metrics")]
        site.kill(signal.SIGTERM)
    assert "does not take the user or the password" in outputs[-1 - len(SOCKET_PATHS) - 2], outputs
    site.config.write_text(site.config.read_text().replace("127.0.0.1:", "127.0.0.1:x"))  # a mistake is told, not repeated
    outputs += [said(site.once()), said(site.command("config", "check", site.config))]
    basic = [base64.b64encode(f"me:{PROXY_PASSWORD}{end}".encode()).decode() for end in ("", "-fel")]
    secrets = {PROXY_PASSWORD, urllib.parse.quote(PROXY_PASSWORD, safe=""), *basic}
    assert_silent([*outputs, (site.folder / "log").read_text()], secrets)
    left = [path for path in (site.folder / "state").rglob("*") if path.is_file()]
    assert left and not [path for path in left for secret in secrets if secret.encode() in path.read_bytes()], "on disk"
