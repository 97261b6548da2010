"""docs/man/: every command, option and key of the configuration that there is has its place in its page."""

import json
import os
import re

import pytest
from man_pages import OF_PROGRAMS, entries, page
from tools import ROOT, build_folder, run


def help_of(program, *words):
    """Options, what is given, and subcommands with their aliases, as --help tells them."""
    binary = build_folder() / program
    if not binary.exists() and not os.environ.get("CI"):
        pytest.skip(f"{binary} is not built")
    text = run(binary, *words, "--help", env={"LC_ALL": "C.UTF-8"}).stdout
    options, given, commands, part = set(), set(), {}, ""
    for line in text.splitlines():
        if re.match(r"\S.*:$", line):
            part = line
        entry = re.match(r"  (\S.*?)(?:  +|$)", line)
        if not entry:
            continue
        if "ommands" in part:
            name, *more = entry[1].split()[0].rstrip(",").split(",") + entry[1].split()[1:]
            commands[name] = more
        elif "ptions" in part:
            options |= set(re.findall(r"--?[a-z][\w-]*", entry[1].split("=")[0].split(":")[0]))
        elif "given" in part or "ositionals" in part:
            given.add(entry[1].split()[0])
    return options, given, commands


def walk(program, *words):
    """Every command of a program with its options, what is given, and its aliases."""
    options, given, commands = help_of(program, *words)
    yield " ".join(words), options, given, []
    for name, aliases in commands.items():
        for path, *more, _ in walk(program, *words, name):
            yield path, *more, aliases if path == " ".join((*words, name)) else []


def missing_commands(text, program, swedish=False):
    told, wrong = entries(text), []
    for path, options, given, aliases in walk(program):
        here = told.get(path) or next((told[one] for one in aliases if one in told), None) if path else text
        if here is None:
            wrong.append(path)
            continue
        # --help and the program's own options are told once, for all commands.
        wrong += [f"{path} {one}".strip() for one in sorted(options - {"-h", "--help"} if path else options)
                  if not re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", here)]
        names = [path, *aliases] if path else []
        wrong += [f"{path}: {one}" for one in names if f"*{one}*" not in text]
        if not swedish:
            wrong += [f"{path} {one}" for one in sorted(given) if f"_{one}_" not in here]
    return wrong


@pytest.mark.parametrize("name", OF_PROGRAMS)
def test_every_command_and_option_has_its_place(name):
    assert missing_commands(page(name), OF_PROGRAMS[name], swedish=name.startswith("sv/")) == []


# Told already, and on its way. What has come must leave this list.
NOT_YET = {}


@pytest.mark.parametrize("name", OF_PROGRAMS)
def test_every_command_that_is_told_is_one(name):
    program = OF_PROGRAMS[name]
    real = set()
    for path, options, _, aliases in walk(program):
        real |= {path, *aliases} | (options if not path else set())
    body = re.split(r"^# (?:OPTIONS|FLAGGOR)$", page(name), flags=re.M)[1]
    body = re.split(r"^# (?:SIGNALS|EXIT STATUS|SLUTSTATUS)$", body, flags=re.M)[0]
    told = {re.sub(r"^-h, ", "", term) for term in entries(body)}
    assert told - real == NOT_YET.get(program, set()), "take what has come out of NOT_YET"


def test_a_command_or_option_that_is_missing_would_be_found():
    text = page("samsynk.1.scd")
    assert missing_commands(text.replace("*watch*\n", "*wach*\n"), "samsynk") == ["watch"]
    assert missing_commands(text.replace("--apply", "--aply"), "samsynk") == ["installation prepare --apply"]
    assert missing_commands(text.replace("*show* _COMPANY_", "*show* _ID_").replace("One company:", "One:"), "samsynk") == ["show COMPANY"]
    assert missing_commands(text.replace("*synkronisera*", ""), "samsynk") == ["sync: synkronisera"]


def keys(schema, node=None, path=""):
    """Every key of the configuration that a person writes, with what the schema says of it."""
    node = schema if node is None else node
    if "$ref" in node:
        node = {**schema["$defs"][node["$ref"].rsplit("/", 1)[1]], **{k: v for k, v in node.items() if k != "$ref"}}
    for variant in [node, *node.get("oneOf", [])]:
        for name, below in variant.get("properties", {}).items():
            full = f"{path}.{name}" if path else name
            whole = {**schema["$defs"].get(below.get("$ref", "/").rsplit("/", 1)[1], {}), **below}
            yield full, whole
            yield from keys(schema, whole, full)
    if "items" in node and "properties" in node["items"]:
        yield from keys(schema, node["items"], path + "[]")


def settings():
    found = {}
    for path, about in keys(json.loads((ROOT / "config/samsynk.schema.json").read_text())):
        found.setdefault(path, {}).update({k: about[k] for k in ("default", "enum") if k in about})
    return found


SECTIONS = {"service", "sync", "installations", "control", "state", "log", "metrics"}


def missing_keys(text):
    told, wrong = entries(text), []
    for path, about in settings().items():
        if path in SECTIONS:
            continue
        if path not in told:
            wrong.append(path)
            continue
        default = json.dumps(about["default"]) if isinstance(about.get("default"), bool) else about.get("default")
        for word in [*([str(default)] if default is not None else []), *about.get("enum", [])]:
            if f"*{word}*" not in told[path]:
                wrong.append(f"{path}: {word}")
    return wrong


def test_every_key_is_told_with_default_and_values():
    assert len(settings()) > 40
    assert missing_keys(page("samsynk.yaml.5.scd")) == []


def test_every_key_that_is_told_is_one():
    told = {term for term in entries(page("samsynk.yaml.5.scd")) if re.match(r"[a-z]+[.[]", term)}
    assert told - set(settings()) == set()
    assert len(told) > 40


def test_a_key_default_or_value_that_is_missing_would_be_found():
    text = page("samsynk.yaml.5.scd")
    assert missing_keys(text.replace("*sync.push*", "*sync.puch*")) == ["sync.push"]
    assert missing_keys(text.replace("Default: *15m*", "Default: *20m*")) == ["sync.interval: 15m"]
    assert missing_keys(text.replace("or *hold* to ask", "or to ask")) == ["sync.first_contact: hold"]
    assert missing_keys(text.replace("*installations[].database.tls*", "*tls*")) == ["installations[].database.tls"]
