"""config/monitoring/: the examples beside the rules say what there is."""

import re

import pytest
import yaml
from man_pages import entries, page
from tools import ROOT, needs, run

FOLDER = ROOT / "config/monitoring"


def rules():
    groups = yaml.safe_load((FOLDER / "samsynk.rules.yaml").read_text())["groups"]
    return {rule["alert"] for group in groups for rule in group["rules"]}


def unknown_alerts(text):
    """Patterns of the routes that match no alert at all."""
    patterns = [one for chosen in re.findall(r'alertname=~?"([^"]+)"', text) for one in chosen.split("|")]
    assert patterns
    return [one for one in patterns if not any(re.fullmatch(one, alert) for alert in rules())]


def test_the_routes_speak_of_alerts_that_there_are():
    text = (FOLDER / "alertmanager.yaml").read_text()
    assert unknown_alerts(text) == []
    assert unknown_alerts(text.replace("SamsynkRunsFail", "SamsynkRunsFial")) != []


def test_every_receiver_of_a_route_is_one():
    config = yaml.safe_load((FOLDER / "alertmanager.yaml").read_text())
    wanted = {config["route"]["receiver"]} | {route["receiver"] for route in config["route"]["routes"]}
    assert wanted == {receiver["name"] for receiver in config["receivers"]}


@pytest.mark.parametrize("file", ["icinga2.conf", "nagios.cfg"])
def test_the_check_is_called_with_options_that_it_has(file):
    text = (FOLDER / file).read_text()
    used = {option for option in re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)}
    known = entries(page("samsynk.1.scd"))["check"] + "--instance --json --socket"
    assert {"--warning-age", "--critical-age"} <= used
    assert [option for option in used if not re.search(rf"{option}(?![\w-])", known)] == []


@pytest.mark.parametrize("unit", ["samsynk-textfile.service", "samsynk-textfile.timer"])
def test_systemd_takes_the_units(unit):
    # A page of the manual that is not installed here is no fault of theirs.
    done = run(needs("systemd-analyze", "systemd"), "verify", "--man=no", FOLDER / unit)
    assert (done.returncode, done.stdout) == (0, "")


def test_systemd_would_complain_of_a_unit(tmp_path):
    text = (FOLDER / "samsynk-textfile.service").read_text()
    unit = tmp_path / "samsynk-textfile.service"
    unit.write_text(text.replace("ProtectHome=yes", "ProtectHomes=yes"))
    assert "ProtectHomes" in run(needs("systemd-analyze", "systemd"), "verify", "--man=no", unit).stdout


def test_the_alert_looks_for_the_file_that_the_timer_writes():
    text = (FOLDER / "samsynk-textfile.service").read_text()
    target = re.search(r"mv -f \S+ (\S+)", text)[1]
    old = next(rule for group in yaml.safe_load((FOLDER / "samsynk.rules.yaml").read_text())["groups"]
               for rule in group["rules"] if rule["alert"] == "SamsynkNumbersOld")
    pattern = re.search(r'file=~"([^"]+)"', old["expr"])[1].replace("\\\\", "\\")
    assert re.fullmatch(pattern, target)
    assert not re.fullmatch(pattern, target.replace("samsynk.prom", "samsynk.prom.new"))
