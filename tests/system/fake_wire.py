"""HTTP over TLS with habits of its own. Each reply is framed and written in another way than the one before it."""
import collections
import contextlib
import http.server
import json
import os
import socket
import struct
import sys

from fake_account import Problem

Reply = collections.namedtuple("Reply", "status headers value", defaults=({}, None))
REASONS = ("OK", "", "Jovisst då")
TYPES = ("application/json; charset=utf-8", "Application/JSON", "application/json ;profile=\"a;b\"")


class Request:
    def __init__(self, method, target, headers):
        self.method, self.target, self.headers, self.body = method, target, headers, b""

    def __repr__(self):
        return f"{self.method} {self.target}"


class Ended(Exception):
    """The connection is over, without a proper end."""


def in_some_way(value, turn):
    """The same JSON, each time in another dress."""
    dress = turn % 5
    if dress == 0:
        return json.dumps(value, separators=(",", ":"))
    if dress == 1:
        return "\r\n\t " + json.dumps(value, ensure_ascii=False, indent="\t") + "\n\n"
    if dress == 2:
        return json.dumps(value, sort_keys=True).replace("/", "\\/")
    if dress == 3:
        return json.dumps(reversed_keys(value), ensure_ascii=False, separators=(" , ", " : "))
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def reversed_keys(value):
    if isinstance(value, dict):
        return {key: reversed_keys(value[key]) for key in reversed(value)}
    return [reversed_keys(item) for item in value] if isinstance(value, list) else value


def refusal(problem, number):
    return Reply(problem.status, problem.headers, {
        "request_id": f"q-{number}", "title": "Det gick inte", "status": problem.status, "code": problem.code,
        "type": "https://spiris.example/fel", "detail": problem.detail, "mer": {"å": ["\u2028"]}})


class Server(http.server.ThreadingHTTPServer):
    """One listener of the service; its threads are joined when it is closed."""
    daemon_threads = False

    def __init__(self, service):
        super().__init__(("127.0.0.1", 0), Handler)
        self.service = service

    def process_request(self, connection, address):
        self.service.connections += 1
        super().process_request(connection, address)

    def handle_error(self, *_):
        # The peer may go at any time; anything else is a mistake in here, and the tests must hear of it.
        if not isinstance(sys.exc_info()[1], (OSError, Ended)):
            self.service.checks.violations.append(f"the fake service itself: {sys.exc_info()[1]!r}")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    disable_nagle_algorithm = True

    def setup(self):
        service = self.server.service
        service.plan.take("CONNECT").unread(self)
        if service.tls:
            self.request.settimeout(self.timeout)
            self.request = service.tls.wrap_socket(self.request, server_side=True)
        service.keep(self.request)
        super().setup()

    def finish(self):
        with contextlib.suppress(OSError):
            super().finish()
        self.server.service.forget(self.request)
        self.request.close()

    def log_message(self, *_):
        pass

    def do_GET(self):
        service = self.server.service
        request = Request(self.command, self.path, self.headers)
        service.requests.append(request)
        fault = service.plan.take(repr(request))
        try:
            fault.unread(self)
            request.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if reply := fault.done(self, self.reply_to(request, fault)):
                self.send(reply)
        except Problem as problem:
            self.send(refusal(problem, len(service.requests)))
        except Ended:
            self.end()

    def reply_to(self, request, fault):
        service, port = self.server.service, self.server.server_address[1]
        service.check(request, port)  # also what is refused below must be well formed
        try:
            fault.undone(self)
            return service.answer(request, port)
        except Problem as problem:
            return refusal(problem, len(service.requests))

    do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_GET

    def end(self):
        """No close_notify, no goodbye."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self.connection, socket.SHUT_RDWR)

    def reset(self):
        """Nothing is closed: what comes still is answered with a reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())

    def raw(self, *parts):
        with contextlib.suppress(OSError):  # a client may well have heard enough
            for part in parts:
                self.wfile.write(part)
        raise Ended

    def body_of(self, reply):
        if isinstance(reply.value, bytes):
            return reply.value
        return in_some_way(reply.value, self.server.service.turn).encode()

    def head(self, reply, **more):
        turn = self.server.service.turn
        headers = {"content-type": TYPES[turn % 3] if reply.status < 400 else "application/problem+json; charset=utf-8",
                   "x-mer": " på köpet \t", **reply.headers, **more}
        lines = [f"HTTP/1.1 {reply.status} {REASONS[turn % 3]}", *(f"{name}:{value}" for name, value in headers.items())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def send(self, reply):
        service, body = self.server.service, self.body_of(reply)
        service.turn += 1
        more = {}
        if service.turn % 4 == 3:
            more["Connection"], self.close_connection = "close", True
        if service.turn % 3 == 0:
            self.wfile.write(self.head(reply, **{"CONTENT-LENGTH": len(body)}, **more) + body)
            return
        extension = b";vad=1" if service.turn % 3 == 1 else b""
        self.wfile.write(self.head(reply, **{"Transfer-Encoding": "chunked"}, **more))
        parts = [body[at:at + 611] for at in range(0, len(body), 611)]
        self.wfile.write(b"".join(b"%X%s\r\n%s\r\n" % (len(part), extension, part) for part in parts) + b"0\r\n\r\n")
