"""Answers for people, and the ways back: explain, history, revert, release; and companies that are parked."""
import json
import shutil
import subprocess

from conftest import AKERIET, BIN, EKSTROM, LINDQVIST, Site


def two_companies(office, site):
    office.add_active(LINDQVIST, "Lindqvist Bygg AB", receive_invoices="yes")
    office.add_active(EKSTROM, "Ekströms Måleri AB")
    site.lay("Lindqvist", LINDQVIST, "Lindqvist Bygg AB")
    site.lay("Ekström", EKSTROM, "Ekströms Måleri AB")
    site.choose("Ekström", "send_all_invoices: true\n")


def answer(site, *words):
    return json.loads(site.command(*words).stdout)


def test_explain_tells_the_rule_the_operation_and_the_request_also_after_a_restart(office, site):
    two_companies(office, site)
    site.start().wait_for_run()
    site.kill()
    site.start().wait_for_run()
    told = answer(site, "explain", EKSTROM)
    sent = told["preferences"]["send_all_invoices"]
    assert (sent["agreed"], sent["local"], sent["online"], sent["rule"]) == (True, True, True, "agree")
    change = sent["last_change"]
    assert (change["kind"], change["rule"], change["from"], change["to"]) == ("to_online", "fill_online", None, True)
    applied = [json.loads(line) for line in office("operations").splitlines()]
    assert change["operation_id"] in [one["operation_id"] for one in applied]
    assert len(change["request_id"]) == 32
    assert told["local_changed_at"] and told["online"]["updated_at"]
    fetched = answer(site, "explain", "lindqvist")["preferences"]["receive_invoices"]["last_change"]
    assert (fetched["kind"], fetched["rule"]) == ("to_local", "fill_local")


def test_history_and_the_way_back(office, site):
    two_companies(office, site)
    site.start().wait_for_run()
    office.choose(LINDQVIST, receive_invoices="no")
    run = site.sync()["run"]
    newest = answer(site, "history")["runs"][0]
    assert (newest["run"], newest["trigger"], newest["by"]) == (run, "manual", "root")
    assert [(one["from"], one["to"]) for one in newest["changes"]] == [(True, False)]
    assert answer(site, "history", EKSTROM)["runs"][0]["run"] != run
    assert site.command("revert", run).returncode == 0
    assert "receive_invoices: true" in site.file("Lindqvist", "preferences.yaml")
    assert office.record(LINDQVIST)["preferences"]["receive_invoices"] is True
    late = site.command("revert", run)
    assert late.returncode == 1 and json.loads(late.stdout)["skipped"][0]["reason"]["code"] == "changed_meanwhile"
    assert site.command("revert", "r-none").returncode == 2
    runs = len(answer(site, "history")["runs"])
    site.sync()
    assert len(answer(site, "history")["runs"]) == runs, "a run that changed nothing is not kept"


def test_a_company_moves_from_one_host_to_another(office, site, tmp_path):
    two_companies(office, site)
    site.start().wait_for_run()
    (tmp_path / "other").mkdir()
    other = Site(tmp_path / "other", office)
    other.configure()
    other.config.write_text(other.config.read_text().replace("id: main", "id: annex"))
    other.lay("Kopia", LINDQVIST, "Lindqvist Bygg AB")
    other.start().wait_for_run()
    try:
        held = answer(other, "show", LINDQVIST)["reason"]
        assert held["code"] == "claim_held" and "annex:Kopia" in held["message"]
        assert "receive_invoices" not in other.file("Kopia", "preferences.yaml")
        assert other.command("release", LINDQVIST).returncode == 2, "a script must say --yes"
        assert other.command("release", LINDQVIST, "--yes").returncode == 0
        assert "receive_invoices: true" in other.file("Kopia", "preferences.yaml")
        office.choose(LINDQVIST, receive_invoices="no")
        site.choose("Lindqvist", "receive_invoices: true\nsend_all_invoices: true\n")
        assert site.sync()["counts"]["failed"] == 1
        assert answer(site, "show", LINDQVIST)["reason"]["code"] == "claim_held"
        assert office.record(LINDQVIST)["preferences"] == {"send_all_invoices": None, "receive_invoices": False}
    finally:
        other.kill()


def test_what_was_released_stays_so(office, site):
    two_companies(office, site)
    site.start().wait_for_run()
    assert site.command("release", "ekström", "--yes").returncode == 0
    site.choose("Ekström", "send_all_invoices: false\n")
    site.kill()
    site.start().wait_for_run()
    assert site.sync()["counts"] == {"companies": 2, "synced": 1, "waiting": 0, "held": 0, "failed": 0, "ignored": 1,
                                     "pending": 0, "offline": 0, "changed": 0}
    assert office.record(EKSTROM)["preferences"]["send_all_invoices"] is True
    assert site.sync(EKSTROM)["counts"]["synced"] == 1
    assert office.record(EKSTROM)["preferences"]["send_all_invoices"] is False


def test_what_is_gone_here_is_given_up_at_once(office, site):
    two_companies(office, site)
    office.add_active(AKERIET, "Åkeriet AB")
    site.lay("Åkeriet", AKERIET, "Åkeriet AB")
    site.start().wait_for_run()
    shutil.rmtree(site.books / "Lindqvist")
    given_up = answer(site, "release", LINDQVIST, "--yes")
    assert (given_up["outcome"], given_up["counts"]["failed"], given_up["problems"]) == ("completed", 0, [])
    assert site.sync()["counts"]["companies"] == 2
    shutil.rmtree(site.books / "Ekström")
    done = subprocess.run([BIN / "samsynk", "--socket", site.socket, "release", EKSTROM, "--yes"], text=True, timeout=60,
                          stdout=subprocess.PIPE)
    assert done.returncode == 0 and done.stdout.startswith("Given up."), done.stdout


def test_a_file_that_can_not_be_read_is_parked_and_the_rest_goes_on(office, site):
    two_companies(office, site)
    office.add_active(AKERIET, "Åkeriet AB", receive_invoices="yes")
    site.lay("Åkeriet", AKERIET, "Åkeriet AB")
    (site.books / "Åkeriet/samsynk/preferences.yaml").mkdir(parents=True)
    site.start().wait_for_run()
    assert "receive_invoices: true" in site.file("Lindqvist", "preferences.yaml")
    failed = answer(site, "show", AKERIET)
    assert (failed["state"], failed["failures"]) == ("failed", 1)
    assert str(site.books / "Åkeriet/samsynk/preferences.yaml") in failed["reason"]["message"]
    (site.books / "Åkeriet/samsynk/preferences.yaml").rmdir()
    assert site.sync()["counts"]["failed"] == 0
    assert "receive_invoices: true" in site.file("Åkeriet", "preferences.yaml")
    assert answer(site, "explain", AKERIET)["parked"] is None
