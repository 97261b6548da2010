"""The guides speak of what there is: commands, options, keys, events, alerts. Other pages of reference are the measure."""

import re

import pytest
import yaml
from man_pages import entries, page
from tools import ROOT, table_rows

GUIDES = sorted((ROOT / "docs/guides").rglob("*.md")) + [ROOT / "docs/index.md"]
COMMANDS = entries(page("samsynk.1.scd"))
SANDBOX = entries(page("samsynk-sandbox.1.scd"))
ALIASES = {"synkronisera": "sync"}
GLOBAL = {"--json", "--socket", "--instance", "--version", "--help"}
KEYS = {name for name in entries(page("samsynk.yaml.5.scd")) if re.match(r"[a-z]", name)}
EVENTS = {row[0].strip("`") for row in table_rows(ROOT / "docs/events.md")}
# Where a command begins: not in "adduser samsynk bokforing".
COMMAND = re.compile(r"(?:^(?:\$ )?|[|;&(] *|\bdo |/usr/bin/)(samsynk(?:-sandbox)?) ([^|;&#`\n]*)", re.M)
# What has a dot, and is neither an event nor a key.
FILES = re.compile(r"\.(yaml|yml|service|socket|timer|json|md|db|conf|py|pem|example|log|prom|deb|before-restore.*)$")


def code(text):
    """All that stands in backticks or in a block of code, a piece each."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, flags=re.M | re.S)
    rest = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    return blocks + re.findall(r"`([^`\n]+)`", rest)


def wrong_commands(text):
    wrong = []
    for piece in code(text):
        for program, words in COMMAND.findall(piece):
            known = COMMANDS if program == "samsynk" else SANDBOX
            parts = words.split()
            while parts and parts[0].startswith("--"):
                option = parts.pop(0)
                if option not in GLOBAL:
                    wrong.append(option)
                if option in ("--instance", "--socket") and parts:
                    parts.pop(0)
            if not parts:
                continue
            name = ALIASES.get(parts[0], parts[0])
            if len(parts) > 1 and f"{name} {parts[1]}" in known:
                name = f"{name} {parts[1]}"
            if name not in known:
                wrong.append(f"{program} {name}")
                continue
            options = [part for part in parts if part.startswith("--")]
            wrong += [f"{name} {one}" for one in options
                      if not re.search(rf"{one}(?![\w-])", known[name]) and one not in GLOBAL]
    return wrong


@pytest.mark.parametrize("guide", GUIDES, ids=lambda file: file.name)
def test_commands_and_options_are_real(guide):
    assert wrong_commands(guide.read_text()) == []


def test_a_wrong_command_or_option_would_be_found():
    text = "```\n$ samsynk resync all\nsamsynk --json stats | jq\n```\n`samsynk approve h-3 --tak local` `samsynk installation probe x`"
    assert wrong_commands(text) == ["samsynk resync", "samsynk stats", "approve --tak"]
    assert wrong_commands("`samsynk-sandbox company delete x` `samsynk-sandbox expire x --now`") == ["expire --now"]


def key_paths(value, path=""):
    if isinstance(value, dict):
        for name, below in value.items():
            full = f"{path}.{name}" if path else str(name)
            yield full
            if full not in ("companies", "installations[].environment"):
                yield from key_paths(below, full)
    elif isinstance(value, list):
        for below in value:
            yield from key_paths(below, path + "[]")


def wrong_keys(text):
    sections = {key.split(".")[0].split("[")[0] for key in KEYS}
    wrong = []
    for block in re.findall(r"^```yaml\n(.*?)^```", text, flags=re.M | re.S):
        value = yaml.safe_load(block)
        if not isinstance(value, dict) or not set(value) & sections - {"companies"} and "companies" not in value:
            continue
        wrong += [path for path in key_paths(value)
                  if path not in KEYS and not any(key.startswith((path + ".", path + "[")) for key in KEYS)]
    return wrong


@pytest.mark.parametrize("guide", GUIDES, ids=lambda file: file.name)
def test_keys_in_examples_are_real(guide):
    assert wrong_keys(guide.read_text()) == []


def test_a_wrong_key_would_be_found():
    assert wrong_keys("```yaml\nsync:\n  intervall: 15m\n```\n") == ["sync.intervall"]
    assert wrong_keys("```yaml\ninstallations:\n  - id: a\n    conector: folder\n```\n") == ["installations[].conector"]


def unknown_names(text):
    """Words with a dot in backticks that are neither a key nor an event."""
    found = []
    for piece in code(re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)):
        name = re.match(r"([a-z][a-z_]*(?:\.[a-z_]+)+)(?:: .*)?$", piece)
        if name and name[1] not in KEYS | EVENTS and not FILES.search(name[1]):
            found.append(name[1])
    return found


@pytest.mark.parametrize("guide", GUIDES, ids=lambda file: file.name)
def test_keys_and_events_in_the_text_are_real(guide):
    # A limit of the kernel's.
    assert [name for name in unknown_names(guide.read_text()) if not name.startswith("fs.")] == []


def test_an_unknown_key_or_event_would_be_found():
    assert unknown_names("`sync.intervall` `company.fialed` `sync.interval` `company.failed` `a.yaml`") == ["sync.intervall", "company.fialed"]


def test_the_table_of_alerts_is_the_rules():
    rules = yaml.safe_load((ROOT / "config/monitoring/samsynk.rules.yaml").read_text())["groups"]
    wanted = [(rule["alert"], rule["labels"]["severity"]) for group in rules for rule in group["rules"]]
    text = (ROOT / "docs/guides/administrator/monitoring.md").read_text()
    assert sorted(re.findall(r"^\| (Samsynk\w+) \| (\w+) \|", text, flags=re.M)) == sorted(wanted)


def test_both_languages_of_the_accountants_guide_have_the_same_parts():
    parts = []
    for name in ("accountant.md", "accountant.sv.md"):
        text = (ROOT / "docs/guides" / name).read_text()
        parts.append([len(re.findall(r"^\|", part, flags=re.M)) for part in re.split(r"^## ", text, flags=re.M)])
    assert len(parts[0]) == len(parts[1])
    # Table by table as many rows: what one language tells, the other tells too.
    assert parts[0] == parts[1]
