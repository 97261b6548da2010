"""The daemon with a service that breaks: each failure is told clearly, harms nothing, and the next run completes."""
import pytest

import fake_faults as faults
import fake_nonsense as nonsense
from conftest import EKSTROM, LINDQVIST
from contract_site import (CALLS, PAGE, SIGN_IN, assert_in_step, begin, certificates, error_of, events,  # noqa: F401
                           fails_and_recovers, files, make, run, run_until_done, two)

# What goes wrong, and words of the sentence that a person is told.
NONSENSE = {
    "half body": (nonsense.half_body, "half-way"),
    "half chunk": (nonsense.half_chunk, "half-way"),
    "half head": (nonsense.half_head, "half-way"),
    "cut by a stranger": (nonsense.cut_by_stranger, "half-way"),
    "garbage": (nonsense.garbage, "as a web service does"),
    "oversized body": (nonsense.oversized_body, "more than is allowed"),
    "oversized chunks": (nonsense.oversized_chunks, "more than is allowed"),
    "oversized head": (nonsense.oversized_head, "more than is allowed"),
    "many heads": (nonsense.many_heads, "more than is allowed"),
    "HTML called JSON": (lambda: nonsense.other_body(PAGE), "not whole JSON"),
    "truncated JSON": (nonsense.truncated_json, "not whole JSON"),
    "nothing": (lambda: nonsense.other_body(b""), "not whole JSON"),
    "two values": (lambda: nonsense.other_body(b"{} {}"), "not whole JSON"),
    "broken UTF-8": (lambda: nonsense.other_body(b'{"x":"\xc3("}'), "another kind than agreed"),
    "a list": (lambda: nonsense.other_body(b"[]"), "another kind than agreed"),
    "deeply nested": (lambda: nonsense.nested(100000), "not whole JSON"),
}


# All of it where most is read and where it is written; a few of each sort elsewhere.
EVERYWHERE = ["half body", "garbage", "oversized body", "truncated JSON"]
NONSENSE_AT = [(call, kind) for call in CALLS + SIGN_IN for kind in NONSENSE
               if kind in EVERYWHERE or call in ("GET /v1/companies", "POST /v1/preferences")]


@pytest.mark.parametrize("call,kind", NONSENSE_AT)
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
    service.fault(call, nonsense.other_body(None, "text/html; charset=utf-8"))
    fails_and_recovers(service, site, call, "bad_reply", "text/html instead of JSON")


WRONG_TYPES = {
    "GET /v1/companies": {"items": 7, "epoch": None, "cursor": 7, "next": 7},
    "GET /v1/changes": {"items": {}, "epoch": ["x"], "cursor": None, "more": "false"},
    "PUT /v1/installations": {"claims": {}},
    "POST /v1/preferences": {"results": [], "operation_id": 7, "status": "200", "company": LINDQVIST},
    "POST /in%C3%A5t/token": {"access_token": 7},
    "GET /.well-known/openid-configuration": {"issuer": None, "token_endpoint": 7},
}


@pytest.mark.parametrize("call,field", [(call, field) for call, fields in WRONG_TYPES.items() for field in fields])
def test_json_of_another_kind_than_agreed(two, call, field):
    service, site = two
    begin(service, site, call)
    service.fault(call, faults.with_field(field, WRONG_TYPES[call][field]))
    fails_and_recovers(service, site, call, "bad_reply", "another kind than agreed")


RECORD_FIELDS = {"version": ["7", None, 1.5, 10**400, True], "name": [7, ["x"], "x\ud83dy", "y" * 2000],
                 "function": [True, None, "asleep"], "preferences": [None, []], "receive_invoices": ["yes", 0],
                 "send_all_invoices": [1, [True]], "collaboration": [[], "active", 7], "state": [1, None, "resting"],
                 "office": ["Norrsken", 7], "updated_at": [7, {}]}


@pytest.mark.parametrize("call", ["GET /v1/companies", "GET /v1/changes"])
@pytest.mark.parametrize("field,value", [(field, value) for field, values in RECORD_FIELDS.items() for value in values])
def test_a_record_that_can_not_be_read_is_its_companys_trouble_alone(two, call, field, value):
    service, site = two
    begin(service, site, call)
    if "changes" in call:
        site.choose("Ekström", "# eget\nsend_all_invoices: false\n")
    service.fault(call, faults.with_field(field, value, company=LINDQVIST))
    before = files(site)
    result = run(site, 1)
    failed = events(result, "company.failed")
    assert [(one["company"], one["code"]) for one in failed] == [("556016-0680", "bad_record")], result.stdout
    assert "1 failed" in result.stdout and field in failed[0]["message"], result.stdout
    assert {path: what for path, what in files(site).items() if "Lindqvist" in str(path)} == \
        {path: what for path, what in before.items() if "Lindqvist" in str(path)}
    assert service.account.preferences(EKSTROM) == ("changes" not in call, None), "the other goes on"
    service.account.choose(LINDQVIST, send_all_invoices=True)
    run(site)
    assert "send_all_invoices: true" in site.file("Lindqvist", "preferences.yaml")


def test_a_company_that_is_no_text_is_nobodys(two):
    service, site = two
    service.fault("GET /v1/companies", faults.with_field("company", [], company=LINDQVIST))
    assert [one["company"] for one in events(run(site, 1), "company.failed")] == ["556016-0680"]
    assert service.account.preferences(EKSTROM) == (True, None), "the other goes on"
    service.account.choose(LINDQVIST, receive_invoices=False)
    run(site)
    assert "receive_invoices: false" in site.file("Lindqvist", "preferences.yaml")


@pytest.mark.parametrize("field,value", [("company", None), ("status", True), ("holder", 7)])
def test_a_claim_that_can_not_be_read_is_no_grant(two, field, value):
    service, site = two
    service.fault("PUT /v1/installations", faults.with_field(field, value, company=LINDQVIST))
    codes = [site.once().returncode, site.once().returncode]
    assert codes == [0 if field == "holder" else 1, 0]
    assert_in_step(service, site)


@pytest.mark.parametrize("call,drop", [*((call, faults.drop_undone) for call in CALLS + SIGN_IN),
                                       ("POST /v1/preferences", faults.drop_unread)])
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
    service.fault("CONNECT", faults.hang_up())
    assert error_of(run(site, 5)) in ("service_unreachable", "bad_reply")
    run(site)
    assert_in_step(service, site)


def test_connections_that_were_kept_and_are_gone_are_no_failure(two):
    service, site = two
    for call in CALLS + SIGN_IN:
        if "changes" not in call:
            service.fault(call, faults.closed_quietly())
    run(site)
    assert_in_step(service, site)


@pytest.mark.parametrize("odd", [nonsense.until_the_end, nonsense.as_in_1996])
def test_a_reply_that_lasts_until_the_connection_is_closed(two, odd):
    service, site = two
    for call in CALLS + SIGN_IN:
        if "changes" not in call:
            service.fault(call, odd())
    run(site)
    assert_in_step(service, site)


@pytest.mark.parametrize("call", ["GET /v1/companies", "POST /v1/preferences"])
def test_a_hint_before_the_reply_is_passed_over(two, call):
    service, site = two
    service.fault(call, nonsense.hints_first())
    run(site)
    assert_in_step(service, site)


def test_a_reply_that_nobody_asked_for_answers_nothing(two):
    service, site = two
    lie = [{"company": number, "status": "held", "holder": "x", "holder_host": "lögn"} for number in (LINDQVIST, EKSTROM)]
    service.fault("GET /v1/companies", nonsense.more_than_asked_for({"epoch": service.account.epoch, "claims": lie}))
    assert "lögn" not in site.once().stdout
    run(site)
    assert_in_step(service, site)
