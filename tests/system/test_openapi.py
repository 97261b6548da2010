"""What samsynkd really sends is valid by docs/openapi.yaml, and what it is answered: Prism looks at both on their way."""
import contextlib
import os
import pathlib
import socket
import ssl
import subprocess
import threading
import urllib.error
import urllib.request

import pytest

import fake_faults as faults
from conftest import wait_for
from contract_site import (LINDQVIST, assert_in_step, begin, certificates, make, run,  # noqa: F401
                           two_companies)

ROOT = pathlib.Path(__file__).parent.parent.parent
FOLDER = ROOT / "tests/openapi/proxy"
PRISM = FOLDER / "node_modules/.bin/prism"


class TlsBefore:
    """Takes TLS off, for one who speaks plainly only, and counts."""

    def __init__(self, certificate, port):
        self.to, self.passed = port, 0
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(*certificate)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                threading.Thread(target=self._carry, args=(connection,), daemon=True).start()

    def _carry(self, connection):
        with contextlib.suppress(OSError):
            inner, outer = self.tls.wrap_socket(connection, server_side=True), socket.create_connection(("127.0.0.1", self.to))
            self.passed += 1
            back = threading.Thread(target=self._pump, args=(outer, inner), daemon=True)
            back.start()
            self._pump(inner, outer)
            back.join()
            inner.close()
            outer.close()

    @staticmethod
    def _pump(one, other):
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


def answers(port):
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="session")
def prism_program():
    if not PRISM.exists():
        pytest.skip("Prism is not installed: ./dev test does that")
    return PRISM


@pytest.fixture
def through_prism(make, certificates, prism_program, tmp_path):
    """A service and a site, and Prism between them for all but the sign-in; its log."""
    service, site = two_companies(*make())
    port = free_port()
    log = open(tmp_path / "prism.log", "w+")
    prism = subprocess.Popen([prism_program, "proxy", "--errors", "--port", str(port), ROOT / "docs/openapi.yaml",
                              f"https://localhost:{service.port}"], stdout=log, stderr=subprocess.STDOUT,
                             env={**os.environ, "NODE_EXTRA_CA_CERTS": str(certificates.folder / "ca.pem")})
    wait_for(lambda: answers(port), 120)
    before = TlsBefore(certificates.of("good"), port)
    text = site.config.read_text()
    site.config.write_text(text.replace(f"url: {service.url}\n", f"url: https://localhost:{before.port}\n", 1))
    yield service, site, before, tmp_path / "prism.log"
    before.stop()
    prism.kill()
    prism.wait()
    log.close()


def test_a_first_sync_in_both_directions_and_the_next_ones_are_valid(through_prism):
    service, site, before, log = through_prism
    run(site)
    assert_in_step(service, site)
    service.account.choose(LINDQVIST, receive_invoices=False)
    run(site)  # the change feed
    assert "receive_invoices: false" in site.file("Lindqvist", "preferences.yaml")
    for call in ["GET /v1/companies?", "GET /v1/changes?", "PUT /v1/installations/", "POST /v1/preferences"]:
        assert service.seen(call), call
    assert before.passed >= 2
    assert "violation" not in log.read_text().lower(), log.read_text()


def test_what_is_not_valid_is_found(through_prism, certificates):
    """Else the test above might look at nothing."""
    service, site, before, log = through_prism
    tls = ssl.create_default_context(cafile=certificates.folder / "ca.pem")
    asked = urllib.request.Request(f"https://localhost:{before.port}/v1/companies?limit=501",
                                   headers={"Authorization": "Bearer t", "traceparent": "00-1-2-3"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(asked, context=tls)
    assert b"limit" in refused.value.read()
    assert not service.requests, "Prism let through what is not valid"
    service.fault("GET /v1/companies", faults.with_field("version", "sju"))
    assert site.once().returncode == 5
    assert "violation" in log.read_text().lower(), log.read_text()
    run(site)
