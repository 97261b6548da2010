"""The daemon with another implementation of the contract, and with all that can go wrong on the way."""
import json
import subprocess

import pytest

from conftest import AKERIET, BIN, EKSTROM, LINDQVIST, Site, wait_for
from other_service import OtherService, Problem, http_date


def lay(site):
    site.lay("Lindqvist", LINDQVIST, "Lindqvist Bygg AB")
    site.lay("Ekström", EKSTROM, "Ekströms Måleri AB")
    site.choose("Ekström", "send_all_invoices: true\n")


@pytest.fixture
def make(tmp_path):
    made = []

    def one(**how):
        folder = tmp_path / "other"
        folder.mkdir()
        service = OtherService(folder, **how)
        service.data.add(LINDQVIST, "Lindqvist Bygg AB", receive=True)
        service.data.add(EKSTROM, "Ekströms Måleri AB")
        site = Site(tmp_path, type("Online", (), {"data": folder, "port": service.port}))
        site.configure()
        lay(site)
        made.append((service, site))
        return service, site

    yield one
    for service, site in made:
        if site.process:
            site.kill()
        service.stop()
        assert service.violations == []


def error_of(result):
    return next(json.loads(line) for line in result.stderr.splitlines() if '"run.failed"' in line)["code"]


def in_step(service, site):
    return ("receive_invoices: true" in site.file("Lindqvist", "preferences.yaml")
            and service.data.records[EKSTROM]["preferences"]["send_all_invoices"] is True
            and "state: active" in site.file("Ekström", "collaboration.yaml"))


def test_first_sync_both_ways_then_nothing_to_do(make):
    service, site = make()
    for number in (AKERIET, "5560427220", "5560125790", "5560000841"):
        service.data.add(number, "Annat AB")
    assert site.once().returncode == 0
    assert in_step(service, site)
    site.once()
    before = len(service.seen)
    assert "0 changes" in site.once().stdout
    assert len(service.seen) - before <= 3


def test_a_lost_answer_is_asked_for_again_and_done_once(make):
    service, site = make()
    service.fault("/v1/preferences", "lost", times=2)  # the second: the client's one retry on a kept connection
    assert site.once().returncode == 5
    service.data.change(LINDQVIST, send_all_invoices=False)
    assert site.once().returncode == 0
    assert service.data.writes == [(EKSTROM, {"send_all_invoices": True})]
    assert in_step(service, site)


MALFORMED = {"garbage": "bad_reply", "oversized": "bad_reply", "headers": "bad_reply", "html": "bad_reply",
             "redirect": "service_error", "truncated": "bad_reply", "types": "bad_reply", "half": "bad_reply"}


@pytest.mark.parametrize("path", ["/v1/companies", "/v1/installations/", "/v1/preferences"])
@pytest.mark.parametrize("fault", MALFORMED)
def test_a_reply_that_makes_no_sense_fails_the_run_and_the_next_one_goes_on(make, fault, path):
    service, site = make()
    service.fault(path, fault)
    result = site.once()
    assert result.returncode == 5, result.stdout + result.stderr
    assert error_of(result) == MALFORMED[fault]
    if path != "/v1/preferences":
        assert site.file("Lindqvist", "preferences.yaml") == ""
    assert site.once().returncode == 0
    assert in_step(service, site)
    assert len(service.data.writes) == 1


@pytest.mark.parametrize("fault", MALFORMED)
@pytest.mark.parametrize("path", ["/.well-known", "/oauth"])
def test_a_sign_in_that_makes_no_sense(make, fault, path):
    service, site = make()
    service.fault(path, fault)
    result = site.once()
    assert result.returncode == 5
    assert error_of(result) in ("bad_reply", "service_error")
    assert not any(seen[1].startswith("/v1") for seen in service.seen)
    assert site.once().returncode == 0 and in_step(service, site)


@pytest.mark.parametrize("problem,code", [
    (Problem(403, "forbidden"), "forbidden"),
    (Problem(404, "not_found"), "service_error"),
    (Problem(429, "slow_down", {"Retry-After": "1"}), "rate_limited"),
    (Problem(429, "slow_down", {"Retry-After": http_date(2)}), "rate_limited"),
    (Problem(500, "oops"), "service_error"),
    (Problem(503, "resting", {"Retry-After": "2"}), "service_error"),
])
def test_a_refused_call_fails_the_run_with_its_request_id(make, problem, code):
    service, site = make()
    service.fault("/v1/companies", problem)
    result = site.once()
    assert result.returncode == 5 and error_of(result) == code
    assert "q-1" in result.stdout
    assert site.once().returncode == 0 and in_step(service, site)


def test_retry_after_is_obeyed_by_the_daemon(make):
    service, site = make()
    service.fault("/v1/companies", Problem(503, "resting", {"Retry-After": "2"}))
    site.start().wait_for_run()
    assert site.status()["last_run"]["error"]["code"] == "service_error"
    wait_for(lambda: in_step(service, site))
    lists = [seen for seen in service.seen if seen[1].startswith("/v1/companies")]
    assert len(lists) == 2, "once refused, once after the time asked for"


def test_an_expired_token_is_replaced_in_the_same_run(make):
    service, site = make()
    service.fault("/v1/preferences", Problem(401, "token_expired"))
    assert site.once().returncode == 0
    assert service.tokens == 2 and in_step(service, site)


def test_an_expired_cursor_and_a_new_epoch_lead_to_a_full_list(make):
    service, site = make()
    site.once()
    service.fault("/v1/changes", Problem(410, "cursor_expired"))
    service.data.change(LINDQVIST, send_all_invoices=True)
    assert site.once().returncode == 0
    assert "send_all_invoices: true" in site.file("Lindqvist", "preferences.yaml")
    service.data.epoch = "liv 2"
    service.data.done.clear()
    service.data.claims.clear()
    site.choose("Ekström", "send_all_invoices: false\n")
    assert site.once().returncode == 0
    assert service.data.records[EKSTROM]["preferences"]["send_all_invoices"] is False


def test_an_epoch_that_changes_while_the_list_is_read_begins_it_anew(make):
    service, site = make()
    for number in (AKERIET, "5560427220", "5560125790"):
        service.data.add(number, "Annat AB")

    def restore():
        service.data.epoch = "liv 2"

    service.fault("/v1/companies?limit=500&after", restore)
    assert site.once().returncode == 0
    assert in_step(service, site)
    assert len([seen for seen in service.seen if seen[1] == "/v1/companies?limit=500"]) == 2


def test_a_newer_version_leads_to_a_new_plan_in_the_same_run(make):
    service, site = make()
    service.fault("/v1/preferences", lambda: service.data.change(EKSTROM, receive_invoices=False))
    assert site.once().returncode == 0
    assert service.data.records[EKSTROM]["preferences"]["send_all_invoices"] is True
    assert "receive_invoices: false" in site.file("Ekström", "preferences.yaml")


def test_a_claim_held_elsewhere_is_told_with_its_host(make):
    service, site = make()
    service.data.claims[EKSTROM] = ("00000000-0000-0000-0000-000000000000", "gamla-servern")
    result = site.once()
    assert result.returncode == 1 and "gamla-servern" in result.stdout
    assert service.data.writes == [] and site.file("Ekström", "collaboration.yaml") == ""
    assert "receive_invoices: true" in site.file("Lindqvist", "preferences.yaml")


def test_a_value_that_is_not_known_sets_one_company_aside(make):
    service, site = make()
    service.data.records[EKSTROM]["registration"]["receive"] = "quantum"
    result = site.once()
    assert result.returncode == 1
    assert site.file("Ekström", "collaboration.yaml") == ""
    assert "receive_invoices: true" in site.file("Lindqvist", "preferences.yaml")


def test_a_company_that_left_keeps_its_values(make):
    service, site = make()
    site.once()
    service.data.leave(LINDQVIST)
    assert site.once().returncode == 1
    assert "receive_invoices: true" in site.file("Lindqvist", "preferences.yaml")


def test_an_older_record_is_ignored(make):
    service, site = make()
    site.once()
    service.data.change(LINDQVIST, send_all_invoices=True)
    assert site.once().returncode == 0
    newest = service.data.records[LINDQVIST]
    stale = json.loads(json.dumps(newest))
    stale["version"] -= 2
    stale["preferences"]["send_all_invoices"] = False
    service.data.records[LINDQVIST] = stale
    service.data.feed.append(LINDQVIST)
    assert site.once().returncode == 0
    assert "send_all_invoices: true" in site.file("Lindqvist", "preferences.yaml")


@pytest.mark.parametrize("how", [{"name": "elsewhere.example"}, {"days": "-1"}, {"tls": False}])
def test_nothing_is_sent_to_one_who_cannot_prove_who_it_is(make, how):
    service, site = make(**how)
    result = site.once()
    assert result.returncode == 5
    assert error_of(result) == "tls_failed"
    assert service.seen == []
    assert site.file("Lindqvist", "preferences.yaml") == ""


def test_a_service_that_never_answers_does_not_stop_the_daemon_from_stopping(make):
    service, site = make()
    service.fault("/v1/companies", lambda: wait_for(lambda: site.process is None, 15))
    site.start()
    wait_for(lambda: any(seen[1].startswith("/v1/companies") for seen in service.seen))
    assert subprocess.run([BIN / "samsynk", "--socket", site.socket, "status"], stdout=subprocess.DEVNULL).returncode == 0
    import signal
    assert site.kill(signal.SIGTERM) == 0
