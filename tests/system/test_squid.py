"""Through squid, the proxy that most offices with one have: it wants a password, or not, and says so in its own way."""
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import tempfile

import pytest

from conftest import wait_for
from contract_site import assert_in_step, certificates, error_of, make, run, two  # noqa: F401
from test_transport import with_service

SQUID = shutil.which("squid", path="/usr/sbin:/usr/bin")
PASSWORD = "Hem-ligt.7"
USER = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
CONFIG = """http_port 127.0.0.1:{port}
pid_filename none
visible_hostname localhost
cache deny all
cache_log {folder}/cache.log
access_log stdio:{folder}/access.log
coredump_dir {folder}
shutdown_lifetime 0
pinger_enable off
auth_param basic program /usr/lib/squid/basic_ncsa_auth {folder}/passwords
auth_param basic realm office
acl signed_in proxy_auth REQUIRED
acl service port {ports}
http_access deny !service
http_access allow {whom}
http_access deny all
"""

pytestmark = pytest.mark.skipif(SQUID is None and "CI" not in os.environ,
                                reason="squid is not installed: that would start it on this machine, too")


class Squid:
    def __init__(self, folder, whom, ports):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._folder = folder
        kept = subprocess.run(["openssl", "passwd", "-apr1", PASSWORD], check=True, text=True, stdout=subprocess.PIPE).stdout
        (folder / "passwords").write_text(f"me:{kept}")
        (folder / "squid.conf").write_text(CONFIG.format(folder=folder, port=self.port, whom=whom, ports=ports))
        if USER:
            for path in [folder, *folder.iterdir()]:
                os.chown(path, USER.pw_uid, USER.pw_gid)
        how = {"user": USER.pw_uid, "group": USER.pw_gid, "extra_groups": []} if USER else {}
        self._process = subprocess.Popen([SQUID, "-N", "-f", folder / "squid.conf"], stdout=subprocess.DEVNULL,
                                         stderr=subprocess.DEVNULL, cwd=folder, **how)
        try:
            wait_for(self._answers)
        except AssertionError:
            self.stop()
            raise AssertionError((folder / "cache.log").read_text())

    def _answers(self):
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", self.port)) == 0

    def tunnels(self, port):
        """How often it let someone through; it writes that when the connection has ended."""
        return [line for line in (self._folder / "access.log").read_text().splitlines()
                if f"TCP_TUNNEL/200" in line and f"CONNECT localhost:{port} " in line]

    def stop(self):
        self._process.terminate()
        self._process.wait(20)


@pytest.fixture
def squid():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="samsynk-squid-"))
    started = []

    def start(whom="all", ports="1-65535"):
        started.append(Squid(folder, whom, ports))
        return started[-1]

    yield start
    for one in started:
        one.stop()
    shutil.rmtree(folder)


def leads_through(site, proxy, user=""):
    with_service(site, f"  proxy: http://{user}127.0.0.1:{proxy.port}\n")


@pytest.mark.parametrize("user", ["", f"me:{PASSWORD}@"])
def test_all_goes_through_it(two, squid, user):  # noqa: F811
    service, site = two
    one = squid("signed_in" if user else "all")
    leads_through(site, one, user)
    run(site)
    assert_in_step(service, site)
    lines = wait_for(lambda: one.tunnels(service.port))
    assert all((" me " in line) == bool(user) for line in lines)


@pytest.mark.parametrize("user,words", [("", "wants a user and a password (407)"),
                                        ("me:felhemligt@", "does not take the user or the password (407)")])
def test_a_password_that_is_missing_or_wrong(two, squid, user, words):  # noqa: F811
    service, site = two
    one = squid("signed_in")
    leads_through(site, one, user)
    result = run(site, 5)
    assert error_of(result) == "service_unreachable"
    assert f"The proxy 127.0.0.1:{one.port}" in result.stdout and words in result.stdout
    assert "felhemligt" not in result.stdout + result.stderr
    assert service.connections == 0


def test_what_it_does_not_allow_or_reach(two, squid):  # noqa: F811
    service, site = two
    one = squid(ports=f"1 {service.port}")  # the sign-in's is another
    leads_through(site, one)
    result = run(site, 5)
    assert f"does not let us through to localhost:{service.sign_in_port} (403)" in result.stdout
    site.config.write_text(site.config.read_text().replace(f"localhost:{service.port}", "localhost:1"))
    result = run(site, 5)
    assert error_of(result) == "service_unreachable"
    assert f"The proxy 127.0.0.1:{one.port} can't reach localhost:1 (503)" in result.stdout
