"""The support bundle: secrets and persons' numbers are planted everywhere, and none may come out."""
import json
import os
import pathlib
import socket
import subprocess
import tarfile

import pytest

from conftest import BIN, LINDQVIST, let_others_through, wait_for

ANNA, ANNA_MISTYPED, ANNA_VAT = "8001011231", "800101-1232", "SE800101123101"
SECRETS = {"proxy password": "h\"mligt&ä-proxy", "in an address": "adress-hemligt", "environment": "miljö-hemligt-1",
           "of a bridge": "brygga-hemligt-2", "password": "databas-hemligt", "commented out": "gammalt-hemligt",
           "argument": "argument-hemligt", "of ODBC": "odbc-hemligt"}
PIECES = {"version.txt", "samsynk.yaml", "status.json", "companies.json", "installations.json", "held.json", "history.json",
          "doctor.json", "explain-1.json", "metrics.txt", "config-check.json", "state-folder.txt", "disk.txt", "kernel.txt",
          "os-release.txt", "memory.txt", "log.txt"}


@pytest.fixture
def home(office, site):
    """One company in sync, two in trouble, and secrets wherever one can stand."""
    office.add_active(LINDQVIST, "Lindqvist Bygg AB", receive_invoices="yes")
    site.lay("Lindqvist", LINDQVIST, "Lindqvist Bygg AB")
    site.lay("Anna", ANNA, f"Anna {ANNA_MISTYPED} {ANNA_VAT}")
    site.lay(f"{ANNA} Annas Städ", "5561234567", "Städ")
    text = site.config.read_text().replace("{format: json}", f"{{format: json, level: debug, file: {site.folder / 'samsynk.log'}}}")
    for name in ("proxy password", "password"):
        file = site.folder / name.replace(" ", "-")
        file.write_text(SECRETS[name] + "\n")
        file.chmod(0o600)
    mapping = (pathlib.Path(__file__).parents[2] / "config/mappings/tryton.yaml").read_text()
    (site.folder / "odbc.yaml").write_text(mapping.replace("postgresql", "odbc"))
    bridge = site.folder / "bridge"
    bridge.write_text("#!/bin/sh\necho \"key $BRIDGE_KEY at http://me:$BRIDGE_KEY@x\" >&2\nexit 1\n")
    bridge.chmod(0o755)
    site.config.write_text(text.replace("installations:\n", f"""installations:
  - id: bridge
    connector: exec
    command: [{bridge}, --token, {SECRETS['argument']}]
    environment:
      BRIDGE_KEY: {SECRETS['of a bridge']}
      OTHER: "{SECRETS['environment']}"
  - {{id: books, connector: sql, mapping: tryton, database: {{type: postgresql, host: localhost, port: 9, name: x, user: u,
      password_file: {site.folder / 'password'}}}}}
  - {{id: odbc, connector: sql, mapping: {site.folder / 'odbc.yaml'}, database: {{type: odbc, name: "DSN=x;PWD={SECRETS['of ODBC']}"}}}}
""") + f"# password: {SECRETS['commented out']}\n# http://me:{SECRETS['in an address']}@proxy.example:3128\n")
    return site


def bundle(site, *words):
    file = site.folder / "bundle.tar.gz"
    told = subprocess.run([BIN / "samsynk", "--socket", site.socket, "--json", "support-bundle", file, "--config", site.config, *words],
                          text=True, timeout=150, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert told.returncode == 0, told
    with tarfile.open(file) as packed:
        return {one.name.removeprefix("./"): packed.extractfile(one).read().decode() for one in packed if one.isfile()}, file


def assert_nothing_of_it_is_in(pieces, site):
    secrets = {**SECRETS, "client secret": (site.office.data / "client_secret").read_text().strip()}
    for name, text in pieces.items():
        for what, secret in secrets.items():
            for form in (secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]):
                assert form not in text, (name, what)
        for number in (ANNA, f"{ANNA[:6]}-{ANNA[6:]}", "19" + ANNA, ANNA_MISTYPED, ANNA_VAT):
            assert number not in text, (name, number)


def test_it_holds_what_a_helper_needs_and_no_secret(home):
    home.start().wait_for_run()
    pieces, file = bundle(home)
    assert file.stat().st_mode & 0o777 == 0o600
    assert set(pieces) >= PIECES, pieces.get("missing.txt")
    assert_nothing_of_it_is_in(pieces, home)
    assert json.loads(pieces["status.json"])["counts"]["companies"] == 3
    assert "800101-****" in pieces["companies.json"] and "556016-0680" in pieces["log.txt"]
    assert "[hidden]" in pieces["samsynk.yaml"] and "BRIDGE_KEY: [hidden]" in pieces["samsynk.yaml"]
    assert "# Nothing" not in pieces["samsynk.yaml"] and "connector: exec" in pieces["samsynk.yaml"]
    for shown in ("  interval: 1h\n", "host: localhost\n", "port: 9\n", "    id: bridge\n", f"    path: {home.books}\n", "  level: debug\n"):
        assert shown in pieces["samsynk.yaml"], pieces["samsynk.yaml"]
    assert str(home.folder / "bridge") in pieces["installations.json"]
    assert "state.db" in pieces["state-folder.txt"]
    assert all("Lindqvist Bygg AB" not in text for text in pieces.values())
    with_names, _ = bundle(home, "--with-names")
    assert "Lindqvist Bygg AB" in with_names["companies.json"]
    assert_nothing_of_it_is_in(with_names, home)


def test_which_place_leads_is_shown_without_the_places_names(home):
    settled = f"companies: {{'{ANNA}': {{leads: main:Hemligt, follow: [main:Dolt, {home.books}/Mapp]}}}}\n"
    home.config.write_text(home.config.read_text() + settled)
    home.start().wait_for_run()
    pieces, _ = bundle(home)
    assert_nothing_of_it_is_in(pieces, home)
    assert "    leads: main:[hidden]\n    follow:\n      - main:[hidden]\n" in pieces["samsynk.yaml"], pieces["samsynk.yaml"]
    assert f"      - {home.books}/Mapp\n" in pieces["samsynk.yaml"]
    assert '"follows":"main:Hemligt"' in pieces["companies.json"], "the key stands where it stood"


def test_where_no_daemon_runs_and_the_configuration_is_wrong_it_says_what_is_missing(home):
    home.start().wait_for_run()
    home.kill()
    home.config.write_text(home.config.read_text().replace("{interval: 1h", "{interval: 1x") + "password: databas-hemligt\n")
    pieces, _ = bundle(home)
    assert_nothing_of_it_is_in(pieces, home)
    assert "sync.interval" in pieces["config-mistakes.txt"]
    for name in ("status.json", "doctor.json", "config-check.json"):
        assert name not in pieces and f"{name}: " in pieces["missing.txt"]


def test_a_daemon_that_is_silent_is_asked_once(home):
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(home.socket))
        silent.listen(16)
        pieces, _ = bundle(home)
    assert "status.json: samsynkd does not answer in time" in pieces["missing.txt"]
    assert "version.txt" in pieces


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be led astray")
def test_no_link_of_the_daemons_user_leads_root_to_what_is_roots(home):
    home.start().wait_for_run()
    home.kill()
    roots = home.folder / "of-root"
    roots.write_text("only for root\n")
    roots.chmod(0o600)
    let_others_through(home.folder)
    log = home.folder / "samsynk.log"
    log.unlink()
    log.symlink_to(roots)
    os.chown(home.folder / "state", 65534, 65534)
    pieces, _ = bundle(home)
    assert all("only for root" not in text for text in pieces.values())
    assert "state.db" in pieces["state-folder.txt"], "what is the owner's is there"


def test_people_are_told_what_is_in_it(home):
    told = subprocess.run([BIN / "samsynk", "--socket", home.socket, "support-bundle", "--config", home.config], text=True, timeout=150,
                          cwd=home.folder, stdout=subprocess.PIPE, env={**os.environ, "LC_ALL": "sv_SE.UTF-8", "TMPDIR": str(home.folder)})
    assert "samsynk.yaml" in told.stdout and "Titta" in told.stdout or "innan du" in told.stdout, told.stdout
    assert len(list(home.folder.glob("samsynk-support-*.tar.gz"))) == 1
    assert not [one for one in home.folder.iterdir() if one.is_dir() and one.name.startswith("samsynk-support")], "no folder is left"
