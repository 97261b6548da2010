"""What can go wrong, and when: a fault is asked before the body is read, before the request is done, and after."""
import copy
import fnmatch
import threading
import time

from fake_account import Problem
from fake_wire import Ended, Reply


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

    def end(self):
        """All is well again."""
        with self._lock:
            self._waiting, self._always = [], []

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


@at("unread")
def hang_up(wire):
    """For CONNECT: in the middle of the handshake, with all heard that was said."""
    wire.request.recv(1 << 16)
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


@at("done")
def redirect(_wire, reply, status, where):
    return Reply(status, {"Location": where}, reply.value)


@at("done")
def repeat_token(wire, reply, status):
    """A refusal whose every word is the token that it was sent."""
    token = wire.server.service.tokens[-1]
    return Reply(status, reply.headers, {"code": token, "request_id": token, "detail": f"you sent Authorization: Bearer {token}"})


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


def with_field(name, value, company=None):
    """Every field of that name, at any depth, has that value instead; or only those of one company's items."""
    def change(old, meant):
        if isinstance(old, dict):
            meant = meant or old.get("company") == company
            return {key: value if meant and key == name else change(inner, meant) for key, inner in old.items()}
        return [change(inner, meant) for inner in old] if isinstance(old, list) else old
    return altered(lambda answer: change(answer, company is None))


def http_date(seconds):
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + seconds))
