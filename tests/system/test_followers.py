"""Two books of one company, of which one leads and the other follows."""
import json
import os
import re
import signal
import subprocess
from urllib.parse import quote

import pytest

from asked import curl, in_words
from conftest import BIN, wait_for

OVE = "7505052261"  # one person, whose two businesses share the number
FARM, SHOP, LODGE = "Ove Lantbruk", "Ove & co: butik på nätet", "Ove Stugor"
BOTH_OPEN = {"send_all_invoices": None, "receive_invoices": None}


def settle(site, leads=f"main:{FARM}", follow=(f"main:{SHOP}",)):
    """Says in the configuration which place leads; nothing for none."""
    text = site.config.read_text().partition("companies:")[0]
    companies = json.dumps({OVE: {"leads": leads, "follow": list(follow)}}, ensure_ascii=False)
    site.config.write_text(text + (f"companies: {companies}\n" if leads else ""))


@pytest.fixture
def two(office, site):
    """Both places stand, and nothing is chosen anywhere."""
    office.add_active(OVE, "Ove Persson")
    site.lay(FARM, OVE, "Ove Perssons lantbruk")
    site.lay(SHOP, OVE, "Ove på nätet")
    settle(site)
    return site


@pytest.fixture
def agreed(two):
    """The same, with a choice that all have."""
    two.choose(FARM, "receive_invoices: true\n")
    two.start().wait_for_run()
    return two


def answer(site, *words):
    result = site.command(*words)
    assert result.stdout, result
    return json.loads(result.stdout)


def company(site, place, installation="main"):
    for one in answer(site, "companies")["companies"]:
        if (one["installation"], one["place"]) == (installation, place):
            return one
    return None


def reload(site):
    assert site.command("reload").returncode == 0


def local(site, place):
    return site.file(place, "preferences.yaml")


def online(site):
    return site.office.record(OVE)["preferences"]


def held(site):
    return answer(site, "held")["held"]


# What is carried, and where to

def test_without_the_configuration_both_wait_for_a_person_who_is_told_what_to_write(two):
    settle(two, leads=None)
    two.choose(FARM, "receive_invoices: true\n")
    two.start().wait_for_run()
    for place in (FARM, SHOP):
        reason = company(two, place)["reason"]
        assert reason["code"] == "duplicate" and "leads" in reason["message"]
    assert online(two) == BOTH_OPEN


def test_a_choice_where_it_leads_goes_online_and_to_the_follower(agreed):
    assert online(agreed) == {"send_all_invoices": None, "receive_invoices": True}
    assert "receive_invoices: true" in local(agreed, SHOP)
    assert company(agreed, FARM)["follows"] is None and company(agreed, SHOP)["follows"] == f"main:{FARM}"
    assert company(agreed, FARM)["state"] == company(agreed, SHOP)["state"] == "synced"
    agreed.choose(FARM, "receive_invoices: false\nsend_all_invoices: true\n")
    run = agreed.sync()
    assert run["outcome"] == "completed" and run["problems"] == []
    assert online(agreed) == {"send_all_invoices": True, "receive_invoices": False}
    assert "receive_invoices: false" in local(agreed, SHOP) and "send_all_invoices: true" in local(agreed, SHOP)


def test_an_online_choice_goes_to_both(agreed):
    agreed.office.choose(OVE, receive_invoices="no", send_all_invoices="yes")
    agreed.sync()
    for place in (FARM, SHOP):
        assert "receive_invoices: false" in local(agreed, place) and "send_all_invoices: true" in local(agreed, place)
    assert agreed.sync()["changes"] == []


def test_a_run_that_has_nothing_to_do_writes_nothing(agreed):
    agreed.sync()
    before = {path: path.stat().st_mtime_ns for path in agreed.books.rglob("*")}
    run = agreed.sync()
    assert run["counts"]["synced"] == 2 and run["counts"]["changed"] == 0
    assert {path: path.stat().st_mtime_ns for path in agreed.books.rglob("*")} == before


def test_the_follower_is_told_of_the_collaboration(agreed):
    for place in (FARM, SHOP):
        assert "state: active" in agreed.file(place, "collaboration.yaml")
    agreed.office("end", OVE)
    agreed.sync()
    for place in (FARM, SHOP):
        assert "state: ended" in agreed.file(place, "collaboration.yaml")
        assert company(agreed, place)["collaboration"] == "ended"


def test_of_several_followers_each_is_written_to_in_its_own_installation(office, two):
    other = two.folder / "annat"
    (other / LODGE).mkdir(parents=True)
    (other / LODGE / "bok.se").write_bytes((two.books / FARM / "bok.se").read_bytes())
    text = two.config.read_text().replace("control:", f"  - {{id: annex, connector: folder, path: {other}}}\ncontrol:")
    two.config.write_text(text)
    settle(two, follow=(f"main:{SHOP}", f"{other}/{LODGE}"))
    two.choose(FARM, "receive_invoices: true\n")
    two.start().wait_for_run()
    assert "receive_invoices: true" in local(two, SHOP)
    assert "receive_invoices: true" in (other / LODGE / "samsynk/preferences.yaml").read_text()
    assert "state: active" in (other / LODGE / "samsynk/collaboration.yaml").read_text()
    assert company(two, LODGE, "annex")["follows"] == f"main:{FARM}"


def test_a_choice_without_a_collaboration_waits_in_both(office, site):
    office("company", "add", OVE, "Ove Persson")
    site.lay(FARM, OVE, "Ove Perssons lantbruk")
    site.lay(SHOP, OVE, "Ove på nätet")
    settle(site)
    site.choose(FARM, "receive_invoices: true\n")
    site.start().wait_for_run()
    assert company(site, FARM)["state"] == "waiting" and company(site, SHOP)["state"] == "waiting"
    assert company(site, SHOP)["reason"]["code"] == "waits_for_leader"
    assert "receive_invoices" not in local(site, SHOP)
    office("activate", OVE)
    office("approve", OVE)
    site.sync()
    assert online(site)["receive_invoices"] is True and "receive_invoices: true" in local(site, SHOP)


# A choice where it only follows

def choose_in_the_follower(site):
    site.choose(SHOP, "receive_invoices: false\n")
    site.sync()
    (hold,) = held(site)
    return hold


def test_a_choice_in_the_follower_is_held_and_goes_nowhere(agreed):
    hold = choose_in_the_follower(agreed)
    assert hold["kind"] == "followed_choice" and hold["planned"] is None
    (row,) = hold["rows"]
    assert (row["place"], row["company"], row["preference"]) == (SHOP, OVE, "receive_invoices")
    assert (row["local"], row["online"]) == (False, True)
    one = company(agreed, SHOP)
    assert one["state"] == "held" and one["reason"]["code"] == "followed_choice"
    assert f"main:{FARM}" in one["reason"]["message"]
    assert company(agreed, FARM)["state"] == "synced"
    assert online(agreed)["receive_invoices"] is True
    assert "receive_invoices: true" in local(agreed, FARM) and "receive_invoices: false" in local(agreed, SHOP)
    agreed.sync()
    assert "receive_invoices: false" in local(agreed, SHOP) and held(agreed)[0]["id"] == hold["id"]
    metrics = subprocess.run(["curl", "-s", "--unix-socket", agreed.socket, "http://localhost/metrics"], text=True,
                             stdout=subprocess.PIPE, check=True).stdout
    assert re.search(r'^samsynk_holds\{kind="followed_choice"\} 1$', metrics, re.M), metrics


def test_what_is_held_is_said_in_words(agreed):
    hold = choose_in_the_follower(agreed)
    code, words = in_words(agreed, "held")
    assert code == 1 and f"{hold['id']}: a choice was made in a place that follows another one" in words
    code, words = in_words(agreed, "held", language="sv_SE.UTF-8")
    assert code == 1 and f"{hold['id']}: ett val har gjorts i en plats som följer en annan" in words


def test_a_yes_to_it_is_a_choice_where_it_leads(agreed):
    hold = choose_in_the_follower(agreed)
    assert agreed.command("approve", hold["id"]).returncode == 2, "whose choice is taken must be said"
    done = agreed.command("approve", hold["id"], "--take", "local")
    assert done.returncode == 0, done
    assert "receive_invoices: false" in local(agreed, FARM) and "receive_invoices: false" in local(agreed, SHOP)
    assert online(agreed)["receive_invoices"] is False
    assert held(agreed) == [] and company(agreed, SHOP)["state"] == "synced"
    newest = answer(agreed, "history", OVE)["runs"][0]
    assert {change["kind"] for change in newest["changes"]} >= {"chosen", "to_online"}
    assert agreed.sync()["changes"] == []


def test_a_no_to_it_puts_the_follower_back(agreed):
    hold = choose_in_the_follower(agreed)
    assert agreed.command("approve", hold["id"], "--take", "online").returncode == 0
    assert "receive_invoices: true" in local(agreed, FARM) and "receive_invoices: true" in local(agreed, SHOP)
    assert online(agreed)["receive_invoices"] is True
    assert held(agreed) == [] and company(agreed, SHOP)["state"] == "synced"
    agreed.choose(FARM, "receive_invoices: false\n")
    agreed.sync()
    assert "receive_invoices: false" in local(agreed, SHOP), "and it follows on"


def test_a_yes_does_not_overwrite_what_was_chosen_at_the_leader_meanwhile(agreed):
    """The person who says yes has seen another choice there."""
    agreed.choose(FARM, "receive_invoices: true\nsend_all_invoices: true\n")
    agreed.sync()
    agreed.choose(SHOP, "receive_invoices: true\nsend_all_invoices: false\n")
    agreed.sync()
    (hold,) = held(agreed)
    agreed.choose(FARM, "receive_invoices: true\n")  # taken back, and not seen by any run yet
    done = agreed.command("approve", hold["id"], "--take", "local")
    assert done.returncode != 0 and "changed_meanwhile" in done.stdout + done.stderr, done
    assert "send_all_invoices: false" not in local(agreed, FARM)
    assert online(agreed)["send_all_invoices"] is not False


def test_a_choice_the_follower_makes_as_its_leader_does_is_none(agreed):
    agreed.choose(FARM, "receive_invoices: false\n")
    agreed.choose(SHOP, "receive_invoices: false\n")
    agreed.sync()
    assert held(agreed) == [] and online(agreed)["receive_invoices"] is False


def test_a_choice_that_is_taken_back_asks_nobody_any_more(agreed):
    choose_in_the_follower(agreed)
    agreed.choose(SHOP, "receive_invoices: true\n")
    agreed.sync()
    assert held(agreed) == [] and company(agreed, SHOP)["state"] == "synced"


def test_choosing_for_a_follower_is_refused(agreed):
    before = local(agreed, SHOP)
    refused = agreed.command("set", f"main:{SHOP}", "--receive-invoices", "no")
    assert refused.returncode == 1 and json.loads(refused.stdout)["error"]["code"] == "followed_choice", refused
    assert f"main:{FARM}" in json.loads(refused.stdout)["error"]["message"]
    status, told = curl(agreed, f"/v1/companies/{quote(f'main:{SHOP}', safe='')}/preferences", "-X", "PATCH", "-d",
                        '{"receive_invoices": false}', "-H", "Content-Type: application/json")
    assert status == 409 and told["code"] == "followed_choice", told
    assert local(agreed, SHOP) == before and online(agreed)["receive_invoices"] is True
    assert agreed.command("set", OVE, "--receive-invoices", "no").returncode == 0, "the number is the leader's"
    assert online(agreed)["receive_invoices"] is False and "receive_invoices: false" in local(agreed, SHOP)


# The first time

@pytest.mark.parametrize("policy", ["online", "local", "hold"])
def test_what_differs_at_first_is_asked_about_and_not_overwritten(two, policy):
    two.config.write_text(two.config.read_text().replace("push: false", f"push: false, first_contact: {policy}"))
    two.choose(FARM, "receive_invoices: true\n")
    two.choose(SHOP, "receive_invoices: false\nsend_all_invoices: true\n")
    two.start().wait_for_run()
    kinds = {(hold["kind"], row["preference"]) for hold in held(two) for row in hold["rows"]}
    assert ("first_contact", "receive_invoices") in kinds
    assert local(two, SHOP).startswith("receive_invoices: false\nsend_all_invoices: true\n")
    assert "receive_invoices: true" in local(two, FARM) and "send_all_invoices" not in local(two, FARM)
    assert online(two) == {"send_all_invoices": None, "receive_invoices": True}
    assert company(two, SHOP)["state"] == "held"


@pytest.mark.parametrize("take, wanted", [("local", "false"), ("online", "true")])
def test_what_differs_at_first_is_answered(two, take, wanted):
    two.choose(FARM, "receive_invoices: true\n")
    two.choose(SHOP, "receive_invoices: false\n")
    two.start().wait_for_run()
    (hold,) = held(two)
    assert hold["kind"] == "first_contact"
    assert two.command("approve", hold["id"], "--take", take).returncode == 0
    for place in (FARM, SHOP):
        assert f"receive_invoices: {wanted}" in local(two, place)
    assert online(two)["receive_invoices"] is (wanted == "true") and held(two) == []
    assert two.sync()["changes"] == []


def test_a_choice_that_only_the_follower_has_is_asked_about(two):
    two.choose(SHOP, "send_all_invoices: true\n")
    two.start().wait_for_run()
    (hold,) = held(two)
    assert hold["kind"] == "first_contact" and (hold["rows"][0]["local"], hold["rows"][0]["online"]) == (True, None)
    assert online(two) == BOTH_OPEN and local(two, FARM) == ""
    assert two.command("approve", hold["id"], "--take", "local").returncode == 0
    assert "send_all_invoices: true" in local(two, FARM) and online(two)["send_all_invoices"] is True


def test_a_no_to_a_choice_that_only_the_follower_has_chooses_nothing(two):
    two.choose(SHOP, "send_all_invoices: true\n")
    two.start().wait_for_run()
    two.command("approve", held(two)[0]["id"], "--take", "online")
    assert online(two) == BOTH_OPEN and "send_all_invoices" not in local(two, FARM)


# The leader away

def take_away(site, place):
    os.rename(site.books / place, site.folder / "borta")


def test_while_the_leader_is_gone_nothing_is_written(agreed):
    take_away(agreed, FARM)
    agreed.office.choose(OVE, receive_invoices="no")
    before = local(agreed, SHOP)
    agreed.sync()
    leader, follower = company(agreed, FARM), company(agreed, SHOP)
    assert leader["state"] == "failed" and leader["reason"]["code"] == "company_missing"
    assert follower["state"] == "waiting" and follower["reason"]["code"] == "waits_for_leader"
    assert local(agreed, SHOP) == before
    os.rename(agreed.folder / "borta", agreed.books / FARM)
    agreed.sync()
    assert "receive_invoices: false" in local(agreed, SHOP) and company(agreed, SHOP)["state"] == "synced"


def test_while_the_leader_can_not_be_read_nothing_is_written(agreed):
    choices = agreed.books / FARM / "samsynk/preferences.yaml"
    choices.unlink()
    choices.mkdir()
    agreed.office.choose(OVE, receive_invoices="no")
    before = local(agreed, SHOP)
    agreed.sync()
    assert company(agreed, FARM)["state"] == "failed"
    assert company(agreed, SHOP)["reason"]["code"] == "waits_for_leader"
    assert local(agreed, SHOP) == before
    choices.rmdir()
    agreed.choose(FARM, "receive_invoices: true\n")
    agreed.sync(OVE)
    assert company(agreed, FARM)["state"] == "synced" and "receive_invoices: false" in local(agreed, SHOP)


def test_a_leader_that_was_never_found_leads_to_no_write(two):
    settle(two, leads="main:Finns inte")
    two.choose(FARM, "receive_invoices: true\n")
    two.choose(SHOP, "receive_invoices: false\n")
    two.office.choose(OVE, send_all_invoices="yes")
    two.start().wait_for_run()
    assert company(two, "Finns inte")["reason"]["code"] == "company_missing"
    assert company(two, SHOP)["reason"]["code"] == "waits_for_leader"
    assert company(two, FARM)["state"] == "ignored", "it is not named"
    assert local(two, SHOP) == "receive_invoices: false\n" and local(two, FARM) == "receive_invoices: true\n"
    assert online(two) == {"send_all_invoices": True, "receive_invoices": None}


def test_an_answer_while_the_leader_is_gone_changes_nothing(agreed):
    hold = choose_in_the_follower(agreed)
    take_away(agreed, FARM)
    assert agreed.command("approve", hold["id"], "--take", "local").returncode != 0
    assert "receive_invoices: false" in local(agreed, SHOP) and online(agreed)["receive_invoices"] is True
    os.rename(agreed.folder / "borta", agreed.books / FARM)
    agreed.sync()
    assert [hold["kind"] for hold in held(agreed)] == ["followed_choice"], "it is asked again"
    assert "receive_invoices: true" in local(agreed, FARM)


def test_after_the_service_was_restored_the_follower_waits_for_the_answer(agreed):
    agreed.office("restore")
    agreed.office.choose(OVE, receive_invoices="no")
    agreed.sync()
    (hold,) = held(agreed)
    assert hold["kind"] == "service_restored" and [row["place"] for row in hold["rows"]] == [FARM]
    assert company(agreed, SHOP)["reason"]["code"] == "waits_for_leader"
    assert "receive_invoices: true" in local(agreed, SHOP)
    assert agreed.command("approve", hold["id"], "--take", "online").returncode == 0
    assert "receive_invoices: false" in local(agreed, FARM) and "receive_invoices: false" in local(agreed, SHOP)


def test_a_follower_that_shows_another_number_is_left_alone(agreed):
    file = agreed.books / SHOP / "bok.se"
    file.write_bytes(file.read_bytes().replace(b"750505-2261", b"556016-0680"))
    agreed.choose(FARM, "receive_invoices: false\n")
    agreed.sync()
    assert [hold["kind"] for hold in held(agreed)] == ["identity_changed"]
    assert online(agreed)["receive_invoices"] is False and "receive_invoices: true" in local(agreed, SHOP)


def test_a_follower_that_is_gone_holds_up_no_one(agreed):
    take_away(agreed, SHOP)
    agreed.choose(FARM, "receive_invoices: false\n")
    agreed.sync()
    assert company(agreed, SHOP)["reason"]["code"] == "company_missing"
    assert company(agreed, SHOP)["follows"] == f"main:{FARM}"
    assert company(agreed, FARM)["state"] == "synced" and online(agreed)["receive_invoices"] is False
    os.rename(agreed.folder / "borta", agreed.books / SHOP)
    agreed.sync()
    assert "receive_invoices: false" in local(agreed, SHOP) and held(agreed) == []


def test_a_leader_that_another_installation_holds_writes_to_no_follower(agreed, tmp_path):
    """Not granted: what stands online is not this leader's either."""
    assert agreed.command("release", OVE, "--yes").returncode == 0
    agreed.office.choose(OVE, receive_invoices="no")
    before = local(agreed, SHOP)
    agreed.sync()
    assert local(agreed, SHOP) == before
    assert company(agreed, SHOP)["state"] in ("waiting", "ignored")
    assert agreed.sync(OVE)["problems"] == []
    assert "receive_invoices: false" in local(agreed, SHOP)


# Another one leads

def test_another_place_made_the_leader_asks_before_it_chooses(agreed):
    agreed.config.write_text(agreed.config.read_text().replace("push: false", "push: false, first_contact: local"))
    settle(agreed, leads=f"main:{SHOP}", follow=(f"main:{FARM}",))
    agreed.choose(SHOP, "receive_invoices: false\n")
    reload(agreed)
    agreed.sync()
    (hold,) = held(agreed)
    assert hold["kind"] == "first_contact" and hold["rows"][0]["place"] == SHOP
    assert online(agreed)["receive_invoices"] is True and "receive_invoices: true" in local(agreed, FARM)
    assert company(agreed, FARM)["reason"]["code"] == "waits_for_leader"
    agreed.command("approve", hold["id"], "--take", "local")
    assert online(agreed)["receive_invoices"] is False and "receive_invoices: false" in local(agreed, SHOP)
    (hold,) = held(agreed)  # the old leader is a follower for the first time
    assert hold["kind"] == "first_contact" and [row["place"] for row in hold["rows"]] == [FARM]
    done = agreed.command("approve", hold["id"], "--take", "online")
    assert done.returncode == 0, (done.stdout, held(agreed), local(agreed, FARM))
    assert "receive_invoices: false" in local(agreed, FARM) and held(agreed) == []
    assert company(agreed, FARM)["follows"] == f"main:{SHOP}"


def test_another_leader_that_agrees_with_all_goes_on_at_once(agreed):
    settle(agreed, leads=f"main:{SHOP}", follow=(f"main:{FARM}",))
    reload(agreed)
    agreed.sync()
    assert held(agreed) == []
    agreed.choose(SHOP, "receive_invoices: false\n")
    agreed.sync()
    assert online(agreed)["receive_invoices"] is False and "receive_invoices: false" in local(agreed, FARM)


def test_after_a_restart_the_follower_still_follows(agreed):
    assert agreed.kill(signal.SIGTERM) == 0
    agreed.choose(SHOP, "receive_invoices: false\n")
    agreed.start().wait_for_run()
    assert [hold["kind"] for hold in held(agreed)] == ["followed_choice"]
    assert online(agreed)["receive_invoices"] is True


def test_a_single_run_tells_the_follower_too(two):
    two.choose(FARM, "receive_invoices: true\n")
    done = two.once()
    assert done.returncode == 0, done
    assert "receive_invoices: true" in local(two, SHOP)
    two.choose(SHOP, "receive_invoices: false\n")
    done = two.once()
    assert done.returncode == 1 and "only follows" in done.stdout + done.stderr, done


# Between the runs, and other ways to change something

@pytest.fixture
def listening(two):
    two.config.write_text(two.config.read_text().replace("push: false", "push: true"))
    two.choose(FARM, "receive_invoices: true\n")
    two.start().wait_for_run()
    wait_for(lambda: two.status()["feed"]["state"] == "open")
    wait_for(lambda: "receive_invoices: true" in local(two, SHOP))
    return two


def test_between_the_runs_news_of_either_side_come_to_the_follower(listening):
    listening.office.choose(OVE, receive_invoices="no")
    wait_for(lambda: "receive_invoices: false" in local(listening, SHOP), 5)
    listening.choose(FARM, "receive_invoices: false\nsend_all_invoices: true\n")
    wait_for(lambda: "send_all_invoices: true" in local(listening, SHOP), 5)
    assert online(listening) == {"send_all_invoices": True, "receive_invoices": False}
    assert held(listening) == []


def test_between_the_runs_a_choice_in_the_follower_is_held(listening):
    listening.choose(SHOP, "receive_invoices: false\n")
    wait_for(lambda: held(listening), 5)
    assert held(listening)[0]["kind"] == "followed_choice" and online(listening)["receive_invoices"] is True
    listening.choose(SHOP, "receive_invoices: true\n")
    wait_for(lambda: not held(listening), 5)


def test_a_dry_run_tells_of_the_follower_and_writes_nothing(two):
    two.choose(FARM, "receive_invoices: true\n")
    told = two.once("--dry-run")
    assert told.returncode == 0 and "receive_invoices not chosen -> true" in told.stdout, told
    assert local(two, SHOP) == "" and online(two) == BOTH_OPEN


def test_a_run_that_is_turned_back_is_so_for_the_follower(agreed):
    assert agreed.command("set", OVE, "--send-all-invoices", "yes").returncode == 0
    assert agreed.command("set", OVE, "--send-all-invoices", "no").returncode == 0
    assert "send_all_invoices: false" in local(agreed, SHOP)
    run = answer(agreed, "history", OVE)["runs"][0]["run"]
    turned = agreed.command("revert", run)
    assert turned.returncode == 0, turned
    assert online(agreed)["send_all_invoices"] is True
    assert "send_all_invoices: true" in local(agreed, FARM) and "send_all_invoices: true" in local(agreed, SHOP)


@pytest.mark.parametrize("take, wanted", [("local", "false"), ("online", "true")])
def test_after_the_state_is_lost_what_differs_is_asked_about(agreed, take, wanted):
    agreed.choose(SHOP, "receive_invoices: false\n")
    agreed.kill(signal.SIGTERM)
    for file in (agreed.folder / "state").glob("state.db*"):
        file.unlink()
    agreed.start().wait_for_run()
    (hold,) = held(agreed)
    assert hold["kind"] == "base_lost" and [row["place"] for row in hold["rows"]] == [SHOP]
    assert online(agreed)["receive_invoices"] is True and "receive_invoices: false" in local(agreed, SHOP)
    done = agreed.command("approve", hold["id"], "--take", take)
    assert done.returncode == 0, (done, held(agreed))
    for place in (FARM, SHOP):
        assert f"receive_invoices: {wanted}" in local(agreed, place)


def test_a_follower_that_is_taken_out_of_the_configuration_is_asked_about(agreed):
    settle(agreed, leads=None)
    reload(agreed)
    agreed.choose(SHOP, "receive_invoices: false\n")
    agreed.sync()
    assert {one["reason"]["code"] for one in answer(agreed, "companies")["companies"] if one["reason"]} == {"duplicate"}
    assert online(agreed)["receive_invoices"] is True
    settle(agreed)
    reload(agreed)
    agreed.sync()
    assert [hold["kind"] for hold in held(agreed)] == ["followed_choice"]


def test_many_followers_overwritten_at_once_are_held(office, site):
    office("bulk", "20", "--receive-invoices", "yes")
    numbers = [json.loads(line)["company"] for line in office("show").splitlines()]
    for index, number in enumerate(numbers):
        for place in ("leder", "foljer"):
            site.lay(f"{place}{index}", number, f"Bolag {index}")
    settled = {number: {"leads": f"main:leder{index}", "follow": [f"main:foljer{index}"]}
               for index, number in enumerate(numbers)}
    site.config.write_text(site.config.read_text() + f"companies: {json.dumps(settled)}\n")
    site.start().wait_for_run()
    assert all("receive_invoices: true" in local(site, f"foljer{index}") for index in range(20))
    for number in numbers:
        office.choose(number, receive_invoices="no")
    site.sync()
    (hold,) = held(site)
    assert (hold["kind"], hold["planned"]) == ("mass_change", "online")
    assert {row["place"] for row in hold["rows"]} == {f"leder{index}" for index in range(20)}
    assert all("receive_invoices: true" in local(site, f"foljer{index}") for index in range(20)), "held with those"
    assert company(site, "foljer3")["reason"]["code"] == "waits_for_leader"
    site.command("approve", hold["id"])
    assert all("receive_invoices: false" in local(site, f"leder{index}") for index in range(20))
    for one in held(site):
        assert {row["place"] for row in one["rows"]} == {f"foljer{index}" for index in range(20)}
        assert (one["kind"], one["planned"]) == ("mass_change", "online")
        assert site.command("approve", one["id"]).returncode == 0
    assert all("receive_invoices: false" in local(site, f"foljer{index}") for index in range(20))
    assert held(site) == []


# How people see it

def test_show_and_explain_tell_what_follows_what(agreed):
    code, words = in_words(agreed, "show", OVE)
    assert code == 0 and f"Also in main: {SHOP}, which follows main:{FARM}: synced" in words, words
    code, words = in_words(agreed, "show", f"main:{SHOP}")
    assert code == 0 and "Follows:" in words and f"main:{FARM}" in words, words
    code, words = in_words(agreed, "explain", f"main:{SHOP}", language="sv_SE.UTF-8")
    assert code == 0 and "Följer:" in words, words
    code, words = in_words(agreed, "companies")
    assert f"synced, follows main:{FARM}" in words, words
    told = answer(agreed, "explain", f"main:{SHOP}")
    assert told["place"] == SHOP and told["follows"] == f"main:{FARM}"
    assert told["preferences"]["receive_invoices"]["agreed"] is True


def test_explain_says_why_a_follower_waits_and_what_is_held_there(agreed):
    choose_in_the_follower(agreed)
    one = answer(agreed, "explain", f"main:{SHOP}")["preferences"]["receive_invoices"]
    assert (one["local"], one["online"], one["agreed"], one["action"]) == (False, True, True, "hold")
    assert answer(agreed, "explain", OVE)["preferences"]["receive_invoices"]["action"] == "none"
    take_away(agreed, FARM)
    agreed.sync()
    told = answer(agreed, "explain", f"main:{SHOP}")
    assert told["reason"]["code"] == "waits_for_leader"


def test_the_configuration_says_what_is_wrong_in_it(two):
    right = two.config.read_text()
    checks = {"{'750505-2261': {leads: main:A, follow: [main:A]}}": "named twice",
              "{'750505-2261': {leads: main:A}}": "follow",
              "{'750505-2261': {follow: [main:A]}}": "leads",
              "{'750505-2261': {leads: main, follow: [main:A]}}": "must be a place",
              "{'750505-2261': {leads: main:A, follow: [none:A]}}": "must be a place",
              "{'750505-2261': {leads: main:A, follow: [ignore]}}": "must be a place",
              "{'750505-2261': {leads: main:A, follow: []}}": "follow",
              "{'750505-2261': {leads: main:A, follow: [main:B], also: main:C}}": "also",
              "{'750505-2261': {leads: main:A, follow: [main:B]}, '556016-0680': main:B}": "named twice",
              f"{{'750505-2261': {{leads: main:A, follow: ['{two.books}/A']}}}}": "both lead and follow"}
    for companies, wanted in checks.items():
        two.config.write_text(right.partition("companies:")[0] + f"companies: {companies}\n")
        checked = subprocess.run([BIN / "samsynkd", "--config", two.config, "--once", "--dry-run"], text=True,
                                 capture_output=True, timeout=60)
        assert checked.returncode == 2 and wanted in checked.stdout + checked.stderr, (companies, checked)
