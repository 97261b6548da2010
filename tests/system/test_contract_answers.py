"""The daemon with another implementation of the contract: answers that say no, and records that say something new."""
import pytest

from conftest import AKERIET, EKSTROM, LINDQVIST
from contract_site import (assert_in_step, certificates, files, make, operations, run, two, written)  # noqa: F401
from fake_faults import altered, do, refuse


def online(service, what, *words, **named):
    """Something that happens online just before an operation comes."""
    return do(lambda: getattr(service.account, what)(*words, **named))


def test_a_newer_version_leads_to_a_new_plan_in_the_same_run(two):
    service, site = two
    service.fault("POST /v1/preferences", online(service, "choose", EKSTROM, receive_invoices=False))
    run(site)
    assert "receive_invoices: false" in site.file("Ekström", "preferences.yaml")
    assert service.account.preferences(EKSTROM) == (True, False)
    assert len({operation["operation_id"] for operation in operations(service)}) == 2


def test_a_newer_choice_of_the_same_thing_wins_at_first_contact(two):
    service, site = two
    service.fault("POST /v1/preferences", online(service, "choose", EKSTROM, send_all_invoices=False))
    run(site)
    assert site.file("Ekström", "preferences.yaml") == "# eget\nsend_all_invoices: false\n"
    assert service.writes == []


def test_one_that_changes_again_and_again_is_given_up_for_this_time(two):
    service, site = two
    service.fault("POST /v1/preferences", online(service, "edit", EKSTROM, lambda record: None), times=4)
    assert "Ekström (failed)" in run(site, 1).stdout
    assert service.writes == [] and len(operations(service)) == 4
    run(site)
    assert_in_step(service, site)


def test_a_collaboration_that_just_ended_makes_the_wish_wait(two):
    service, site = two
    service.fault("POST /v1/preferences", online(service, "set_state", EKSTROM, "ended"))
    assert "1 waiting" in run(site).stdout
    sent = len(operations(service))
    assert "1 waiting" in run(site).stdout
    assert len(operations(service)) == sent and service.writes == []
    assert site.file("Ekström", "preferences.yaml") == "# eget\nsend_all_invoices: true\n"
    service.account.set_state(EKSTROM, "active")
    run(site)
    assert_in_step(service, site)


@pytest.mark.parametrize("state", ["invited", "declined", "expired", "ended", None])
def test_only_a_no_is_sent_before_the_collaboration_is_active(make, state):
    service, site = make()
    service.account.add(AKERIET, "Åkeriet AB", state)
    site.lay("Åkeriet", AKERIET, "Åkeriet AB")
    site.choose("Åkeriet", "send_all_invoices: true\nreceive_invoices: false\n")
    assert "1 waiting" in run(site).stdout
    assert written(service) == [(AKERIET, {"receive_invoices": False})]
    service.account.add(AKERIET, "Åkeriet AB", "ending", receive_invoices=False)
    run(site)
    assert written(service)[1:] == [(AKERIET, {"send_all_invoices": True})]


def test_a_claim_held_by_another_is_told_with_its_host_until_it_is_released(two):
    service, site = two
    service.rules.hold_elsewhere(EKSTROM, "gamla-servern")
    site.start().wait_for_run()
    problem = site.sync()["problems"][0]
    assert problem["reason"]["code"] == "claim_held" and "gamla-servern" in problem["reason"]["message"]
    assert service.writes == [] and site.file("Ekström", "collaboration.yaml") == ""
    assert "receive_invoices: true" in site.file("Lindqvist", "preferences.yaml")
    service.rules.claims.clear()
    assert site.sync()["outcome"] == "completed"
    assert_in_step(service, site)


def test_a_claim_lost_in_mid_run_fails_that_company_alone(two):
    service, site = two
    site.choose("Lindqvist", "send_all_invoices: true\n")
    service.fault("POST /v1/preferences", do(lambda: service.rules.hold_elsewhere(EKSTROM, "nya-servern")))
    assert "1 synced" in run(site, 1).stdout
    assert written(service) == [(LINDQVIST, {"send_all_invoices": True})]
    run(site, 1)
    assert len(written(service)) == 1
    service.rules.claims.clear()
    site.start().wait_for_run()
    assert site.sync()["counts"]["synced"] == 2
    assert (EKSTROM, {"send_all_invoices": True}) in written(service)


def test_a_company_that_enters_the_account_is_claimed_then(two):
    service, site = two
    site.lay("Åkeriet", AKERIET, "Åkeriet AB")
    assert "not among the online account" in run(site, 1).stdout
    service.account.add(AKERIET, "Åkeriet AB", send_all_invoices=False)
    run(site)
    assert "send_all_invoices: false" in site.file("Åkeriet", "preferences.yaml")


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


@pytest.mark.parametrize("change", [
    pytest.param(unknown_state, marks=pytest.mark.xfail(strict=True, reason="reported as synced until the next run")),
    unknown_status, unknown_code])
def test_a_result_that_is_not_known_fails_that_company_alone(two, change):
    service, site = two
    site.choose("Lindqvist", "send_all_invoices: true\n")
    service.fault("POST /v1/preferences", altered(lambda answer: change(
        next(result for result in answer["results"] if operation_of(service, result)["company"] == EKSTROM))))
    assert "1 synced" in run(site, 1).stdout
    service.account.edit(EKSTROM, lambda record: None)
    run(site)
    assert sorted(written(service)) == sorted([(EKSTROM, {"send_all_invoices": True}), (LINDQVIST, {"send_all_invoices": True})])


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
