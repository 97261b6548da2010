"""The control socket as programs meet it: who may connect, what breaks it (nothing), what becomes of it."""
import json
import os
import pwd
import socket
import stat
import subprocess

from conftest import BIN, wait_for


def talk(site, data, shutdown=False):
    with socket.socket(socket.AF_UNIX) as raw:
        raw.settimeout(10)
        raw.connect(str(site.socket))
        raw.sendall(data)
        if shutdown:
            raw.shutdown(socket.SHUT_WR)
        answer = b""
        while part := raw.recv(65536):
            answer += part
        return answer


def test_the_socket_is_open_to_all_and_goes_with_the_daemon(site):
    site.start()
    mode = site.socket.stat().st_mode
    assert stat.S_ISSOCK(mode) and stat.S_IMODE(mode) == 0o666, "who may do what is told by who asks"
    second = subprocess.run([BIN / "samsynkd", "--config", site.config], text=True, stderr=subprocess.PIPE, timeout=20)
    assert second.returncode != 0 and "samsynkd" in second.stderr
    assert site.status() is not None, "the first one goes on"
    site.kill(15)
    assert not site.socket.exists()


def test_a_socket_left_over_from_a_crash_is_replaced(site):
    site.start()
    site.kill()
    assert site.socket.exists()
    site.start()
    assert site.status() is not None


def test_two_requests_on_one_connection(site):
    site.start()
    one = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert talk(site, one + last).count(b"200 OK") == 2


def test_what_is_no_request_is_refused_and_hurts_nobody(site):
    site.start()
    body = b"x" * 70000
    head = b"POST /v1/sync HTTP/1.1\r\nHost: x\r\nContent-Length: "
    for data, status in ((b"NONSENSE\r\n\r\n", b"400"), (head + b"-1\r\n\r\n", b"400"), (head + b"70000\r\n\r\n" + body, b"413"),
                         (b"GET / HTTP/1.1\r\nX: " + b"y" * 9000 + b"\r\n\r\n", b"413"), (b"\x00\xff\x16\x03", b"400")):
        answer = talk(site, data, shutdown=True)
        assert answer.startswith(b"HTTP/1.1 " + status), (data[:40], answer[:200])
        assert b"application/problem+json" in answer
    stalled = [socket.socket(socket.AF_UNIX) for _ in range(20)]
    for one in stalled:
        one.connect(str(site.socket))
        one.sendall(b"GET /v1/status HT")
    assert site.status() is not None, "those who stall keep nobody waiting"
    for one in stalled:
        one.close()
    assert site.status() is not None


def test_the_event_stream_is_resumed_where_it_was_left(office, site):
    site.start().wait_for_run()
    site.sync()
    reader = subprocess.Popen(["curl", "-sN", "--unix-socket", site.socket, "http://localhost/v1/events?after=0"], text=True,
                              stdout=subprocess.PIPE)
    first = [json.loads(reader.stdout.readline()) for _ in range(3)]
    reader.kill()
    reader.wait()
    assert [event["sequence"] for event in first] == [1, 2, 3]
    again = subprocess.Popen(["curl", "-sN", "--unix-socket", site.socket, "http://localhost/v1/events?after=2"], text=True,
                             stdout=subprocess.PIPE)
    assert json.loads(again.stdout.readline()) == first[2]
    again.kill()
    again.wait()


def test_a_stranger_may_not_even_look(site):
    if os.geteuid() != 0:
        return
    site.start()
    os.chmod(site.folder, 0o755)
    for folder in site.folder.parents:
        if str(folder).startswith("/tmp/"):
            os.chmod(folder, 0o755)
    nobody = pwd.getpwnam("nobody")
    out = subprocess.run(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--unix-socket", site.socket,
                          "http://localhost/v1/status"], text=True, stdout=subprocess.PIPE, user=nobody.pw_uid,
                         group=nobody.pw_gid, extra_groups=[]).stdout
    assert out == "403"
    assert wait_for(site.status)
