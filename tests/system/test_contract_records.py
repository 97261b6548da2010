"""The daemon with another implementation of the contract: records that say something new, old, or nothing."""
import pytest

from conftest import EKSTROM, LINDQVIST
from contract_site import (assert_in_step, certificates, files, make, online, operations, run, two, written)  # noqa: F401
from fake_faults import altered, refuse


@pytest.mark.parametrize("where,field", [(None, "function"), ("collaboration", "state"), ("collaboration", "awaiting"),
                                         ("collaboration", "payee"), ("collaboration", "invoice_recipient"),
                                         ("registration", "receive")])
def test_a_value_that_is_not_known_sets_that_company_aside_alone(two, where, field):
    service, site = two

    def say(value):
        service.account.edit(LINDQVIST, lambda record: (record[where] if where else record).update({field: value}))

    known = (service.account.records[LINDQVIST][where] if where else service.account.records[LINDQVIST])[field]
    say("kvantläge")
    assert "Lindqvist (failed)" in run(site, 1).stdout
    assert site.file("Lindqvist", "preferences.yaml") == "" == site.file("Lindqvist", "collaboration.yaml")
    assert written(service) == [(EKSTROM, {"send_all_invoices": True})]
    say(known)
    run(site)
    assert_in_step(service, site)


def unknown_state(result):
    result["record"]["collaboration"]["state"] = "kvantläge"


def unknown_status(result):
    result.update(status=451, problem={"code": "nytt", "request_id": "q-x"}, record=None)


def unknown_code(result):
    result.update(status=409, problem={"code": "nytt"}, record=None)




@pytest.mark.parametrize("change", [unknown_state, unknown_status, unknown_code])
def test_a_result_that_is_not_known_fails_that_company_alone(two, change):
    service, site = two
    site.choose("Lindqvist", "send_all_invoices: true\n")
    service.fault("POST /v1/preferences", altered(lambda answer: change(
        next(result for result in answer["results"] if operation_of(service, result)["company"] == EKSTROM))))
    assert "1 synced" in run(site, 1).stdout
    service.account.edit(EKSTROM, lambda record: None)
    run(site)
    assert sorted(written(service)) == [(number, {"send_all_invoices": True}) for number in (LINDQVIST, EKSTROM)]


def operation_of(service, result):
    return next(one for one in operations(service) if one["operation_id"] == result["operation_id"])


def test_a_claim_of_a_kind_that_is_not_known_is_no_grant(two):
    service, site = two
    service.fault("PUT /v1/installations", altered(lambda answer: next(
        claim for claim in answer["claims"] if claim["company"] == EKSTROM).update(status="lånad")))
    assert "1 synced" in run(site, 1).stdout
    assert service.writes == []


def older_one_too():
    def change(answer):
        now = next(record for record in answer["items"] if record["company"] == LINDQVIST)
        answer["items"].append({**now, "version": now["version"] - 1, "preferences": {"receive_invoices": False}})
    return altered(change)


@pytest.mark.parametrize("call", ["GET /v1/companies", "GET /v1/changes"])
def test_a_company_that_comes_twice_is_as_its_newest_record_says(two, call):
    service, site = two
    if "changes" in call:
        run(site)
        service.account.choose(LINDQVIST, receive_invoices=True)
    service.fault(call, older_one_too())
    run(site)
    assert_in_step(service, site)


def test_an_older_record_is_ignored(two):
    service, site = two
    stale = service.account.records[LINDQVIST]
    service.account.choose(LINDQVIST, receive_invoices=False)
    run(site)
    service.fault("GET /v1/changes", altered(lambda answer: answer.update(items=[stale])))
    run(site)
    assert "receive_invoices: false" in site.file("Lindqvist", "preferences.yaml")


def test_a_company_that_left_keeps_its_values_until_it_is_back(two):
    service, site = two
    run(site)
    before = files(site)
    service.account.leave(LINDQVIST)
    site.choose("Ekström", "# eget\nsend_all_invoices: false\n")
    assert "Lindqvist (failed)" in run(site, 1).stdout
    assert service.account.preferences(EKSTROM) == (False, None)
    assert {path: what for path, what in files(site).items() if "Lindqvist" in str(path)} == {
        path: what for path, what in before.items() if "Lindqvist" in str(path)}
    service.account.add(LINDQVIST, "Lindqvist Bygg AB", send_all_invoices=True, receive_invoices=True)
    run(site)
    assert "send_all_invoices: true" in site.file("Lindqvist", "preferences.yaml")


def test_a_company_that_leaves_in_mid_run_fails_alone(two):
    service, site = two
    service.fault("POST /v1/preferences", online(service, "leave", EKSTROM))
    assert "1 synced" in run(site, 1).stdout
    assert site.file("Ekström", "preferences.yaml") == "# eget\nsend_all_invoices: true\n"
    assert service.writes == []


def test_one_that_a_whole_list_no_longer_has_is_parked(two):
    service, site = two
    run(site)
    del service.account.records[LINDQVIST]
    service.fault("GET /v1/changes", refuse(410, "cursor_expired"))
    assert "not among the online account" in run(site, 1).stdout
    assert "receive_invoices: true" in site.file("Lindqvist", "preferences.yaml")


def test_a_number_that_is_none_stops_nobody_else(two):
    service, site = two
    for number in ("5555555555", "5560602345", "556016", ""):
        service.account.add(number, "Övningsbolaget AB")
    run(site)
    assert_in_step(service, site)
