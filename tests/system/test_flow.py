"""What happens to a collaboration online while the daemon looks, and while it does not."""
import datetime
import json
import sqlite3

from conftest import EKSTROM, LINDQVIST, wait_for

SECOND = "5560004615"


def move_days(office, number, **days):
    """Moves days of a collaboration into the past, as if time had gone by."""
    database = sqlite3.connect(office.data / "sandbox.db")
    with database:
        for name, value in days.items():
            database.execute(f"UPDATE customers SET body = json_set(body, '$.collaboration.{name}', ?), ends_on = ? "
                             "WHERE company = ?", (value, value, int(number)))
    database.close()


def yesterday():
    return str(datetime.date.today() - datetime.timedelta(days=2))  # whatever the time is in Stockholm


def test_an_end_that_passes_while_the_daemon_is_off_is_told_when_it_is_on(office, site):
    office.add_active(LINDQVIST, "Lindqvist Bygg AB", receive_invoices="yes")
    site.lay("Lindqvist", LINDQVIST, "Lindqvist Bygg AB")
    site.configure()
    assert site.once().returncode == 0
    office("end", LINDQVIST, "--on", "2099-12-31", "--by", "customer")
    assert site.once().returncode == 0
    assert "state: ending" in site.file("Lindqvist", "collaboration.yaml")
    office.stop()
    move_days(office, LINDQVIST, ends_on=yesterday())
    office.start()
    assert site.once().returncode == 0
    assert "state: ended" in site.file("Lindqvist", "collaboration.yaml")
    assert "receive_invoices: true" in site.file("Lindqvist", "preferences.yaml"), "the stored choice stays"
    assert office.record(LINDQVIST)["preferences"]["receive_invoices"] is True


def test_an_invitation_that_nobody_answers_expires_and_the_wish_waits(office, site):
    office("company", "add", LINDQVIST, "Lindqvist Bygg AB")
    office("activate", LINDQVIST)
    site.lay("Lindqvist", LINDQVIST, "Lindqvist Bygg AB")
    site.choose("Lindqvist", "send_all_invoices: true\n")
    site.configure()
    site.start()
    site.wait_for_run()
    move_days(office, LINDQVIST, expires_on=yesterday())
    site.sync()
    assert "state: expired" in site.file("Lindqvist", "collaboration.yaml")
    assert office.record(LINDQVIST)["preferences"]["send_all_invoices"] is None
    office("activate", LINDQVIST)
    office("approve", LINDQVIST)
    site.sync()
    assert office.record(LINDQVIST)["preferences"]["send_all_invoices"] is True


def test_a_company_moves_to_another_office(office, site):
    office.add_active(EKSTROM, "Ekströms Måleri AB", send_all_invoices="yes")
    office("office", SECOND, "Söderslätt Revision AB", "--another")
    office("assignment", EKSTROM, "u-7", "Bokslut", "--office", SECOND)
    site.lay("Ekstrom", EKSTROM, "Ekströms Måleri AB")
    site.configure(push="true")
    site.start()
    wait_for(lambda: "state: active" in site.file("Ekstrom", "collaboration.yaml"))
    refused = office.try_to("activate", EKSTROM, "--assignment", "u-7", "--office", SECOND)
    assert refused.returncode == 1 and "another office" in refused.stderr
    office("end", EKSTROM, "--by", "customer")
    office("activate", EKSTROM, "--assignment", "u-7", "--office", SECOND)
    office("approve", EKSTROM)

    def active_with_the_second():
        told = site.file("Ekstrom", "collaboration.yaml")
        return "Söderslätt" in told and "state: active" in told
    wait_for(active_with_the_second)
    assert "send_all_invoices: true" in site.file("Ekstrom", "preferences.yaml")
    assert json.loads(office("show", EKSTROM))["collaboration"]["assignment"]["name"] == "Bokslut"
