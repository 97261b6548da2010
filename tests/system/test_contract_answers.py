"""The daemon with another implementation of the contract: answers that say no."""
import pytest

from conftest import AKERIET, EKSTROM, LINDQVIST
from contract_site import (assert_in_step, certificates, kill_at, make, online, operations, run, two,  # noqa: F401
                           written)
from fake_faults import do, stall_done, stall_undone


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


@pytest.mark.parametrize("replay", ["then", "now"])
def test_what_is_chosen_after_an_unclear_operation_is_sent_too(two, replay):
    service, site = two
    service.rules.replay = replay
    kill_at(site, service.fault("POST /v1/preferences", stall_done()))
    site.choose("Ekström", "send_all_invoices: false\nreceive_invoices: true\n")
    run(site)
    assert written(service) == [(EKSTROM, {"send_all_invoices": True}),
                                (EKSTROM, {"send_all_invoices": False, "receive_invoices": True})]
    assert service.account.preferences(EKSTROM) == (False, True)


def test_an_operation_that_was_never_done_and_is_outdated_is_planned_anew(two):
    service, site = two
    kill_at(site, service.fault("POST /v1/preferences", stall_undone()))
    service.account.choose(EKSTROM, receive_invoices=False)
    run(site)
    assert written(service) == [(EKSTROM, {"send_all_invoices": True})]
    assert "receive_invoices: false" in site.file("Ekström", "preferences.yaml")
    sent = [operation["operation_id"] for operation in operations(service)]
    assert sent[0] == sent[1] != sent[2]


def test_an_unclear_operation_whose_claim_went_elsewhere_stops_nobody_else(two):
    service, site = two
    kill_at(site, service.fault("POST /v1/preferences", stall_undone()))
    service.rules.hold_elsewhere(EKSTROM, "nya-servern")
    service.account.choose(LINDQVIST, send_all_invoices=False)
    run(site, 1)
    assert service.writes == []
    assert "send_all_invoices: false" in site.file("Lindqvist", "preferences.yaml")
