"""The clock of the machine is an hour off, either way, and is set right while the daemon runs."""
import datetime
import json
import os
import time

import pytest

import fake_faults as faults
from conftest import EKSTROM, LINDQVIST, wait_for
from contract_site import certificates, make, run, two, two_companies  # noqa: F401
from fake_certificates import FAKETIME
from test_bad_service import LIST, TOKEN, log_of, named

HOURS = [pytest.param(1, id="ahead"), pytest.param(-1, id="behind")]


class Clock:
    """What the daemon takes for the time; the clocks that only count on are left alone."""

    def __init__(self, site):
        self._file, self.off = site.folder / "clock", 0
        self.set(0)
        site.environment = {**os.environ, "LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": str(self._file),
                            "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}

    def set(self, hours):
        self.off = 3600 * hours
        new = self._file.with_suffix(".new")
        new.write_text(f"{self.off:+d}\n")
        new.rename(self._file)

    def now(self):
        return time.time() + self.off


def stamp(seconds):
    return time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + seconds))


def shown(seconds):
    """As the sentences have it, down to the hour."""
    return time.strftime("%Y-%m-%dT%H:", time.gmtime(seconds))


def seconds_of(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


@pytest.mark.parametrize("hours", HOURS)
def test_a_certificate_of_an_hour_shows_both_times(make, certificates, hours):  # noqa: F811
    """Good from half an hour ago, for half an hour."""
    certificates.sign("of_an_hour", "DNS:localhost", start=stamp(-1800), end=stamp(1800))
    service, site = two_companies(*make("of_an_hour"))
    clock = Clock(site)
    clock.set(hours)
    site.start()
    assert site.wait_for_run()["error"]["code"] == "tls_failed"
    for _ in range(2):
        time.sleep(1.1)
        site.sync()
    told = named(log_of(site), "run.failed")
    assert len(told) == 1, told
    assert ("has expired: it ended at" if hours > 0 else "not yet valid: it begins at") in told[0]["message"]
    assert f"the clock here shows {shown(clock.now())}" in told[0]["message"]
    assert service.requests == []
    clock.set(0)
    assert site.sync()["outcome"] == "completed"
    assert service.account.preferences(EKSTROM) == (True, None)


@pytest.mark.parametrize("hours", HOURS)
@pytest.mark.parametrize("call", [LIST, TOKEN])
def test_a_date_to_wait_for_goes_by_the_services_clock(two, call, hours):  # noqa: F811
    service, site = two
    clock = Clock(site)
    clock.set(hours)
    service.fault(call, faults.refuse(503, Retry_After=faults.http_date(3000), Date=faults.http_date(0)))
    site.start()
    assert site.wait_for_run()["outcome"] == "failed"
    rest = seconds_of(wait_for(lambda: site.status()["next_run_at"])) - clock.now()
    assert 2990 < rest < 3010
    assert site.sync()["outcome"] == "completed"


@pytest.mark.parametrize("hours", HOURS)
def test_a_token_lives_as_long_as_it_was_given_for(two, hours):  # noqa: F811
    service, site = two
    clock = Clock(site)
    site.start().wait_for_run()
    clock.set(hours)
    assert site.sync()["outcome"] == "completed"
    assert len(service.tokens) == 1, "it has an hour from when it was given"
    service.expires_in = 4
    site.kill()
    site.start().wait_for_run()
    clock.set(-hours)
    given = len(service.tokens)
    time.sleep(4)
    assert site.sync()["outcome"] == "completed"
    assert len(service.tokens) == given + 1, "renewed before it was refused"


@pytest.mark.parametrize("hours", HOURS)
def test_runs_go_on_after_the_clock_was_set(two, hours):  # noqa: F811
    service, site = two
    site.config.write_text(site.config.read_text().replace("interval: 1h", "interval: 10s"))
    clock = Clock(site)
    site.start().wait_for_run()
    clock.set(hours)
    service.account.choose(LINDQVIST, send_all_invoices=False)
    wait_for(lambda: "send_all_invoices: false" in site.file("Lindqvist", "preferences.yaml"), 30)
    assert not named(log_of(site), "run.failed")
