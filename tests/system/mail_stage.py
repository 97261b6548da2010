"""A sandbox that sends letters, as its tests need it."""
import json
import sqlite3

import pytest

from conftest import LINDQVIST, Office, wait_for
from mail_servers import PASSWORD, read


@pytest.fixture
def away(tmp_path):
    """An office whose server is started by the test, as it needs it."""
    one = Office(tmp_path / "online")
    one.data.mkdir()
    one.log = tmp_path / "errors"
    yield one
    one.stop()


def start(office, *words):
    office.start(*words, stderr=office.log.open("a"))


def letters(office, *words):
    return [json.loads(line) for line in office("letters", *words).splitlines()]


def wait_for_state(office, state, number=0, seconds=20):
    return wait_for(lambda: (letters(office)[number] if letters(office)[number]["state"] == state else None), seconds)


def wait_for_trouble(office, text):
    return wait_for(lambda: (letters(office)[0] if text in (letters(office)[0]["trouble"] or "") else None))


def in_folder(office):
    return [(file, read(file.read_bytes())) for file in sorted((office.data / "mail").glob("*.eml"))]


def said(message, kind="plain"):
    return message.get_body((kind,)).get_content()


def invite(office, number=LINDQVIST, name="Lindqvist Bygg AB", email="eva@lindqvist.example"):
    office("company", "add", number, name, "--administrator-name", "Eva Åkesson", "--administrator-email", email)
    office("activate", number)


def write_password(folder, text=PASSWORD):
    file = folder / "password"
    file.write_text(text + "\n")
    file.chmod(0o600)
    return file


def with_password(folder, port, certificates, scheme="smtp"):
    return ["--smtp", f"{scheme}://localhost:{port}", "--smtp-user", "eva", "--smtp-password-file", write_password(folder),
            "--smtp-ca-file", certificates.folder / "ca.pem"]


def take_over_at_once(office):
    """As if the time had passed in which a letter belongs to who has taken it."""
    database = sqlite3.connect(office.data / "sandbox.db")
    with database:
        database.execute("UPDATE letters SET taken_until = 0, next_attempt = 0")
    database.close()
