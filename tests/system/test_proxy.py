"""Through a real proxy (tinyproxy): with and without a password, past it, and when it refuses or is gone."""
import os
import shutil
import socket
import subprocess

import pytest

from conftest import BIN, wait_for
from contract_site import assert_in_step, certificates, error_of, make, run, two  # noqa: F401
from test_transport import with_service

PASSWORD = "Hem-ligt.7"


class Tinyproxy:
    def __init__(self, folder, more=""):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.log = folder / "tinyproxy.log"
        (folder / "tinyproxy.conf").write_text(
            f'Port {self.port}\nListen 127.0.0.1\nTimeout 20\nMaxClients 20\nLogLevel Connect\nLogFile "{self.log}"\n{more}')
        self.process = subprocess.Popen(["tinyproxy", "-d", "-c", folder / "tinyproxy.conf"], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        wait_for(self._answers)

    def _answers(self):
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", self.port)) == 0

    def asked_for(self, port):
        return self.log.read_text().count(f"CONNECT localhost:{port} ")

    def stop(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
def proxy(tmp_path):
    assert shutil.which("tinyproxy"), "./dev setup installs tinyproxy-bin"
    started = []

    def start(more=""):
        started.append(Tinyproxy(tmp_path, more))
        return started[-1]

    yield start
    for one in started:
        one.stop()


def run_in(site, code=0, **environment):
    clean = {name: value for name, value in os.environ.items() if name.lower() not in ("https_proxy", "no_proxy")}
    result = subprocess.run([BIN / "samsynkd", "--config", site.config, "--once"], text=True, timeout=60,
                            env={**clean, **environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert result.returncode == code, result.stdout + result.stderr
    return result


def test_all_goes_through_the_proxy(two, proxy):
    service, site = two
    one = proxy()
    with_service(site, f"  proxy: http://127.0.0.1:{one.port}\n")
    run(site)
    assert_in_step(service, site)
    assert one.asked_for(service.port) == service_connections(service) - one.asked_for(service.sign_in_port)


def service_connections(service):
    return service.connections


@pytest.mark.parametrize("password_in", ["settings", "file"])
def test_with_a_password(two, proxy, tmp_path, password_in):
    service, site = two
    one = proxy(f"BasicAuth me {PASSWORD}\n")
    if password_in == "file":
        (tmp_path / "proxy-password").write_text(PASSWORD + "\n")
        with_service(site, f"  proxy: http://me@127.0.0.1:{one.port}\n  proxy_password_file: {tmp_path / 'proxy-password'}\n")
    else:
        with_service(site, f"  proxy: http://me:Hem%2Dligt.7@127.0.0.1:{one.port}\n")
    run(site)
    assert_in_step(service, site)
    assert one.asked_for(service.port) > 0


@pytest.mark.parametrize("user,words", [("", "wants a user and a password (407)"),
                                        ("me:felhemligt@", "does not take the user or the password (401)")])
def test_a_password_that_is_missing_or_wrong(two, proxy, user, words):
    service, site = two
    one = proxy(f"BasicAuth me {PASSWORD}\n")
    with_service(site, f"  proxy: http://{user}127.0.0.1:{one.port}\n")
    result = run(site, 5)
    assert error_of(result) == "service_unreachable"
    assert f"The proxy 127.0.0.1:{one.port}" in result.stdout and words in result.stdout
    assert "felhemligt" not in result.stdout + result.stderr
    assert service.connections == 0


def test_a_proxy_that_does_not_allow_it(two, proxy):
    service, site = two
    one = proxy("ConnectPort 443\n")
    with_service(site, f"  proxy: http://127.0.0.1:{one.port}\n")
    result = run(site, 5)
    assert error_of(result) == "service_unreachable"
    assert "does not let us through" in result.stdout and "(403)" in result.stdout
    assert service.connections == 0


def test_a_service_that_the_proxy_cannot_reach(two, proxy):
    service, site = two
    one = proxy()
    with_service(site, f"  proxy: http://127.0.0.1:{one.port}\n")
    text = site.config.read_text()
    site.config.write_text(text.replace(f"localhost:{service.port}", "localhost:1"))
    result = run(site, 5)
    assert error_of(result) == "service_unreachable"
    assert f"The proxy 127.0.0.1:{one.port} can't reach localhost:1" in result.stdout
    site.config.write_text(text)
    one.stop()
    result = run(site, 5)
    assert f"The proxy 127.0.0.1:{one.port} can't be used (Connection refused)" in result.stdout


def test_the_environment_names_it(two, proxy):
    service, site = two
    one = proxy()
    result = run_in(site, 0, HTTPS_PROXY=f"http://127.0.0.1:{one.port}", NO_PROXY="elsewhere,10.0.0.0/8")
    assert one.asked_for(service.port) > 0, result.stdout
    assert_in_step(service, site)


@pytest.mark.parametrize("no_proxy", ["*", "localhost", ".localhost", f"elsewhere, localhost"])
def test_and_what_goes_past_it(two, proxy, no_proxy):
    service, site = two
    one = proxy()
    run_in(site, 0, https_proxy=f"127.0.0.1:{one.port}", no_proxy=no_proxy)
    assert one.asked_for(service.port) == 0
    assert_in_step(service, site)


def test_a_proxy_that_makes_no_sense_is_told_at_the_start_and_not_repeated(two):
    service, site = two
    result = run_in(site, 2, HTTPS_PROXY="socks5://me:hemligt@127.0.0.1:1")
    assert "HTTPS_PROXY" in result.stderr and "hemligt" not in result.stderr
    with_service(site, "  proxy: socks5://me:hemligt@127.0.0.1:1\n")
    result = run_in(site, 2)
    assert "samsynk.yaml:2: " in result.stderr and "hemligt" not in result.stderr
    assert service.connections == 0
