"""What can go wrong, and when: a fault is asked before the body is read, before the request is done, and after."""
import contextlib
import copy
import fnmatch
import json
import threading
import time

from fake_account import Problem
from fake_wire import Ended, Reply

LARGE = 17 << 20  # more than the 16 MiB that a client must take


class Fault:
    """Nothing goes wrong. `reached` is set when a fault does its harm."""

    def __init__(self):
        self.reached = threading.Event()

    def unread(self, wire):
        pass

    def undone(self, wire):
        pass

    def done(self, wire, reply):
        return reply


class Plan:
    """Faults in the order in which they were planned; each is used up by the requests that it matches."""

    def __init__(self):
        self._lock, self._waiting, self._always = threading.Lock(), [], []

    def add(self, match, fault, times, after):
        """With 0 times it happens for as long as the service lives."""
        with self._lock:
            if not times:
                self._always.append((match + "*", fault))
            self._waiting += [[match + "*", Fault()] for _ in range(after)] + [[match + "*", fault] for _ in range(times)]

    def take(self, what):
        """For a request `METHOD /path?query`, or the word CONNECT for a connection that has only just come."""
        with self._lock:
            for number, (match, fault) in enumerate(self._waiting):
                if fnmatch.fnmatchcase(what, match):
                    del self._waiting[number]
                    return fault
        return next((fault for match, fault in self._always if fnmatch.fnmatchcase(what, match)), Fault())

    def left(self):
        return [match for match, _ in self._waiting]


def at(moment):
    """Makes a factory of faults out of a function that does its harm at one moment, given the wire (and reply)."""
    def decorate(function):
        def factory(*words, **named):
            fault = Fault()

            def harm(*wire_and_reply):
                fault.reached.set()
                return function(*wire_and_reply, *words, **named)

            setattr(fault, moment, harm)
            return fault
        return factory
    return decorate


@at("unread")
def drop_unread(_wire):
    raise Ended


@at("undone")
def drop_undone(_wire):
    raise Ended


@at("done")
def drop_done(_wire, _reply):
    """The lost answer."""
    raise Ended


@at("undone")
def do(_wire, what):
    """Something happens just before the request is done."""
    what()


@at("undone")
def refuse(_wire, status, code="nej", **headers):
    raise Problem(status, code, {name.replace("_", "-"): value for name, value in headers.items()})


@at("undone")
def stall_undone(wire):
    wire.server.service.released.wait()
    raise Ended


@at("done")
def stall_done(wire, _reply):
    wire.server.service.released.wait()
    raise Ended


# Replies that make no sense. What was asked for is done. Where a careless client could read on, there is sense to find.

@at("done")
def half_body(wire, reply):
    body = wire.body_of(reply)
    wire.raw(wire.head(reply, **{"Content-Length": len(body) + 1}), body)


@at("done")
def half_chunk(wire, reply):
    body = wire.body_of(reply)
    wire.raw(wire.head(reply, **{"Transfer-Encoding": "chunked"}), b"%X\r\n%s\r\n" % (len(body), body))


@at("done")
def half_head(wire, reply):
    wire.raw(wire.head(reply)[:-2])


@at("done")
def cut_by_stranger(wire, reply):
    """A body that lasts until the end of the connection, which anyone can bring about: TLS was not closed."""
    wire.raw(wire.head(reply, Connection="close"), wire.body_of(reply))


@at("done")
def until_the_end(wire, reply):
    """The same, closed as TLS asks for: this is whole."""
    wire.wfile.write(wire.head(reply, Connection="close") + wire.body_of(reply))
    with contextlib.suppress(OSError):  # the client may not say goodbye in turn
        wire.connection.unwrap()
    raise Ended


@at("done")
def hints_first(wire, reply):
    """Any number of 1xx replies may come before the one that counts (RFC 9110, 15.2)."""
    wire.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n")
    return reply


@at("done")
def more_than_asked_for(wire, reply, value):
    """A second reply that nobody asked for; it must never be taken for the next one's (RFC 9112, 6.3)."""
    body = wire.body_of(reply)
    other = wire.body_of(Reply(200, {}, value))
    wire.wfile.write(wire.head(reply, **{"Content-Length": len(body)}) + body
                     + wire.head(Reply(200, {}, value), **{"Content-Length": len(other)}) + other)
    return None


@at("done")
def garbage(wire, _reply):
    wire.raw(b"\x16\x03\x01\x00 SSH-2.0-OpenSSH_9.2\r\n\r\n")


@at("done")
def oversized_body(wire, reply):
    body = wire.body_of(reply)
    wire.raw(wire.head(reply, **{"Content-Length": LARGE}), body, b" " * (LARGE - len(body)))


@at("done")
def oversized_chunks(wire, reply):
    space = b"10000\r\n" + b" " * 65536 + b"\r\n"
    body = wire.body_of(reply)
    wire.raw(wire.head(reply, **{"Transfer-Encoding": "chunked"}), *[space] * (LARGE >> 16),
             b"%X\r\n%s\r\n0\r\n\r\n" % (len(body), body))


@at("done")
def oversized_head(wire, reply):
    body = wire.body_of(reply)
    wire.raw(wire.head(reply, **{"X-Long": "y" * (1 << 20), "Content-Length": len(body)}), body)


@at("done")
def many_heads(wire, reply):
    body = wire.body_of(reply)
    more = {f"X-{number}": "y" * 50 for number in range(5000)}
    wire.raw(wire.head(reply, **more, **{"Content-Length": len(body)}), body)


@at("done")
def other_body(_wire, reply, body, media="application/json", status=200):
    """A whole reply, with something else in it."""
    return Reply(status, {"content-type": media}, reply.value if body is None else body)


@at("done")
def truncated_json(wire, reply):
    return Reply(200, {}, wire.body_of(reply).rstrip()[:-1])


@at("done")
def redirect(_wire, reply, status, where):
    return Reply(status, {"Location": where}, reply.value)


@at("done")
def closed_quietly(wire, reply):
    """A good reply on a connection that says it is kept, and is not."""
    wire.send(reply)
    raise Ended


@at("done")
def altered(_wire, reply, change):
    """`change(value)` alters the reply's JSON, or gives another."""
    value = copy.deepcopy(reply.value)
    other = change(value)
    return Reply(reply.status, reply.headers, value if other is None else other)


def with_field(name, value):
    """Every field of that name, at any depth, has that value instead."""
    def change(old):
        if isinstance(old, dict):
            return {key: value if key == name else change(inner) for key, inner in old.items()}
        return [change(inner) for inner in old] if isinstance(old, list) else old
    return altered(change)


def nested(depth):
    """JSON that overturns a reader which trusts it."""
    return other_body(json.dumps({"items": []}).encode()[:-1] + b',"x":' + b"[" * depth + b"]" * depth + b"}")


def http_date(seconds):
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + seconds))
