"""The daemon with a service that refuses: what it says is told, obeyed, and the next run completes."""
import contextlib
import json
import socket
import time
from datetime import datetime

import pytest

import fake_faults as faults
import fake_nonsense as nonsense
from conftest import LINDQVIST, wait_for
from contract_site import (CALLS, GARDET, PAGE, SIGN_IN, assert_in_step, begin, certificates, error_of,  # noqa: F401
                           fails_and_recovers, files, make, run, two)


@pytest.mark.parametrize("call,status", [*((call, 302) for call in ["GET /v1/changes", *SIGN_IN]),
                                         *(("POST /v1/preferences", status) for status in (301, 302, 303, 307, 308))])
def test_a_redirect_is_not_followed(two, call, status):
    service, site = two
    begin(service, site, call)
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as trap:
        trap.setblocking(False)
        service.fault(call, faults.redirect(status, f"https://localhost:{trap.getsockname()[1]}/v1/companies"))
        fails_and_recovers(service, site, call, "service_error", str(status))
        with pytest.raises(BlockingIOError):
            trap.accept()


@pytest.mark.parametrize("call", CALLS)
def test_an_expired_token_is_replaced_in_the_same_run(two, call):
    service, site = two
    begin(service, site, call)
    before = len(service.tokens)
    service.fault(call, faults.refuse(401, "token_expired"))
    run(site)
    assert len(service.tokens) == before + 2
    assert_in_step(service, site)


def test_tokens_that_are_never_taken(two):
    service, site = two
    service.fault("GET /v1/companies", faults.refuse(401, "token_expired"), times=2)
    fails_and_recovers(service, site, "GET", "sign_in_failed", "does not take our sign-in")


def test_a_wrong_secret(two):
    service, site = two
    right = (site.office.data / "client_secret").read_text()
    (site.office.data / "client_secret").write_text("fel\n")
    assert error_of(run(site, 5)) == "sign_in_failed"
    assert service.tokens == [] and not service.seen("GET /v1")
    (site.office.data / "client_secret").write_text(right)
    run(site)
    assert_in_step(service, site)


@pytest.mark.parametrize("field,value", [("issuer", "https://localhost:1"), ("token_endpoint", "http://localhost:{}/token"),
                                         ("token_endpoint", "/token"), ("token_endpoint", "")])
def test_a_discovery_that_leads_astray(two, field, value):
    service, site = two
    service.fault("GET /.well-known", faults.with_field(field, value.format(service.port)))
    error_of(run(site, 5))
    assert len(service.requests) == 1, "the secret is sent nowhere"
    run(site)
    assert_in_step(service, site)


@pytest.mark.parametrize("status,kind", [(404, "text/html"), (410, "application/json"), (401, "text/html"), (301, "text/html"),
                                         (500, "text/plain")])
def test_a_token_endpoint_that_moved_is_found_again(two, status, kind):
    """What stands at the old address is no answer of OAuth: the provider is asked anew where its endpoint is."""
    service, site = two
    service.expires_in = 2
    site.start().wait_for_run()
    old, service.token_path = service.token_path, "/nytt/token"
    service.fault(f"POST {old}", nonsense.other_body(PAGE if kind != "application/json" else b"{}", kind, status=status))
    time.sleep(2.1)
    given, asked = len(service.tokens), len(service.seen("GET /.well-known"))
    first = site.sync()
    assert first["outcome"] == "completed" or "secret has expired" not in first["error"]["message"], first
    assert site.sync()["outcome"] == "completed"
    assert len(service.tokens) > given and len(service.seen("GET /.well-known")) == asked + 1
    assert service.seen("POST /nytt/token")
    assert_in_step(service, site)


@pytest.mark.parametrize("shut,code", [("POST /v1/preferences", 403), ("POST /v1/preferences", 502), ("PUT /v1/installations", 403)])
def test_a_direction_that_is_shut_does_not_shut_the_other(two, shut, code):
    """As behind a proxy that lets no such request through: for as long as it lasts, not once."""
    service, site = two
    if "PUT" in shut:
        run(site)
        site.lay("Gärdet", GARDET, "Gärdets Bageri AB")
        service.account.add(GARDET, "Gärdets Bageri AB", receive_invoices=True)
    service.fault(shut, faults.refuse(code), times=2)
    for wanted in (True, False):
        service.account.choose(LINDQVIST, receive_invoices=wanted)
        failed = run(site, 5)
        assert f"receive_invoices: {str(wanted).lower()}" in site.file("Lindqvist", "preferences.yaml"), failed.stdout
    service.account.choose(LINDQVIST, receive_invoices=True)
    run(site)
    assert_in_step(service, site)


REFUSALS = [(403, "forbidden", "does not let this account"), (404, "service_error", "404"), (400, "call_refused", "400"),
            (429, "rate_limited", "asked too often"), (500, "service_error", "500"), (502, "service_error", "502"),
            (503, "service_error", "503")]


@pytest.mark.parametrize("call,status,code,words", [
    (call, *refusal) for call in CALLS for refusal in REFUSALS if call == "GET /v1/companies" or refusal[0] in (403, 503)])
def test_a_refused_call_is_told_with_its_request(two, call, status, code, words):
    service, site = two
    begin(service, site, call)
    service.fault(call, faults.refuse(status))
    before = files(site)
    result = run(site, 5)
    assert error_of(result) == code and words in result.stdout
    assert f"request q-{len(service.requests)}" in result.stdout
    if "POST" not in call:
        assert files(site) == before
    run(site)
    assert_in_step(service, site)


@pytest.mark.parametrize("call", CALLS)
def test_a_service_that_repeats_our_token(two, call):
    service, site = two
    site.config.write_text(site.config.read_text().replace("format: json", "format: json, level: debug"))
    begin(service, site, call)
    service.fault(call, faults.repeat_token(500))
    result = run(site, 5)
    assert error_of(result) == "service_error" and "answered 500" in result.stdout
    assert service.tokens[-1] not in result.stdout + result.stderr and "you sent" not in result.stdout + result.stderr
    run(site)
    assert_in_step(service, site)


def test_a_page_of_a_proxy_that_says_no(two):
    service, site = two
    service.fault("GET /v1/companies", nonsense.other_body(PAGE, "text/html", status=502))
    fails_and_recovers(service, site, "GET /v1/companies", "service_error", "502")


@pytest.mark.parametrize("status,kind", [(503, "text/html"), (200, "text/html"), (403, "text/html"), (404, "text/html; charset=utf-8"),
                                         (302, "text/html"), (401, "text/html"), (502, "application/octet-stream")])
def test_the_doctor_sees_that_not_the_service_answers(two, status, kind):
    service, site = two
    service.fault("GET /v1/companies", nonsense.other_body(PAGE, kind, status=status), times=0)
    site.start()
    wait_for(lambda: site.status()["last_run"])
    told = site.command("doctor")
    wrong = [one["message"] for one in json.loads(told.stdout)["findings"] if one["severity"] == "error"]
    assert told.returncode == 1 and any(f"answered {status} with " in one and "401 in JSON" in one for one in wrong), wrong
    checked = site.command("config", "check", str(site.config))
    assert checked.returncode == 1, checked.stdout


FAR = "Fri, 31 Dec 9999 23:59:59 GMT"


@pytest.mark.parametrize("call,status,after", [
    ("GET /v1/companies", 429, "3000"), ("GET /v1/changes", 503, faults.http_date), ("PUT /v1/installations", 503, "3000"),
    ("POST /v1/preferences", 429, faults.http_date), ("POST /in%C3%A5t/token", 429, "3000"),
    ("GET /v1/companies", 503, FAR)])
def test_the_daemon_waits_for_as_long_as_it_is_asked_to(two, call, status, after):
    service, site = two
    begin(service, site, call)
    asked = time.time()
    service.fault(call, faults.refuse(status, Retry_After=after if isinstance(after, str) else after(3000)))
    site.start()
    assert site.wait_for_run()["outcome"] == "failed"
    rest = moment(wait_for(lambda: site.status()["next_run_at"])) - asked
    assert rest > 2998, "the first retry would be within five seconds"
    assert rest < 3060 or after == FAR
    assert site.sync()["outcome"] == "completed", "a person need not wait"
    assert_in_step(service, site)


def moment(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
