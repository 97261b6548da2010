"""A daemon with another implementation of the online service than the sandbox, for the tests named test_contract*."""
import json
import shutil
import signal

import pytest

from conftest import EKSTROM, LINDQVIST, Site
from fake_certificates import Certificates
from fake_faults import do
from fake_service import FakeService

GARDET = "5560427220"
CALLS = ["GET /v1/companies", "GET /v1/changes", "PUT /v1/installations", "POST /v1/preferences"]
SIGN_IN = ["GET /.well-known/openid-configuration", "POST /in%C3%A5t/token"]
PAGE = "<!DOCTYPE html><title>Logga in</title><p>Å".encode()


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
        assert not service.violations, service.violations
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


def kill_at(site, stalled, how=signal.SIGKILL):
    """Starts the daemon and ends it while the service sits on an answer."""
    site.start()
    assert stalled.reached.wait(20)
    return site.kill(how)


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


def begin(service, site, call):
    """The change feed is asked only once there is something to go on from."""
    if "changes" in call:
        run(site)
        service.account.choose(LINDQVIST, receive_invoices=False)
        service.account.choose(LINDQVIST, receive_invoices=True)


def fails_and_recovers(service, site, call, code, words):
    before = files(site)
    result = run(site, 5)
    assert error_of(result) == code
    assert words in result.stdout, result.stdout
    if "POST /v1" not in call:
        assert files(site) == before
    run(site)
    assert_in_step(service, site)


def online(service, what, *words, **named):
    """Something that happens online just before an operation comes."""
    return do(lambda: getattr(service.account, what)(*words, **named))


def valid_number(serial):
    """A number that begins with 5561, with its check digit."""
    digits = f"5561{serial:05}"
    doubled = [int(digit) * (2 - at % 2) for at, digit in enumerate(digits)]
    return digits + str(-sum(value // 10 + value % 10 for value in doubled) % 10)
