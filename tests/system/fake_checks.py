"""What every request must be, from the contract. Each breach is a text in `violations`; tests expect none."""
import base64
import json
import re
import urllib.parse
import uuid

TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
AGENT = re.compile(r"samsynk/\d+\.\d+\.\d+\S*")


class Checks:
    def __init__(self):
        self.violations, self._seen_traces, self._installations = [], set(), set()

    def breach(self, request, what):
        self.violations.append(f"{request.method} {request.target}: {what}")

    def headers(self, request, host, media):
        """What holds for every request, sign-in too."""
        trace, sent = request.headers.get("traceparent", ""), request.headers.get("Content-Type", "").split(";")[0]
        if not TRACEPARENT.fullmatch(trace):
            self.breach(request, f"traceparent {trace!r}")
        if trace in self._seen_traces:
            self.breach(request, f"traceparent {trace} was used before")
        self._seen_traces.add(trace)
        if not AGENT.fullmatch(request.headers.get("User-Agent", "")):
            self.breach(request, f"User-Agent {request.headers.get('User-Agent')!r}")
        if request.headers.get("Host") != host:
            self.breach(request, f"Host {request.headers.get('Host')!r}")
        if request.body and sent != media:
            self.breach(request, f"Content-Type {sent!r}")
        if request.body and request.method in ("GET", "DELETE"):
            self.breach(request, "a body")

    def json(self, request, fields):
        """The body as an object with exactly these fields of these types, or nothing."""
        try:
            body = json.loads(request.body.decode("utf-8"))
        except ValueError:
            return self.breach(request, f"body {request.body[:80]!r}")
        if not isinstance(body, dict) or {name: type(value) for name, value in body.items()} != fields:
            return self.breach(request, f"body {json.dumps(body)[:200]}")
        return body

    def query(self, request, limits):
        """The query's parameters; numbers must lie within their limits, texts have none."""
        text = urllib.parse.urlsplit(request.target).query
        query = dict(urllib.parse.parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), errors="strict"))
        for name, value in query.items():
            if name not in limits:
                self.breach(request, f"parameter {name}")
            elif limits[name] and not (value.isdecimal() and limits[name][0] <= int(value) <= limits[name][1]):
                self.breach(request, f"{name}={value}")
        return query

    def installation(self, request, name):
        """The name in the path is a UUIDv5, and the same for as long as the machine is."""
        self._installations.add(name)
        if uuid.UUID(name).version != 5 or str(uuid.UUID(name)) != name or len(self._installations) > 1:
            self.breach(request, f"installation {name}")

    def operations(self, request, operations, valid):
        for operation in operations:
            if not valid(operation) or operation["installation"] not in self._installations:
                self.breach(request, f"operation {json.dumps(operation)}")


def basic(header):
    """The name and the secret in a client_secret_basic header (RFC 6749, 2.3.1: form-encoded, then joined)."""
    kind, _, encoded = (header or "").partition(" ")
    if kind.lower() != "basic":
        return None
    name, _, secret = base64.b64decode(encoded, validate=True).decode("ascii").partition(":")
    return urllib.parse.unquote_plus(name), urllib.parse.unquote_plus(secret)
