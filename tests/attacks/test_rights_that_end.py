"""Whoever could look or act, and may no longer, keeps nothing of it: no open connection, and no stream."""
import json
import time

import pytest

from conftest import let_others_through, office, site, wait_for  # noqa: F401
from people import People, give_to_service, needs_root

pytestmark = needs_root
LONGEST = 30  # seconds that a right may outlive its end


@pytest.fixture
def people(site, tmp_path):
    one = People(tmp_path)
    site.config.write_text(site.config.read_text().replace("control: {socket:", "control: {observers: [revision], socket:"))
    let_others_through(tmp_path)
    give_to_service(tmp_path)
    site.before = one.as_service
    site.start()
    return one


def ask(line, call="GET /v1/status", body=b""):
    """The status of the answer; 0 where the connection was closed instead."""
    try:
        line.settimeout(40)
        line.sendall(f"{call} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        head = b""
        while b"\r\n\r\n" not in head:
            part = line.recv(65536)
            if not part:
                return 0
            head += part
        head, rest = head.split(b"\r\n\r\n", 1)
        length = next((int(field.split(b":")[1]) for field in head.split(b"\r\n") if field.lower().startswith(b"content-length")), 0)
        while len(rest) < length and (part := line.recv(65536)):
            rest += part
        return int(head.split()[1])
    except (ConnectionError, BrokenPipeError):
        return 0


def stream(line):
    line.settimeout(40)
    line.sendall(b"GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b" 200 " in line.recv(65536)
    return line


def until_end(line):
    """All that still comes, and after how many seconds it ended."""
    began, said = time.monotonic(), b""
    while part := line.recv(65536):
        said += part
    return said, time.monotonic() - began


def test_who_leaves_the_group_of_observers(site, people):
    kept, listening = people.connects("olle", site.socket, ["revision"]), people.connects("olle", site.socket, ["revision"])
    assert ask(kept) == 200 and ask(kept, "POST /v1/sync", b"{}") == 403
    stream(listening)
    people.members["revision"] = []
    people.tell()
    said, seconds = until_end(listening)
    assert seconds < LONGEST and b"access.ended" in said, (seconds, said)
    assert ask(kept) in (0, 403)
    assert ask(people.connects("olle", site.socket, ["revision"])) in (0, 403), "the process holds the group still"


def test_whose_group_is_no_observers_group_any_more(site, people):
    kept, listening = people.connects("olle", site.socket, ["revision"]), people.connects("olle", site.socket, ["revision"])
    assert ask(kept) == 200
    stream(listening)
    site.config.write_text(site.config.read_text().replace("[revision]", "[]"))
    assert site.command("reload").returncode == 0
    said, seconds = until_end(listening)
    assert seconds < 5 and b"access.ended" in said, (seconds, said)
    assert ask(kept) in (0, 403)


def test_who_leaves_the_group_that_acts(site, people):
    kept = people.connects("anna", site.socket, ["samsynk"])
    assert ask(kept, "POST /v1/sync", b"{}") == 200
    people.members["samsynk"] = []
    people.tell()
    assert wait_for(lambda: ask(people.connects("anna", site.socket, ["samsynk"]), "POST /v1/sync", b"{}") != 200, LONGEST)
    assert ask(kept, "POST /v1/sync", b"{}") in (0, 403)


def test_who_was_never_let_in(site, people):
    for name, groups in (("stranger", []), ("mallory", ["users"]), ("olle", [])):
        assert ask(people.connects(name, site.socket, groups)) in (0, 403), name
    assert ask(people.connects("stranger", site.socket, ["samsynk"])) in (0, 403), "a process alone lets nobody in"


def test_a_group_of_thousands_and_a_user_of_hundreds(site, people):
    people.members["samsynk"] = [f"employee-{n:05}" for n in range(20000)] + ["anna"]
    people.tell()
    time.sleep(11)  # what was known of before is not asked again so soon
    line = people.connects("anna", site.socket, ["samsynk"])
    assert ask(line, "POST /v1/sync", b"{}") == 200
    assert json.loads(site.command("status").stdout)["counts"]["companies"] == 0
