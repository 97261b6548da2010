"""The support bundle, with a secret in each place and form in which people have put one: none of them comes out."""
import itertools
import pathlib
import subprocess
import tarfile

import pytest

from conftest import BIN, LINDQVIST, office, site  # noqa: F401

WELL = """service:
  url: {url}
  ca_file: {data}/ca.pem
  proxy_password_file: {folder}/proxy-password
  auth: {{issuer: '{url}', client_id: samsynk, client_secret_file: {folder}/client-secret, scope: '{S} b'}}
sync: {{interval: 1h, push: false}} # {S}
installations:
  - {{id: main, connector: folder, path: {books}}}
  - id: bridge
    connector: exec
    command: [{folder}/bridge, --token, {S}, '--password={S}', '{S}', '-p{S}', 'user:{S}@host', 'Authorization: Bearer {S}']
    environment: {{KEY: {S}, BOOKS_PIN: '{S}', PGPASSWORD: "{S} {S}"}}
  - {{id: one-word, connector: exec, command: ["{folder}/bridge --token {S} --key={S}"]}}
  - {{id: books, connector: sql, mapping: tryton, database: {{type: postgresql, host: localhost, port: 9, name: x, user: u,
      password_file: {folder}/password}}}}
  - {{id: odbc, connector: sql, mapping: {folder}/odbc.yaml, database: {{type: odbc, name: "DSN=x;PWD={S};UID={S}", user: '{S}'}}}}
control: {{socket: {folder}/control.sock}}
state: {{directory: {folder}/state}}
log: {{format: json, level: debug, file: {folder}/samsynk.log}}
# {S}
# password: {S}
# http://me:{S}@proxy.example:3128
""".replace("  proxy_password_file: {folder}/proxy-password\n", "")
MISTAKEN = """service: &all
  url: https://me:{S}@service.example
  proxy: http://me:a/{S}@proxy.example:3128
  auth:
    client_secret: {S}
    client_secret:{S}
    client_secret={S}
    pwd: {S}
    pass: '{S}
      {S}'
    private_key: |
      -----BEGIN PRIVATE KEY-----
      {S}
      -----END PRIVATE KEY-----
    ? api_key
    : {S}
    authorization: Bearer {S}
    lösenord: "{S}"
sync: *all
token: &{S} x
x: *{S}
log: {{level: {S}}}
companies: {{{S}: main, "556016-0680": "main:{S}"}}
metrics: {{listen: "{S}:9465"}}
- {S}
"{S}"
-----BEGIN PRIVATE KEY-----
{S}
"""
READABLE = """service:
  url: https://service.example/{S}
  proxy: http://me:{S} {S}@proxy.example:3128
  pins: [sha256/{S}]
  auth: {{client_secret: {S}, client_id: '{S}, and', token: [{S}], 'a {S}': 1, issuer: "https://i.example?key={S}"}}
  password: |
    {S}
  Authorization: >-
    Bearer
    {S}
installations:
  - {{id: a, connector: exec, command: /usr/bin/bridge --token={S}, environment: [KEY={S}]}}
  - {{id: b, connector: '{S}', mapping: '{S};x', database: {{host: 'u:{S}@db', password: {S}, port: {S}}}}}
  - {S}
companies: {{"556016-0680": [main, {S}], {S}: ignore}}
unknown: {{deeper: {{still: {S}}}}}
log: {{file: {S}, rotate_at: {S}}}
"""


class Plants:
    def __init__(self, folder):
        self.folder, self.all, self.serial = folder, [], itertools.count(1)

    def secret(self, *_):
        self.all.append(f"s3Cret{next(self.serial):03}QzX")
        return self.all[-1]

    def text(self, form, **where):
        parts = form.split("{S}")
        return "".join(part + self.secret() for part in parts[:-1]).replace("{{", "{").replace("}}", "}") + parts[-1].replace("{{", "{").replace("}}", "}")

    def file(self, name):
        path = self.folder / name
        path.write_text(self.secret() + "\n")
        path.chmod(0o600)


def filled(text, site):
    for name, value in {"url": f"https://localhost:{site.office.port}", "data": site.office.data, "folder": site.folder, "books": site.books}.items():
        text = text.replace("{" + name + "}", str(value))
    return text


@pytest.fixture
def plants(site):
    one = Plants(site.folder)
    for name in ("password", "proxy-password"):
        one.file(name)
    secret = (site.office.data / "client_secret").read_text().strip()
    (site.folder / "client-secret").write_text(secret)
    (site.folder / "client-secret").chmod(0o600)
    one.all.append(secret)
    mapping = (pathlib.Path(__file__).parents[2] / "config/mappings/tryton.yaml").read_text()
    (site.folder / "odbc.yaml").write_text(mapping.replace("postgresql", "odbc"))
    bridge = site.folder / "bridge"
    bridge.write_text("#!/bin/sh\nenv >&2\necho \"refused: $*; $KEY $BOOKS_PIN $PGPASSWORD\" >&2\nexit 1\n")
    bridge.chmod(0o755)
    site.office.add_active(LINDQVIST, "Lindqvist Bygg AB", receive_invoices="yes")
    site.lay("Lindqvist", LINDQVIST, "Lindqvist Bygg AB")
    return one


def assert_none_is_in_the_bundle(site, plants):
    file = site.folder / "bundle.tar.gz"
    told = subprocess.run([BIN / "samsynk", "--socket", site.socket, "support-bundle", file, "--config", site.config],
                          text=True, timeout=150, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert told.returncode == 0, told
    with tarfile.open(file) as packed:
        pieces = {one.name: packed.extractfile(one).read().decode() for one in packed if one.isfile()}
    assert len(pieces) > 8
    for secret in plants.all:
        for name, text in pieces.items():
            at = text.find(secret)
            assert at < 0, (name, text[max(0, at - 200):at + 40])


def test_none_of_a_configuration_that_is_in_use(site, plants):
    site.config.write_text(filled(plants.text(WELL), site))
    site.start().wait_for_run()
    assert len(plants.all) >= 20
    log = (site.folder / "samsynk.log").read_text()
    assert "refused: " in log, "the bridge did tell"
    for secret in plants.all:
        assert secret not in log, log[max(0, log.find(secret) - 300):log.find(secret) + 30]
    assert_none_is_in_the_bundle(site, plants)


@pytest.mark.parametrize("form", [READABLE, MISTAKEN])
@pytest.mark.parametrize("code", ["utf-8", "utf-16"])
def test_none_of_a_configuration_with_mistakes(site, plants, form, code):
    site.start().wait_for_run()
    site.config.write_bytes(plants.text(form).encode(code))
    assert len(plants.all) >= 20
    site.command("reload")
    assert_none_is_in_the_bundle(site, plants)
