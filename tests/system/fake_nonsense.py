"""Replies in a form that a client must refuse, and some that look odd and are good.

What was asked for is done. Wherever a careless client could read on, there is sense to be found."""
import contextlib
import gzip
import json
import time

from fake_faults import at
from fake_wire import Ended, Reply

LARGE = 17 << 20  # more than the 16 MiB that a client takes


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


def nested(depth):
    """JSON that overturns a reader which trusts it."""
    return other_body(json.dumps({"items": []}).encode()[:-1] + b',"x":' + b"[" * depth + b"]" * depth + b"}")


@at("done")
def packed(wire, reply, body=None, encoding="gzip"):
    """The same as gzip, or something else that says so."""
    body = gzip.compress(wire.body_of(reply)) if body is None else body
    wire.wfile.write(wire.head(reply, **{"Content-Encoding": encoding, "Content-Length": len(body)}) + body)
    return None


@at("done")
def chunked_badly(wire, reply, before=b"", size=None, extension=b"", trailers=b""):
    """One chunk: after something, with another size than its own, with an extension, or with trailers behind it."""
    body = wire.body_of(reply)
    size = b"%X" % len(body) if size is None else size
    wire.raw(wire.head(reply, **{"Transfer-Encoding": "chunked"}),
             before + size + extension + b"\r\n" + body + b"\r\n0\r\n" + trailers + b"\r\n")


@at("done")
def hints_without_end(wire, _reply):
    wire.raw(*[b"HTTP/1.1 100 Continue\r\n\r\n" * 1000] * 1000)


@at("done")
def as_in_1996(wire, reply):
    """HTTP/1.0, whole and with a length."""
    body = wire.body_of(reply)
    wire.wfile.write(wire.head(reply, **{"Content-Length": len(body)}).replace(b"HTTP/1.1", b"HTTP/1.0", 1) + body)
    raise Ended


@at("done")
def reset_at(wire, reply, at):
    """The connection is reset after so many bytes of the reply."""
    body = wire.body_of(reply)
    wire.wfile.write((wire.head(reply, **{"Content-Length": len(body)}) + body)[:at])
    wire.reset()
    raise Ended


@at("done")
def drip_head(wire, reply, pause):
    """Not even the head is ever done."""
    wire.wfile.write(wire.head(reply)[:-2])
    with contextlib.suppress(OSError):
        for number in range(1000):
            wire.wfile.write(b"X" if number % 50 else b": y\r\nX")
            time.sleep(pause)
    raise Ended


@at("done")
def drip(wire, reply, pause):
    """Never still for long, and never done."""
    body = wire.body_of(reply)
    wire.wfile.write(wire.head(reply, **{"Content-Length": len(body) + 1000}) + body)
    with contextlib.suppress(OSError):
        for _ in range(1000):
            wire.wfile.write(b" ")
            time.sleep(pause)
    raise Ended


@at("done")
def endless(wire, reply):
    """A gibibyte, if anyone wants it."""
    piece = b"100000\r\n" + b" " * (1 << 20) + b"\r\n"
    wire.raw(wire.head(reply, **{"Transfer-Encoding": "chunked"}), *[piece] * 1024)
