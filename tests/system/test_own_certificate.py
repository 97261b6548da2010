"""A service that wants to know by a certificate who asks (mTLS)."""
import shutil
import ssl
import time

import pytest

from contract_site import assert_in_step, certificates, error_of, make, run, two_companies  # noqa: F401
from test_bad_service import in_swedish
from test_clock_off import seconds_of, stamp
from test_transport import with_service

VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]
DAY = 86400


@pytest.fixture(params=VERSIONS)
def strict(request, make, certificates):  # noqa: F811
    service, site = two_companies(*make())
    service.tls = service.context(certificates.of("good"), request.param, certificates.folder / "ca.pem")
    return service, site


def shows(site, folder, name):
    with_service(site, f"  client_cert_file: {folder / name}.pem\n  client_key_file: {folder / name}.key\n")


def test_the_right_one_is_shown_and_the_time_it_has_left(strict, certificates):  # noqa: F811
    service, site = strict
    certificates.sign("agent", "DNS:agent", end=stamp(30 * DAY))
    shows(site, certificates.folder, "agent")
    site.start().wait_for_run()
    assert_in_step(service, site)
    certificate = site.status()["signin"]["certificate"]
    assert 30 * DAY - 300 < certificate["seconds_left"] <= 30 * DAY
    assert abs(seconds_of(certificate["expires_at"]) - time.time() - 30 * DAY) < 300
    assert f"Certifikatet gäller till {time.strftime('%Y-%m-%d', time.localtime(time.time() + 30 * DAY))}" in in_swedish(site)


def test_without_one_it_is_said_what_is_needed(strict):
    service, site = strict
    result = run(site, 5)
    assert error_of(result) == "tls_failed"
    for words in (f"localhost:{service.port} wants a certificate of ours", "none is configured",
                  "service.client_cert_file and service.client_key_file"):
        assert words in result.stdout, result.stdout
    assert service.requests == []


@pytest.mark.parametrize("name", ["stranger", "expired"])
def test_one_that_is_not_taken(strict, certificates, name):  # noqa: F811
    service, site = strict
    text = site.config.read_text()
    shows(site, certificates.folder, name)
    result = run(site, 5)
    assert error_of(result) == "tls_failed"
    assert "does not take our certificate" in result.stdout and "service.client_cert_file" in result.stdout, result.stdout
    assert service.requests == []
    site.config.write_text(text)
    shows(site, certificates.folder, "good")
    run(site)
    assert_in_step(service, site)


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_one_that_is_not_taken_before_a_word_is_sent(strict, certificates):  # noqa: F811
    """The service has said no and closed by the time that each request is written."""
    service, site = strict
    shows(site, certificates.folder, "stranger")
    site.before = ["strace", "-f", "-qq", "-o", site.folder / "strace", "-e", "trace=sendmsg",
                   "-e", "inject=sendmsg:delay_enter=100000"]
    result = run(site, 5)
    assert error_of(result) == "tls_failed"
    assert "does not take our certificate" in result.stdout, result.stdout
    assert service.requests == []


def test_one_that_has_expired_has_no_time_left(make, certificates):  # noqa: F811
    service, site = two_companies(*make())
    shows(site, certificates.folder, "expired")
    site.start().wait_for_run()
    assert site.status()["signin"]["certificate"]["seconds_left"] == 0
    assert_in_step(service, site)  # who does not ask does not mind
