"""Nothing is sent to one who cannot prove who it is."""
import ssl

import pytest

from contract_site import (assert_in_step, certificates, error_of, files, make, run, two_companies)  # noqa: F401


@pytest.mark.parametrize("certificate,words", [
    ("other_name", "ostname mismatch"), ("expired", "expired"), ("not_yet", "not yet valid"),
    ("stranger", "self-signed"), (None, "no safe way to talk")])
def test_a_service_that_cannot_prove_who_it_is(make, certificate, words):
    service, site = two_companies(*make(certificate))
    before = files(site)
    result = run(site, 5)
    assert error_of(result) == "tls_failed"
    assert words in result.stdout and "Nothing was sent" in result.stdout
    assert service.requests == [] and service.connections >= 1
    assert files(site) == before


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_tls_before_1_2_is_refused(make):
    service, site = two_companies(*make(versions=ssl.TLSVersion.TLSv1_1))
    assert error_of(run(site, 5)) == "tls_failed"
    assert service.requests == []


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_tls_1_2_and_1_3_are_good(make, version):
    service, site = two_companies(*make(versions=version))
    run(site)
    assert_in_step(service, site)
