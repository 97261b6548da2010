"""The gateway of the page (`samsynk ui`) as a browser meets it, and a daemon behind it that does as a test says."""
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import threading

import pytest

from conftest import BIN

QUIET = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become someone else")
NOBODY = {"user": "nobody", "group": "nogroup", "extra_groups": []}


class Ui:
    """A gateway, and someone who has opened its address (or not)."""

    def __init__(self, control, *words, environment=None, **how):
        self.process = subprocess.Popen([BIN / "samsynk", "--socket", control, "--json", "ui", *words], text=True,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        env=QUIET if environment is None else environment, **how)
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read()
        self.url = json.loads(line)["url"]
        self.base, _, self.key = self.url.partition("#")
        self.port = int(self.base.split(":")[2].strip("/"))
        self.token = None

    def ask(self, method, path, body=None, **headers):
        """Status, headers and body. A header of None is left out."""
        status, fields, text = self.ask_raw(method, path, body, **headers)
        return status, fields, json.loads(text) if "json" in fields.get("Content-Type", "") and text else text

    def ask_raw(self, method, path, body=None, **headers):
        answer = self.begin(method, path, body, **headers)
        text = answer.read()
        answer.connection.close()
        return answer.status, answer.headers, text

    def begin(self, method, path, body=None, timeout=30, **headers):
        """The answer's beginning; the rest is to be read."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        given = {"Host": f"127.0.0.1:{self.port}", **({"Authorization": f"Bearer {self.token}"} if self.token else {})}
        given.update({name.replace("_", "-"): value for name, value in headers.items()})
        connection.request(method, path, None if body is None else json.dumps(body),
                           {name: value for name, value in given.items() if value is not None})
        answer = connection.getresponse()
        answer.connection = connection  # it would be closed else
        return answer

    def open(self):
        status, _, answer = self.ask("POST", "/open", {"key": self.key}, Authorization=None)
        assert status == 200, answer
        self.token = answer["token"]
        return self

    def connect(self, data=b""):
        one = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        one.sendall(data)
        return one

    def end(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            return self.process.wait(timeout=20)
        finally:
            self.process.kill()  # one that does not end is not left over
            self.process.wait()
            self.process.stdout.close()
            self.process.stderr.close()


class PlayedDaemon:
    """Listens at a control socket; `play(connection, head)` does the rest, for each who asks."""

    def __init__(self, path, play):
        self.path, self.play, self.asked = pathlib.Path(path), play, []
        self.listening = socket.socket(socket.AF_UNIX)
        self.listening.bind(str(path))
        self.listening.listen(100)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection):
        with connection:
            connection.settimeout(30)
            head = b""
            while b"\r\n\r\n" not in head:
                part = connection.recv(65536)
                if not part:
                    return
                head += part
            self.asked.append(head)
            try:
                self.play(connection, head)
            except OSError:  # the other side has gone, as some tests want it to
                pass

    def close(self):
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self.path.unlink()


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


LINES = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"


def open_folders(folder):
    for one in (folder, *folder.parents):
        if str(one).startswith("/tmp/"):
            os.chmod(one, 0o755)


@pytest.fixture
def gateway(tmp_path):
    """Starts gateways, by default to a daemon that is not there."""
    started = []

    def start(*words, control=tmp_path / "control.sock", **how):
        started.append(Ui(control, *words, **how))
        return started[-1]
    yield start
    for one in started:
        one.end()


@pytest.fixture
def played(tmp_path):
    """Puts a daemon behind the gateway that does as the test says."""
    daemons = []

    def start(play):
        daemons.append(PlayedDaemon(tmp_path / "control.sock", play))
        return daemons[-1]
    yield start
    for one in daemons:
        one.close()
