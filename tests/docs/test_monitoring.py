"""config/monitoring/: rules and dashboard speak of metrics that exist, and the rules' own tests are sharp."""

import json
import re
import shutil

import pytest
import yaml
from tools import ROOT, needs, run, table_rows

FOLDER = ROOT / "config/monitoring"
# Labels that Prometheus adds.
ADDED = {"instance", "job"}
NOT_OURS = {"node_textfile_mtime_seconds": {"file"}}


def documented():
    """Each metric of docs/metrics.md with its labels, and each label with its values where they are listed."""
    metrics = {}
    for row in table_rows(ROOT / "docs/metrics.md"):
        labels = {}
        for name, values in re.findall(r"`(\w+)`(?:: ((?:`\w+`(?:, )?)+))?", row[3]):
            labels[name] = re.findall(r"`(\w+)`", values)
        metrics[row[0].strip("`")] = labels
    return metrics


def rules():
    groups = yaml.safe_load((FOLDER / "samsynk.rules.yaml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def dashboard():
    return json.loads((FOLDER / "samsynk-dashboard.json").read_text())


def dashboard_expressions():
    board = dashboard()
    found = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    found += [mark["expr"] for mark in board["annotations"]["list"]]
    return found + [v["query"] for v in board["templating"]["list"] if v["type"] == "query"]


def wrong_names(expression):
    """What an expression asks for that docs/metrics.md does not tell of."""
    metrics, wrong = documented(), []
    for name, chosen in re.findall(r"\b(samsynk_\w+)(?:\{([^}]*)\})?", expression):
        if name not in metrics:
            wrong.append(name)
            continue
        for label, value in re.findall(r'(\w+)[!=]=?~?"([^"]*)"', chosen):
            if label in ADDED:
                continue
            if label not in metrics[name]:
                wrong.append(f"{name}{{{label}}}")
            elif metrics[name][label] and value not in metrics[name][label]:
                wrong.append(f'{name}{{{label}="{value}"}}')
    return wrong


@pytest.mark.parametrize("expression", [rule["expr"] for rule in rules()] + dashboard_expressions())
def test_every_metric_is_documented(expression):
    assert wrong_names(expression) == []


def test_a_wrong_metric_label_or_value_would_be_found():
    assert wrong_names('samsynk_compnies{state="held"} > 0') == ["samsynk_compnies"]
    assert wrong_names('samsynk_companies{stat="held"}') == ["samsynk_companies{stat}"]
    assert wrong_names('samsynk_companies{state="hold"}') == ['samsynk_companies{state="hold"}']


def test_the_document_is_sorted_and_says_each_type():
    rows = table_rows(ROOT / "docs/metrics.md")
    names = [row[0] for row in rows]
    assert names == sorted(set(names)) and len(names) > 15
    assert {row[1] for row in rows} <= {"gauge", "counter"}
    for row in rows:
        assert row[0].startswith("`samsynk_") and row[4], row
        assert (row[1] == "counter") == row[0].endswith("_total`"), row
        assert (row[2] == "seconds") == row[0].endswith("_seconds`"), row


def test_every_documented_metric_is_on_the_dashboard():
    shown = " ".join(dashboard_expressions())
    missing = [name for name in documented() if not re.search(rf"\b{name}\b", shown)]
    assert missing == []


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_every_alert_says_what_to_do_in_words_that_are_filled_in(rule):
    assert rule["labels"]["severity"] in {"critical", "warning", "info", "none"}
    says = rule["annotations"]
    assert set(says) == {"summary", "summary_sv", "description"} and all(says.values())
    metrics = documented()
    labels = set(ADDED)
    for name in re.findall(r"\b(?:samsynk|node)_\w+", rule["expr"]):
        labels |= set(metrics.get(name, {})) | NOT_OURS.get(name, set())
    used = set(re.findall(r"\$labels\.(\w+)", " ".join(says.values())))
    assert used <= labels
    # Both languages tell of the same things.
    fields = [re.findall(r"{{.*?}}", says[key]) for key in ("summary", "summary_sv")]
    assert fields[0] == fields[1]


def test_the_rules_are_right():
    done = run(needs("promtool", "prometheus"), "check", "rules", FOLDER / "samsynk.rules.yaml")
    assert done.returncode == 0, done.stdout


def test_the_dashboard_asks_in_right_words(tmp_path):
    promtool = needs("promtool", "prometheus")
    asked = [{"record": f"panel:{n}", "expr": text.replace("$__rate_interval", "5m").replace("$__interval", "5m")}
             for n, text in enumerate(dashboard_expressions()) if not text.startswith("label_values(")]
    file = tmp_path / "dashboard.yaml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": asked}]}))
    done = run(promtool, "check", "rules", file)
    assert done.returncode == 0, done.stdout


def test_the_scrape_configuration_is_right():
    done = run(needs("promtool", "prometheus"), "check", "config", "--syntax-only", FOLDER / "prometheus.yaml")
    assert done.returncode == 0, done.stdout


def test_the_rules_do_what_their_tests_say():
    done = run(needs("promtool", "prometheus"), "test", "rules", FOLDER / "samsynk.rules.test.yaml")
    assert done.returncode == 0, done.stdout


def told_by_broken_rules(folder, change):
    """Runs the rules' tests on changed rules. Which alerts the failures name as expected and not come, and the other
    way about."""
    text = yaml.safe_load((FOLDER / "samsynk.rules.yaml").read_text())
    for group in text["groups"]:
        for rule in group["rules"]:
            change(rule)
    (folder / "samsynk.rules.yaml").write_text(yaml.safe_dump(text))
    shutil.copy(FOLDER / "samsynk.rules.test.yaml", folder)
    done = run(needs("promtool", "prometheus"), "test", "rules", folder / "samsynk.rules.test.yaml")
    assert done.returncode != 0, done.stdout
    silent, early = set(), set()
    for expected, got in re.findall(r"exp: ?(.*?)\n\s*got: ?(.*)", done.stdout):
        expected, got = (set(re.findall(r"Samsynk\w+", words)) for words in (expected, got))
        silent |= expected - got
        early |= got - expected
    return silent, early


def test_an_alert_that_never_fires_would_be_found(tmp_path):
    def never(rule):
        rule["expr"] = f"({rule['expr']}) and on () vector(0) > 1"

    silent, _ = told_by_broken_rules(tmp_path, never)
    assert silent == {rule["alert"] for rule in rules()}


def test_an_alert_without_patience_would_be_found(tmp_path):
    _, early = told_by_broken_rules(tmp_path, lambda rule: rule.pop("for", None))
    assert early == {rule["alert"] for rule in rules() if "for" in rule}
