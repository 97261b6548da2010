"""A daemon with another implementation of the online service than the sandbox, for the tests named test_contract*."""
import json
import shutil

import pytest

from conftest import EKSTROM, LINDQVIST, Site
from fake_certificates import Certificates
from fake_service import FakeService

GARDET = "5560427220"


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def make(tmp_path, certificates):
    """Makes a service and a site. Afterwards all has ended, all planned faults were met, and no rule was broken."""
    made = []

    def one(certificate="good", **how):
        data = tmp_path / "online"
        data.mkdir()
        shutil.copy(certificates.folder / "ca.pem", data)
        service = FakeService(data, certificate and certificates.of(certificate), **how)
        made.append((service, None))
        site = Site(tmp_path, service)
        made[-1] = (service, site)
        configure(service, site)
        return service, site

    yield one
    for service, site in made:
        if site and site.process:
            site.kill()
        service.stop()
        assert service.violations == []
        assert service.plan.left() == []


@pytest.fixture
def two(make):
    return two_companies(*make())


def configure(service, site):
    """As Site does it, with the paths that this service has in its addresses."""
    site.configure()
    root = f"https://localhost:{service.port}"
    text = site.config.read_text().replace(f"url: {root}", f"url: {service.url}")
    site.config.write_text(text.replace(f"issuer: '{root}'", f"issuer: '{service.issuer}'"))


def two_companies(service, site):
    """One has something to fetch, the other something to send."""
    service.account.add(LINDQVIST, "Lindqvist Bygg AB", receive_invoices=True)
    service.account.add(EKSTROM, "Ekströms Måleri AB")
    site.lay("Lindqvist", LINDQVIST, "Lindqvist Bygg AB")
    site.lay("Ekström", EKSTROM, "Ekströms Måleri AB")
    site.choose("Ekström", "# eget\nsend_all_invoices: true\n")
    return service, site


def run(site, code=0):
    result = site.once()
    assert result.returncode == code, f"{result.returncode}\n{result.stdout}{result.stderr}"
    return result


def run_until_done(site, most=4):
    """Runs until one is done, and gives the exit codes of those before it."""
    codes = []
    while len(codes) < most:
        result = site.once()
        if result.returncode == 0:
            return codes
        codes.append(result.returncode)
    raise AssertionError(f"{codes}\n{result.stdout}{result.stderr}")


def events(result, name):
    return [event for event in map(json.loads, result.stderr.splitlines()) if event["event"] == name]


def error_of(result):
    """The code of the failed run, after a look at what a person is told: a whole sentence, with everything filled in."""
    sentence = next(line for line in result.stdout.splitlines() if line.startswith("The run failed: "))
    assert sentence.endswith(".") and "{" not in sentence, sentence
    return events(result, "run.failed")[0]["code"]


def files(site):
    """All that stands in the companies' folders."""
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in site.books.glob("*/**/*") if path.is_file()}


def operations(service):
    """Every operation that was sent, however often."""
    return [operation for request in service.seen("POST /v1/preferences")
            for operation in json.loads(request.body)["operations"]]


def written(service):
    return [(write.company, write.set) for write in service.writes]


def assert_in_step(service, site):
    """Both got what the other had, once."""
    assert "receive_invoices: true" in site.file("Lindqvist", "preferences.yaml")
    assert site.file("Ekström", "preferences.yaml") == "# eget\nsend_all_invoices: true\n"
    assert service.account.preferences(EKSTROM) == (True, None)
    assert service.account.preferences(LINDQVIST) == (None, True)
    assert "state: active" in site.file("Ekström", "collaboration.yaml")
    assert written(service) == [(EKSTROM, {"send_all_invoices": True})]
