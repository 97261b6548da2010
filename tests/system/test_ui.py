"""`samsynk ui`: who gets in, what is passed on and back, and what breaks it (nothing)."""
import concurrent.futures
import json
import os
import pathlib
import re
import socket
import subprocess
import threading
import time

import pytest

from conftest import BIN, LINDQVIST, wait_for
from ui_stage import AS_ROOT, LINES, NOBODY, chunk, gateway, open_folders, played  # noqa: F401


@pytest.fixture
def home(office, site):
    office.add_active(LINDQVIST, "Lindqvist Bygg AB", receive_invoices="yes")
    site.lay("Lindqvist", LINDQVIST, "Lindqvist Bygg AB")
    return site


def refused(answer, status, code="not_permitted"):
    assert answer[0] == status, answer
    assert answer[1]["Content-Type"] == "application/problem+json"
    assert answer[2]["status"] == status and answer[2]["code"] == code
    assert {"type", "title", "detail", "message_id", "args"} <= set(answer[2])
    return answer[2]


# Who gets in

def test_the_page_is_there_for_all_and_holds_no_data(gateway):
    ui = gateway()
    status, headers, text = ui.ask_raw("GET", "/")
    assert status == 200 and headers["Content-Type"] == "text/html; charset=utf-8" and b"<!doctype html>" in text.lower()
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
    assert headers["Cache-Control"] == "no-store" and headers["X-Content-Type-Options"] == "nosniff"
    assert ui.ask("GET", "/nothing")[0] == 404


def test_a_key_opens_once_and_a_wrong_one_never(home, gateway):
    home.start().wait_for_run()
    ui = gateway(control=home.socket)
    assert len(ui.key) == 43
    assert "Press Enter" in refused(ui.ask("POST", "/open", {"key": "A" * 43}), 403)["detail"]
    refused(ui.ask("GET", "/v1/status"), 401)
    ui.open()
    status, headers, answer = ui.ask("GET", "/v1/status")
    assert status == 200 and answer["counts"]["companies"] == 1 and answer["may_act"] is True
    assert headers["Content-Security-Policy"] and headers["Cache-Control"] == "no-store"
    assert "Press Enter" in refused(ui.ask("POST", "/open", {"key": ui.key}), 403)["detail"]
    assert ui.ask("GET", "/v1/status")[0] == 200
    ui.token = ui.token[:-1] + ("A" if ui.token[-1] != "A" else "E")
    refused(ui.ask("GET", "/v1/status"), 401)


def test_of_other_hosts_and_pages_nothing_is_passed_on(gateway, played):
    daemon = played(lambda connection, head: connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
    ui = gateway().open()
    for headers, status in (({"Host": "evil.example"}, 421), ({"Host": f"evil.example:{ui.port}"}, 421),
                            ({"Host": f"127.0.0.1:{ui.port + 1}"}, 421), ({"Host": "127.0.0.1"}, 421),
                            ({"Origin": "http://evil.example"}, 403), ({"Origin": "null"}, 403),
                            ({"Origin": f"http://127.0.0.1:{ui.port + 1}"}, 403),
                            ({"Sec_Fetch_Site": "cross-site"}, 403), ({"Sec_Fetch_Site": "same-site"}, 403),
                            ({"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate"}, 403)):
        for method, path in (("GET", "/v1/status"), ("POST", "/v1/sync"), ("POST", "/open"), ("GET", "/catalog/sv")):
            refused(ui.ask(method, path, **headers), status)
    assert daemon.asked == []
    assert ui.ask("GET", "/", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate")[0] == 200
    assert ui.ask("GET", "/", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="no-cors")[0] == 403
    assert ui.ask("GET", "/v1/x", Sec_Fetch_Site="same-origin", Origin=f"http://127.0.0.1:{ui.port}")[0] == 200
    assert ui.ask("GET", "/v1/x", Host=f"localhost:{ui.port}")[0] == 421
    assert len(daemon.asked) == 1


def test_it_listens_at_the_loopback_only(gateway):
    ui = gateway()
    rows = [line.split() for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]]
    at = [row[1] for row in rows if row[3] == "0A" and row[1].endswith(f":{ui.port:04X}")]
    assert at == [f"0100007F:{ui.port:04X}"]
    assert f":{ui.port:04X} " not in pathlib.Path("/proc/net/tcp6").read_text()


@AS_ROOT
def test_another_user_without_the_key_gets_nothing(home, gateway):
    home.start().wait_for_run()
    ui = gateway(control=home.socket).open()
    out = subprocess.run(["curl", "-s", "-w", "%{http_code}", f"{ui.base}v1/companies"], text=True, stdout=subprocess.PIPE, **NOBODY)
    assert out.stdout.endswith("401") and "Lindqvist" not in out.stdout
    for folder in pathlib.Path(f"/proc/{ui.process.pid}").glob("fd"):
        assert folder.stat().st_uid == os.geteuid()
    for word in (ui.key, ui.token):
        assert word.encode() not in pathlib.Path(f"/proc/{ui.process.pid}/cmdline").read_bytes()


@AS_ROOT
def test_who_may_only_look_looks_and_acts_not(home, gateway):
    """The gateway is nobody more than the one who has started it."""
    home.config.write_text(home.config.read_text().replace(f"{{socket: {home.socket}}}",
                                                           f"{{socket: {home.socket}, observers: [nogroup]}}"))
    open_folders(home.folder)
    home.start().wait_for_run()
    ui = gateway(control=home.socket, **NOBODY).open()
    assert ui.ask("GET", "/v1/status")[2]["may_act"] is False
    assert "You may look, but not act" in refused(ui.ask("POST", "/v1/sync"), 403)["detail"]
    home.config.write_text(home.config.read_text().replace(", observers: [nogroup]", ", observers: [games]"))
    assert home.command("reload").returncode == 0
    assert "not a member" in refused(ui.ask("GET", "/v1/status"), 403)["detail"], "what the daemon says is passed on"


@AS_ROOT
def test_a_socket_that_is_not_theirs_is_told(tmp_path, gateway, played):
    played(lambda connection, head: None)
    os.chmod(tmp_path / "control.sock", 0o600)
    open_folders(tmp_path)
    ui = gateway(**NOBODY).open()
    assert refused(ui.ask("GET", "/v1/status"), 403)["args"] == {"path": str(tmp_path / "control.sock")}


# What is passed on and back

def test_a_sync_comes_line_by_line_to_its_result(home, gateway):
    home.start().wait_for_run()
    ui = gateway(control=home.socket).open()
    events = ui.begin("GET", "/v1/events?after=0")
    assert json.loads(events.readline())["sequence"] == 1
    answer = ui.begin("POST", "/v1/sync", {"companies": [LINDQVIST]}, Accept="application/x-ndjson", Content_Type="application/json")
    assert answer.status == 200 and answer.headers["Content-Type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in answer.read().splitlines()]
    assert lines[-1]["event"] == "result" and lines[-1]["result"]["outcome"] == "completed"
    assert any(line["event"] == "run.progress" for line in lines)
    wanted = lines[-1]["result"]["run"]
    assert any(json.loads(events.readline())["run"] == wanted for _ in range(200)), "and those who listen hear of it too"
    whole = ui.ask("POST", "/v1/sync", {"companies": [LINDQVIST]})
    assert whole[0] == 200 and whole[2]["trigger"] == "manual"
    choice = ui.ask("PATCH", f"/v1/companies/{LINDQVIST}/preferences", {"send_all_invoices": True})
    assert choice[2]["preferences"]["send_all_invoices"]["online"] is True
    wrong = ui.ask("DELETE", "/v1/status")
    assert wrong[1]["Allow"] == "GET" and refused(wrong, 405, "bad_request")


def test_each_line_arrives_before_the_next_is_there(gateway, played):
    heard = threading.Semaphore(0)

    def play(connection, head):
        connection.sendall(LINES)
        for number in range(5):
            connection.sendall(chunk(b'{"n":%d}\n' % number))
            assert heard.acquire(timeout=20)
        connection.sendall(b"0\r\n\r\n")
    played(play)
    answer = gateway().open().begin("POST", "/v1/sync")
    for number in range(5):
        assert json.loads(answer.readline()) == {"n": number}
        heard.release()
    assert answer.read() == b""


def test_the_request_is_passed_on_as_it_is_and_nothing_beside(gateway, played):
    daemon = played(lambda connection, head: connection.sendall(
        b"HTTP/1.1 418 No\r\nContent-Type: text/x; a=b\r\nContent-Length: 2\r\nSet-Cookie: a=b\r\nX-More: y\r\n\r\nhi"))
    ui = gateway().open()
    status, headers, text = ui.ask_raw("PUT", "/v1/a%20b?c=%C3%A5&d", {"x": 1}, Accept="text/x", Content_Type="application/json",
                                       Cookie="k=v", Referer="http://x", Sec_Fetch_Site="same-origin")
    assert (status, headers["Content-Type"], text) == (418, "text/x; a=b", b"hi")
    assert not {"Set-Cookie", "X-More"} & set(headers)
    head = daemon.asked[0].decode()
    assert head.startswith("PUT /v1/a%20b?c=%C3%A5&d HTTP/1.1\r\n") and head.endswith('\r\n\r\n{"x": 1}')
    names = {line.split(":")[0].lower() for line in head.split("\r\n\r\n")[0].splitlines()[1:]}
    assert names == {"host", "user-agent", "accept", "content-type", "connection", "content-length"}
    assert ui.token not in head


def test_when_the_browser_goes_so_does_the_question(gateway, played):
    gone = threading.Semaphore(0)

    def play(connection, head):
        if b"/lines" in head:
            connection.sendall(LINES + chunk(b"{}\n"))
        connection.settimeout(20)
        assert connection.recv(1) == b""
        gone.release()
    played(play)
    ui = gateway().open()
    answer = ui.begin("GET", "/v1/lines")
    assert answer.readline() == b"{}\n"
    answer.connection.close()
    answer.close()
    assert gone.acquire(timeout=10), "in the middle of an answer"
    one = ui.connect(f"GET /v1/long HTTP/1.1\r\nHost: 127.0.0.1:{ui.port}\r\nAuthorization: Bearer {ui.token}\r\n\r\n".encode())
    time.sleep(0.2)
    one.close()
    assert gone.acquire(timeout=10), "and before one has begun"


def test_when_the_daemon_goes_the_browser_is_told(gateway, played):
    def play(connection, head):
        if b"/lines" in head:
            connection.sendall(LINES + chunk(b"{}\n"))
        if b"/whole" in head:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
    played(play)
    ui = gateway().open()
    refused(ui.ask("GET", "/v1/nothing"), 502, "daemon_unreachable")
    for path in ("/v1/lines", "/v1/whole"):
        done = subprocess.run(["curl", "-sS", "-H", f"Authorization: Bearer {ui.token}", ui.base + path[1:]], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=20)
        assert done.returncode == 18, (done, "what came is not taken for the whole")
        assert done.stdout == ("{}\n" if path == "/v1/lines" else "half")


def test_the_daemon_down_and_up_again(home, gateway):
    ui = gateway(control=home.socket).open()
    problem = refused(ui.ask("GET", "/v1/status"), 502, "daemon_unreachable")
    assert problem["message_id"].startswith("samsynkd does not answer at {path}") and problem["args"] == {"path": str(home.socket)}
    home.start().wait_for_run()
    assert ui.ask("GET", "/v1/status")[0] == 200
    events = ui.begin("GET", "/v1/events?after=0")
    assert events.readline()
    home.kill()
    with pytest.raises(Exception):
        while events.readline():
            pass
        raise EOFError
    refused(ui.ask("GET", "/v1/status"), 502, "daemon_unreachable")
    home.start()
    assert ui.ask("GET", "/v1/status")[0] == 200, "the session is still good"


def test_a_long_answer_is_passed_through_and_not_kept(gateway, played):
    length = 200 * 1024 * 1024
    sent = [0]

    def play(connection, head):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: x/y\r\nContent-Length: %d\r\n\r\n" % length)
        for _ in range(length // 65536):
            connection.sendall(b"x" * 65536)
            sent[0] += 65536
    played(play)
    ui = gateway().open()
    answer = ui.begin("POST", "/v1/backup")
    wait_for(lambda: sent[0] > 65536)
    time.sleep(0.5)
    assert sent[0] < 30 * 1024 * 1024, "what is not taken is not fetched"
    got = 0
    while part := answer.read(1 << 20):
        got += len(part)
    assert got == length
    kept = int(re.search(r"VmHWM:\s+(\d+) kB", pathlib.Path(f"/proc/{ui.process.pid}/status").read_text())[1])
    assert kept < (40 if "asan" not in str(BIN) else 1000) * 1024, kept


def test_the_swedish_words_come_as_they_are(gateway):
    status, _, words = gateway().ask_raw("GET", "/catalog/sv")
    assert status == 200 and words == (BIN.parent / "share/locale/sv/LC_MESSAGES/samsynk.mo").read_bytes()


# What breaks it: nothing

def test_a_flood_of_connections_keeps_out_nobody_who_has_a_key(gateway, played):
    played(lambda connection, head: connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"))
    ui = gateway().open()
    ours = ui.connect()
    asking = f"GET /v1/x HTTP/1.1\r\nHost: 127.0.0.1:{ui.port}\r\nAuthorization: Bearer {ui.token}\r\n\r\n".encode()
    def answered():
        ours.sendall(asking)
        answer = b""
        while not answer.endswith(b"\r\n\r\n{}") and (part := ours.recv(4096)):
            answer += part
        return b"200 OK" in answer
    assert answered()
    flood = [ui.connect(b"GET /v1/x HT") for _ in range(600)]
    files = len(list(pathlib.Path(f"/proc/{ui.process.pid}/fd").iterdir()))
    assert files < 64 + 20, files
    assert answered(), "the connection that has shown a token was kept"
    assert ui.ask("GET", "/v1/x")[0] == 200, "and a new one finds a place"
    for one in flood:
        one.close()
    assert ui.ask("GET", "/")[0] == 200


def test_many_at_once_are_all_answered(home, gateway):
    home.start().wait_for_run()
    ui = gateway(control=home.socket).open()
    with concurrent.futures.ThreadPoolExecutor(24) as pool:
        found = list(pool.map(lambda _: ui.begin("GET", "/v1/companies"), range(400)))
        read = list(pool.map(lambda answer: answer.read(), found[-10:]))
    assert {answer.status for answer in found} == {200}, "also where nobody closes what is not needed any more"
    assert all(json.loads(text)["companies"][0]["company"] == LINDQVIST for text in read)


def test_the_slow_are_dropped_and_keep_nobody_waiting(gateway, played):
    played(lambda connection, head: connection.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n" + b"x" * 50000000))
    ui = gateway().open()
    host = f"Host: 127.0.0.1:{ui.port}\r\n".encode()
    begun = time.monotonic()
    head, body = ui.connect(b"GET / HTTP/1.1\r\n"), ui.connect(b"POST /open HTTP/1.1\r\n" + host + b"Content-Length: 9000\r\n\r\n{")
    reader = ui.connect(b"GET /v1/x HTTP/1.1\r\n" + host + f"Authorization: Bearer {ui.token}\r\n\r\n".encode())
    wait_for(lambda: is_held(ui, reader))
    ended = {}
    while time.monotonic() < begun + 45 and len(ended) < 2:
        for name, one in (("head", head), ("body", body)):
            if name in ended:
                continue
            try:
                one.sendall(b"x")  # a byte now and then does not help
                one.settimeout(0.2)
                if one.recv(100) == b"":
                    ended[name] = time.monotonic() - begun
            except TimeoutError:
                pass
            except OSError:
                ended[name] = time.monotonic() - begun
        assert ui.ask("GET", "/")[0] == 200
    assert set(ended) == {"head", "body"} and all(8 < seconds < 15 for seconds in ended.values()), ended
    wait_for(lambda: not is_held(ui, reader), 45)
    assert 25 < time.monotonic() - begun


def is_held(ui, reader):
    """Whether the gateway has the other end of `reader` open."""
    port, held = f":{reader.getsockname()[1]:04X}", set()
    for link in pathlib.Path(f"/proc/{ui.process.pid}/fd").iterdir():
        try:
            held.add(os.readlink(link)[8:-1])  # of socket:[123]
        except FileNotFoundError:  # it was closed meanwhile
            pass
    return any(row.split()[9] in held and row.split()[2].endswith(port)
               for row in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:])


def test_what_is_too_large_or_no_request_is_refused(gateway):
    ui = gateway().open()
    host = f"Host: 127.0.0.1:{ui.port}\r\n".encode()
    head = b"POST /open HTTP/1.1\r\n" + host + b"Content-Length: "
    for data, status in ((b"NONSENSE\r\n\r\n", b"400"), (b"GET / HTTP/1.1\r\n" + host + b"X: " + b"y" * 9000 + b"\r\n\r\n", b"413"),
                         (b"GET /" + b"y" * 9000 + b" HTTP/1.1\r\n", b"413"), (head + b"70000\r\n\r\n" + b"x" * 70000, b"413"),
                         (head + b"-1\r\n\r\n", b"400"), (b"\x16\x03\x01\x00\xff", b"400"), (b"GET / HTTP/1.0\r\n\r\n", b"400"),
                         (b"GET / HTTP/1.1\r\n" + host + b"Host: evil.example\r\n\r\n", b"400"),
                         (b"GET http://evil.example/ HTTP/1.1\r\n" + host + b"\r\n", b"400"),
                         (b"GET / HTTP/1.1\r\n\r\n", b"421"),
                         (b"GET /v1/x HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", b"400"),
                         (b"POST /open HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"411")):
        with ui.connect(data) as one:
            one.shutdown(socket.SHUT_WR)
            answer = b""
            while part := one.recv(65536):
                answer += part
        assert answer.startswith(b"HTTP/1.1 " + status), (data[:60], answer[:100])
        assert b"application/problem+json" in answer and b"Content-Security-Policy" in answer
    for method in ("HEAD", "OPTIONS", "TRACE"):
        assert ui.ask_raw(method, "/v1/status")[0] == 405
    assert ui.ask("GET", "/")[0] == 200


def test_two_requests_on_one_connection(gateway):
    ui = gateway()
    one = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{ui.port}\r\n".encode()
    with ui.connect(one + b"\r\n" + one + b"Connection: close\r\n\r\n") as both:
        answer = b""
        while part := both.recv(65536):
            answer += part
    assert answer.count(b"HTTP/1.1 200 OK") == 2
