"""The daemon with a service that forgets: its cursors, or everything but its values."""
import pytest

from conftest import AKERIET, EKSTROM, LINDQVIST
from contract_site import (assert_in_step, certificates, error_of, files, kill_at, make, operations, run,  # noqa: F401
                           two, valid_number, written)
from fake_account import Problem
from fake_faults import altered, do, refuse, stall_done, stall_undone


def restored(service):
    return do(service.account.restore)


def test_an_expired_cursor_leads_to_a_full_list_in_the_same_run(two):
    service, site = two
    run(site)
    service.account.choose(LINDQVIST, receive_invoices=False)
    service.fault("GET /v1/changes", refuse(410, "cursor_expired"))
    lists = len(service.seen("GET /v1/companies"))
    run(site)
    assert "receive_invoices: false" in site.file("Lindqvist", "preferences.yaml")
    assert len(service.seen("GET /v1/companies")) == lists + 1
    feeds = len(service.seen("GET /v1/changes"))
    assert "0 changes" in run(site).stdout
    assert len(service.seen("GET /v1/changes")) == feeds + 1 and len(service.seen("GET /v1/companies")) == lists + 1


@pytest.mark.parametrize("answer", ["410", "409", "200"])
def test_an_epoch_that_changed_between_runs(two, answer):
    service, site = two
    run(site)
    service.account.restore()
    service.account.choose(LINDQVIST, receive_invoices=True)
    if answer == "409":
        service.fault("GET /v1/changes", refuse(409, "epoch_changed"))
    if answer == "200":  # what an old cursor gives is nothing to go by
        for cursor in service.account.cursors:
            service.account.cursors[cursor] = (service.account.epoch, 0)
        nonsense = {"company": EKSTROM, "version": 9 * 10 ** 12, "gone": True}
        service.fault("GET /v1/changes", altered(lambda page: page["items"].append(nonsense)))
    site.choose("Ekström", "# eget\nsend_all_invoices: true\nreceive_invoices: true\n")
    run(site)
    assert written(service)[1:] == [(EKSTROM, {"receive_invoices": True})]
    assert "0 changes" in run(site).stdout


def test_an_epoch_that_changes_while_the_list_is_read_begins_it_anew(two):
    service, site = two
    for serial in range(5):
        service.account.add(valid_number(serial), "Annat AB")
    service.fault("GET /v1/companies?*after=", restored(service), after=1)
    run(site)
    assert_in_step(service, site)
    assert len([request for request in service.seen("GET /v1/companies") if "after" not in request.target]) == 2
    assert operations(service)[0]["if_version"] < 100, "versions of before mean nothing"


def test_an_epoch_that_changes_again_and_again(two):
    service, site = two
    service.account.add(AKERIET, "Åkeriet AB")
    service.fault("GET /v1/companies?*after=", restored(service), times=3)
    before = files(site)
    assert error_of(run(site, 5)) == "bad_reply"
    assert files(site) == before
    run(site)
    assert_in_step(service, site)


def test_an_epoch_that_changes_in_the_middle_of_the_feed(two):
    service, site = two
    run(site)
    numbers = [valid_number(serial) for serial in range(5)]
    for number in numbers:
        service.account.add(number, "Annat AB", receive_invoices=True)
        site.lay(number, number, "Annat AB")
    service.fault("GET /v1/changes", restored(service), after=1)
    run(site)
    assert_in_step(service, site)
    assert all("receive_invoices: true" in site.file(number, "preferences.yaml") for number in numbers)


@pytest.mark.parametrize("call", ["PUT /v1/installations", "POST /v1/preferences"])
def test_an_epoch_that_changes_before_a_write(two, call):
    service, site = two
    service.fault(call, restored(service))
    run(site)
    assert_in_step(service, site)
    assert len(service.seen("PUT")) == 2, "claims are asked for anew"


@pytest.mark.parametrize("done", [True, False])
def test_an_unclear_operation_of_another_epoch_is_planned_anew(two, done):
    service, site = two
    kill_at(site, service.fault("POST /v1/preferences", stall_done() if done else stall_undone()))
    service.account.restore()
    run(site)
    assert service.account.preferences(EKSTROM) == (True, None)
    assert len(service.writes) == 1
    assert len({operation["operation_id"] for operation in operations(service)}) == (1 if done else 2)


def test_a_restored_value_overwrites_nothing(two):
    service, site = two
    run(site)
    run(site)
    service.account.choose(EKSTROM, send_all_invoices=False)
    service.account.choose(LINDQVIST, receive_invoices=False)
    service.account.restore()
    assert "2 held" in run(site, 1).stdout
    assert "send_all_invoices: true" in site.file("Ekström", "preferences.yaml")
    assert "receive_invoices: true" in site.file("Lindqvist", "preferences.yaml")
    assert service.account.preferences(EKSTROM) == (False, None)
    assert len(service.writes) == 1


def test_after_a_restore_low_versions_count(two):
    service, site = two
    run(site)
    service.account.restore()
    run(site)
    service.account.choose(LINDQVIST, receive_invoices=False)
    run(site)
    assert "receive_invoices: false" in site.file("Lindqvist", "preferences.yaml")


def endless(service, change):
    """Pages without end; after a hundred the service gives up, so that the test ends."""
    def page(value):
        if len(service.requests) > 100:
            raise Problem(500, "endless")
        change(value)
    return altered(page)




def test_a_feed_that_does_not_move_is_an_error(two):
    service, site = two
    run(site)
    here = next(reversed(service.account.cursors))
    service.fault("GET /v1/changes", endless(service, lambda page: page.update(more=True, cursor=here)), times=0)
    assert error_of(run(site, 5)) == "bad_reply"


def test_a_list_that_leads_back_to_itself_is_an_error(two):
    service, site = two
    service.account.pages["här"] = (1, [LINDQVIST])
    service.fault("GET /v1/companies", endless(service, lambda page: page.update(next="här")), times=0)
    assert error_of(run(site, 5)) == "bad_reply"
