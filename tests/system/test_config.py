"""The configuration: the example, the schema for editors, and `samsynk config check` agree."""
import copy
import json
import os
import pathlib
import subprocess

import jsonschema
import pytest
import yaml

ROOT = pathlib.Path(__file__).parent.parent.parent
SCHEMA = json.loads((ROOT / "config/samsynk.schema.json").read_text())
EXAMPLE = yaml.safe_load((ROOT / "config/samsynk.yaml").read_text())


def with_change(path, value):
    config = copy.deepcopy(EXAMPLE)
    at = config
    for key in path[:-1]:
        at = at[key]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return config


def schema_accepts(config):
    return jsonschema.Draft202012Validator(SCHEMA).is_valid(config)


def command_accepts(config, tmp_path):
    file = tmp_path / "samsynk.yaml"
    file.write_text(yaml.safe_dump(config, allow_unicode=True))
    result = subprocess.run([pathlib.Path(os.environ["SAMSYNK_BIN"]) / "samsynk", "config", "check", "--file-only", file], text=True,
                            env={**os.environ, "CREDENTIALS_DIRECTORY": "/run/credentials/samsynkd.service"},
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert result.returncode in (0, 2), result.stderr
    return result.returncode == 0


RIGHT = [
    (["sync", "interval"], "30s"),
    (["sync", "interval"], "2min"),
    (["sync", "first_contact"], "hold"),
    (["sync", "mass_change_limit"], "12.5%"),
    (["service", "pins"], ["sha256/" + "A" * 43 + "="]),
    (["service", "proxy"], "http://proxy.example:3128"),
    (["service", "proxy"], "http://me:h%C3%A4mligt@[::1]:3128"),
    (["service", "proxy"], "http://me@proxy.example"),
    (["service", "connect_timeout"], "1m"),
    (["service", "reply_timeout"], "5m"),
    (["service", "auth", "client_secret_file"], "${CREDENTIALS_DIRECTORY}/secret"),
    (["service", "auth", "client_secret_file"], None),
    (["service", "auth", "scope"], "läsa skriva"),
    (["service", "auth"], {"issuer": "https://a", "client_id": "b", "client_key_file": "/c", "client_key_id": "d"}),
    (["service", "auth"], {"issuer": "https://a", "client_id": "b", "refresh_token_file": "${CREDENTIALS_DIRECTORY}/c"}),
    (["log"], None),
    (["log"], {"file": "/var/log/samsynk/samsynk.log", "format": "json", "rotate_at": "500KiB", "keep": 100}),
    (["log"], {"file": "/var/log/samsynk/samsynk.log", "rotate_at": "never"}),
    (["metrics", "listen"], "127.0.0.1:9465"),
    (["metrics", "listen"], "[::1]:9465"),
    (["metrics"], None),
    (["control"], None),
    (["companies"], {"556016-0680": "main", "556036-0793": "ignore"}),
    (["companies"], {"750505-2261": {"leads": "main:D01", "follow": ["main:D02", "/srv/spcs/Företag/D03"]}}),
]
WRONG = [
    (["service", "auth", "client_key_file"], "/besides/the/secret"),
    (["service", "auth", "client_key_id"], "without a key"),
    (["service", "auth", "refresh_token_file"], "/besides/the/secret"),
    (["service", "auth", "client_secret"], "in the file itself"),
    (["service", "url"], "http://localhost"),
    (["service", "url"], None),
    (["service", "urll"], "https://localhost"),
    (["service", "client_cert_file"], "/etc/a.pem"),
    (["service", "pins"], ["sha256/kort="]),
    (["service", "pins"], "sha256/" + "A" * 43 + "="),
    (["service", "proxy"], "https://proxy.example"),
    (["service", "proxy"], "proxy.example:3128"),
    (["service", "proxy"], "http://proxy.example/path"),
    (["service", "proxy_password_file"], "/etc/samsynk/proxy-password"),
    (["service", "connect_timeout"], 10),
    (["service", "auth", "client_id"], None),
    (["sync", "interval"], "15"),
    (["sync", "interval"], "-5m"),
    (["sync", "push"], "maybe"),
    (["sync", "first_contact"], "nobody"),
    (["sync", "mass_change_limit"], "20"),
    (["installations"], []),
    (["installations", 0, "id"], "Två ord"),
    (["installations", 0, "connector"], "floppy"),
    (["installations", 0, "path"], None),
    (["log", "level"], "loud"),
    (["log"], {"rotate_at": "10MiB"}),
    (["log"], {"keep": 5}),
    (["log"], {"file": "samsynk.log"}),
    (["log"], {"file": "/var/log/samsynk.log", "format": "journald"}),
    (["log"], {"file": "/var/log/samsynk.log", "rotate_at": "10MB"}),
    (["log"], {"file": "/var/log/samsynk.log", "keep": 0}),
    (["metrics", "listen"], "0.0.0.0:9465"),
    (["metrics", "listen"], "192.168.1.2:9465"),
    (["metrics", "listen"], "9465"),
    (["metrics", "companies"], "some"),
    (["companies"], {"750505-2261": {"leads": "main:D01"}}),
    (["companies"], {"750505-2261": {"follow": ["main:D02"]}}),
    (["companies"], {"750505-2261": {"leads": "main", "follow": ["main:D02"]}}),
    (["companies"], {"750505-2261": {"leads": "ignore", "follow": ["main:D02"]}}),
    (["companies"], {"750505-2261": {"leads": "main:D01", "follow": []}}),
    (["companies"], {"750505-2261": {"leads": "main:D01", "follow": "main:D02"}}),
    (["companies"], {"750505-2261": {"leads": "main:D01", "follow": ["D02"]}}),
    (["companies"], {"750505-2261": {"leads": "main:D01", "follow": ["main:D02", "main:D02"]}}),
    (["companies"], {"750505-2261": {"leads": "main:D01", "follow": ["main:D02"], "also": "main:D03"}}),
    (["companies"], {"750505-2261": ["main:D01"]}),
    (["extra"], {"a": 1}),
]


def test_the_example_is_right(tmp_path):
    assert schema_accepts(EXAMPLE)
    assert command_accepts(EXAMPLE, tmp_path)


@pytest.mark.parametrize("path,value", RIGHT)
def test_both_accept(path, value, tmp_path):
    config = with_change(path, value)
    assert schema_accepts(config) and command_accepts(config, tmp_path)


@pytest.mark.parametrize("path,value", WRONG)
def test_both_refuse(path, value, tmp_path):
    config = with_change(path, value)
    assert not schema_accepts(config)
    assert not command_accepts(config, tmp_path)


def test_what_others_may_write_is_refused_with_what_mends_it(tmp_path):
    file = tmp_path / "samsynk.yaml"
    file.write_text((ROOT / "config/samsynk.yaml").read_text())
    check = [pathlib.Path(os.environ["SAMSYNK_BIN"]) / "samsynk", "config", "check", "--file-only", file]
    assert subprocess.run(check, stdout=subprocess.DEVNULL).returncode == 0
    for path, mode in ((file, 0o666), (tmp_path, 0o777)):
        before = path.stat().st_mode
        path.chmod(mode)
        refused = subprocess.run(check, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert refused.returncode == 2 and f"chmod go-w {path}" in refused.stderr, refused
        daemon = [pathlib.Path(os.environ["SAMSYNK_BIN"]) / "samsynkd", "--config", file, "--once"]
        started = subprocess.run(daemon, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert started.returncode != 0 and f"chmod go-w {path}" in started.stdout + started.stderr
        path.chmod(before & 0o7777)
    assert subprocess.run(check, stdout=subprocess.DEVNULL).returncode == 0
