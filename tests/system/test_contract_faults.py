"""The daemon with a service that breaks: each failure is told clearly, harms nothing, and the next run completes."""
import contextlib
import re
import socket
import time
from datetime import datetime, timezone

import pytest

from conftest import LINDQVIST
from contract_site import (assert_in_step, certificates, error_of, files, make, run, run_until_done, two)  # noqa: F401
import fake_faults as faults

CALLS = ["GET /v1/companies", "GET /v1/changes", "PUT /v1/installations", "POST /v1/preferences"]
SIGN_IN = ["GET /.well-known/openid-configuration", "POST /in%C3%A5t/token"]
PAGE = "<!DOCTYPE html><title>Logga in</title><p>Å".encode()
# What goes wrong, and words of the sentence that a person is told.
NONSENSE = {
    "half body": (faults.half_body, "half-way"),
    "half chunk": (faults.half_chunk, "half-way"),
    "half head": (faults.half_head, "half-way"),
    "cut by a stranger": (faults.cut_by_stranger, "half-way"),
    "garbage": (faults.garbage, "as a web service does"),
    "oversized body": (faults.oversized_body, "more than is allowed"),
    "oversized chunks": (faults.oversized_chunks, "more than is allowed"),
    "oversized head": (faults.oversized_head, "more than is allowed"),
    "many heads": (faults.many_heads, "more than is allowed"),
    "HTML called JSON": (lambda: faults.other_body(PAGE), "not whole JSON"),
    "truncated JSON": (faults.truncated_json, "not whole JSON"),
    "nothing": (lambda: faults.other_body(b""), "not whole JSON"),
    "two values": (lambda: faults.other_body(b"{} {}"), "not whole JSON"),
    "broken UTF-8": (lambda: faults.other_body(b'{"items":[],"x":"\xc3("}'), "not whole JSON"),
    "a list": (lambda: faults.other_body(b"[]"), "another kind than agreed"),
    "deeply nested": (lambda: faults.nested(100000), "not whole JSON"),
}


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


@pytest.mark.parametrize("kind", NONSENSE)
@pytest.mark.parametrize("call", CALLS + SIGN_IN)
def test_a_reply_that_makes_no_sense(two, call, kind):
    service, site = two
    begin(service, site, call)
    fault, words = NONSENSE[kind]
    service.fault(call, fault())
    fails_and_recovers(service, site, call, "bad_reply", words)


@pytest.mark.parametrize("call", CALLS)
def test_a_page_for_people_instead_of_json(two, call):
    service, site = two
    begin(service, site, call)
    service.fault(call, faults.other_body(None, "text/html; charset=utf-8"))
    fails_and_recovers(service, site, call, "bad_reply", "text/html instead of JSON")


WRONG_TYPES = {
    "GET /v1/companies": {"items": 7, "epoch": None, "cursor": 7, "next": 7, "company": 5560160680, "version": "7",
                          "name": None, "collaboration": [], "preferences": None, "receive_invoices": "yes",
                          "send_all_invoices": 1, "state": 1, "office": "Norrsken"},
    "GET /v1/changes": {"items": {}, "epoch": ["x"], "cursor": None, "more": "false", "version": 1.5, "function": True},
    "PUT /v1/installations": {"claims": {}, "company": None, "status": True},
    "POST /v1/preferences": {"results": [], "operation_id": 7, "status": "200", "version": None, "company": LINDQVIST},
    "POST /in%C3%A5t/token": {"access_token": 7, "expires_in": "en timme"},
    "GET /.well-known/openid-configuration": {"issuer": None, "token_endpoint": 7},
}


@pytest.mark.parametrize("call,field", [(call, field) for call, fields in WRONG_TYPES.items() for field in fields])
def test_json_of_another_kind_than_agreed(two, call, field):
    service, site = two
    begin(service, site, call)
    service.fault(call, faults.with_field(field, WRONG_TYPES[call][field]))
    fails_and_recovers(service, site, call, "bad_reply", "another kind than agreed")


@pytest.mark.parametrize("call", CALLS + SIGN_IN)
@pytest.mark.parametrize("drop", [faults.drop_unread, faults.drop_undone])
def test_a_connection_that_breaks(two, call, drop):
    service, site = two
    begin(service, site, call)
    before = files(site)
    service.fault(call, drop(), times=2)
    assert 5 in [run_one(site, before, call)] + run_until_done(site)
    assert_in_step(service, site)


def run_one(site, before, call):
    """Nothing is written before all has been read."""
    result = site.once()
    if result.returncode == 5 and "POST /v1" not in call:
        assert files(site) == before
        assert error_of(result) in ("bad_reply", "service_unreachable")
    return result.returncode


def test_a_connection_that_ends_before_it_begins(two):
    service, site = two
    service.fault("CONNECT", faults.drop_unread())
    assert error_of(run(site, 5)) in ("service_unreachable", "bad_reply", "tls_failed")
    run(site)
    assert_in_step(service, site)


def test_connections_that_were_kept_and_are_gone_are_no_failure(two):
    service, site = two
    for call in CALLS + SIGN_IN:
        if "changes" not in call:
            service.fault(call, faults.closed_quietly())
    run(site)
    assert_in_step(service, site)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("call", CALLS + SIGN_IN)
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


REFUSALS = [(403, "forbidden", "does not let this account"), (404, "service_error", "404"), (400, "service_error", "400"),
            (429, "rate_limited", "wait 0 s"), (500, "service_error", "500"), (502, "service_error", "502"),
            (503, "service_error", "503"), (204, "service_error", "204")]


@pytest.mark.parametrize("status,code,words", REFUSALS)
@pytest.mark.parametrize("call", CALLS)
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
@pytest.mark.parametrize("status,code", [(429, "rate_limited"), (503, "service_error")])
@pytest.mark.parametrize("how", ["seconds", "date"])
def test_the_daemon_waits_for_as_long_as_it_is_asked_to(two, call, status, code, how):
    service, site = two
    begin(service, site, call)
    after = "3000" if how == "seconds" else faults.http_date(3000)
    asked = time.time()
    service.fault(call, faults.refuse(status, **{"Retry_After": after}))
    site.start()
    assert site.wait_for_run()["error"]["code"] == code
    rest = moment(site.status()["next_run_at"]) - asked
    assert 2998 < rest < 3060, "an hour is the interval, and five seconds the first retry"
    assert site.sync()["outcome"] == "completed", "a person need not wait"
    assert_in_step(service, site)


def moment(text):
    return datetime.fromisoformat(re.sub(r"Z$", "+00:00", text)).astimezone(timezone.utc).timestamp()
