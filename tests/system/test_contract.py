"""The daemon with another implementation of the contract: what it must do when nothing is wrong but much is unusual."""
import pathlib
import signal
import time

import pytest

from conftest import AKERIET, EKSTROM, LINDQVIST
from contract_site import (GARDET, assert_in_step, certificates, files, kill_at, make, operations, run,  # noqa: F401
                           run_until_done, two, two_companies, valid_number, written)
from daemon_stage import Supervisor
from fake_faults import do, drop_done, stall_done


def test_first_sync_both_ways_and_then_nothing_to_do(two):
    service, site = two
    run(site)
    assert_in_step(service, site)
    run(site)  # hears of its own push
    before, asked = files(site), len(service.requests)
    assert "0 changes" in run(site).stdout
    assert len(service.requests) - asked <= 3
    assert all(request.method == "GET" or "token" in request.target for request in service.requests[asked:])
    assert files(site) == before


def test_every_page_is_read(two):
    service, site = two
    numbers = [valid_number(serial) for serial in range(9)]
    for number in numbers:
        service.account.add(number, "Övrigt AB", send_all_invoices=True)
        site.lay(number, number, "Övrigt AB")
    run(site)
    assert_in_step(service, site)
    assert all("send_all_invoices: true" in site.file(number, "preferences.yaml") for number in numbers)
    for number in numbers:
        service.account.choose(number, send_all_invoices=False)
    service.account.choose(numbers[0], receive_invoices=True)
    run(site)
    assert all("send_all_invoices: false" in site.file(number, "preferences.yaml") for number in numbers[:9])
    assert "receive_invoices: true" in site.file(numbers[0], "preferences.yaml")
    assert len(service.seen("GET /v1/changes")) > 3


def test_pages_that_come_slowly_are_progress_and_one_that_never_comes_is_none(two, tmp_path):
    """The watchdog's time is shorter than the list takes, and longer than a page does."""
    service, site = two
    for serial in range(30):
        service.account.add(valid_number(serial), "Övrigt AB")
    supervisor = Supervisor(tmp_path)
    site.environment = supervisor.environment(WATCHDOG_USEC="800000")
    fed = []
    service.fault("GET /v1/companies", do(lambda: (time.sleep(0.3), fed.append(supervisor.heard.count("WATCHDOG=1")))), times=0)
    stalled = service.fault("PUT /v1/installations", stall_done())
    site.start()
    assert stalled.reached.wait(30)
    assert len(fed) >= 8, "so many pages"
    assert fed[-1] - fed[0] >= len(fed) // 2, fed
    time.sleep(0.8)
    before = supervisor.heard.count("WATCHDOG=1")
    time.sleep(1.2)
    assert supervisor.heard.count("WATCHDOG=1") == before, "the run hangs"
    site.kill()
    supervisor.close()


def test_a_change_while_the_list_is_read_is_not_lost(two):
    service, site = two
    service.account.add(AKERIET, "Åkeriet AB")  # last in, first out: it stands on the first page
    service.account.add(GARDET, "Gården AB")
    site.lay("Åkeriet", AKERIET, "Åkeriet AB")
    service.fault("GET /v1/companies?*after=", do(lambda: service.account.choose(AKERIET, receive_invoices=False)))
    run(site)
    run(site)
    assert "receive_invoices: false" in site.file("Åkeriet", "preferences.yaml")


def test_no_more_than_five_hundred_operations_at_once(make):
    service, site = make()
    service.account.page = 300
    numbers = [valid_number(serial) for serial in range(501)]
    for number in numbers:
        service.account.add(number, "Bolag AB")
        site.lay(number, number, "Bolag AB")
        site.choose(number, "receive_invoices: true\n")
    run(site)
    assert sorted(written(service)) == [(number, {"receive_invoices": True}) for number in sorted(numbers)]
    assert len(service.seen("POST /v1/preferences")) == 2


def test_names_with_anything_in_them(two):
    service, site = two
    name = 'Å "b": \'c\' #d\n- e: {f}\t&g *h !i |j >k %l @m `n\u2028\U0001f600\\'
    service.account.edit(LINDQVIST, lambda record: record.update(name=name))
    service.account.edit(LINDQVIST, lambda record: record["collaboration"]["office"].update(name=name))
    run(site)
    assert_in_step(service, site)
    run(site)
    assert "0 changes" in run(site).stdout


@pytest.mark.parametrize("replay", ["then", "now"])
def test_a_lost_answer_is_asked_for_again_and_done_once(two, replay):
    service, site = two
    service.rules.replay = replay
    # Twice: where the connection had been kept a client may at once ask again.
    service.fault("POST /v1/preferences", drop_done(), times=2)
    codes = run_until_done(site)
    assert codes and set(codes) == {5}
    assert len({operation["operation_id"] for operation in operations(service)}) == 1
    assert all(operation == operations(service)[0] for operation in operations(service))
    assert_in_step(service, site)


@pytest.mark.parametrize("replay", ["then", "now"])
def test_what_came_after_a_lost_answer_is_newer_than_it(two, replay):
    service, site = two
    service.rules.replay = replay
    kill_at(site, service.fault("POST /v1/preferences", stall_done()))
    service.account.choose(EKSTROM, send_all_invoices=False)
    run(site)
    assert len({operation["operation_id"] for operation in operations(service)}) == 1
    assert written(service) == [(EKSTROM, {"send_all_invoices": True})]
    assert "send_all_invoices: false" in site.file("Ekström", "preferences.yaml")
    assert service.account.preferences(EKSTROM) == (False, None)


def test_a_remembered_operation_is_answered_before_any_other_check(two):
    service, site = two
    kill_at(site, service.fault("POST /v1/preferences", stall_done()))
    service.account.set_state(EKSTROM, "ended")
    run(site)
    assert written(service) == [(EKSTROM, {"send_all_invoices": True})]
    assert "state: ended" in site.file("Ekström", "collaboration.yaml")
    assert "send_all_invoices: true" in site.file("Ekström", "preferences.yaml")


def test_an_answer_that_never_comes_does_not_keep_the_daemon_from_stopping(two):
    service, site = two
    stalled = service.fault("POST /v1/preferences", stall_done())
    assert kill_at(site, stalled, signal.SIGTERM) == 0
    run(site)
    assert_in_step(service, site)


def test_a_lost_registration_is_made_again(two):
    service, site = two
    service.fault("PUT /v1/installations", drop_done(), times=2)
    assert set(run_until_done(site)) == {5}
    assert_in_step(service, site)


@pytest.mark.skipif(not pathlib.Path("/etc/machine-id").exists(), reason="a machine without an id keeps its own in the state")
def test_a_lost_state_leads_to_the_same_installation_and_to_no_write(two):
    service, site = two
    run(site)
    before = files(site)
    for path in (site.folder / "state").iterdir():
        path.unlink()
    run(site)
    assert_in_step(service, site)
    assert files(site) == before
    assert len({request.target for request in service.seen("PUT")}) == 1


def test_it_works_below_a_path_and_with_a_sign_in_that_says_little(make):
    service, site = two_companies(*make(prefix="/spiris/api", issuer_path="/realms/norr%20sken"))
    service.expires_in = None
    run(site)
    assert_in_step(service, site)




@pytest.mark.parametrize("seconds", [2 ** 31 - 1, 10 ** 9, 2 ** 62])
def test_a_token_that_lasts_long_is_used_as_long(two, seconds):
    service, site = two
    service.expires_in = seconds
    run(site)
    assert_in_step(service, site)
    assert len(service.tokens) == 1


def test_a_token_that_lasts_no_time_is_good_for_its_request(two):
    service, site = two
    service.expires_in = 0
    run(site)
    assert_in_step(service, site)




@pytest.mark.parametrize("name", ['å"\\', "true", "0x1F"])
def test_a_name_stays_a_text_in_the_notice(two, name):
    service, site = two
    service.account.edit(LINDQVIST, lambda record: record["collaboration"]["assignment"].update(name=name))
    run(site)
    told = site.file("Lindqvist", "collaboration.yaml")
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    assert f'name: "{quoted}"\n' in told, told
