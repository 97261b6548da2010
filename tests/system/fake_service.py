"""Another implementation of the online service's contract, written from docs/openapi.yaml alone.

`account` is what it knows, `rules.writes` what was written, `fault` lets something go wrong, `checks.violations` is what
the client did that the contract does not allow."""
import contextlib
import socket
import ssl
import threading
import urllib.parse

import fake_checks
from fake_account import Account, Problem
from fake_faults import Plan
from fake_rules import Rules, is_valid
from fake_wire import Reply, Server

CLIENT, SECRET = "samsynk", "hemligt: å+%/=&\t?"
COMPANIES, CHANGES = {"limit": (1, 500), "after": None}, {"limit": (1, 500), "cursor": None, "wait": (0, 60)}
REGISTRATION = {"epoch": str, "program": str, "program_version": str, "host": str, "companies": list}


class FakeService:
    """`data` is a folder with what a client is given: ca.pem and client_secret."""

    def __init__(self, data, certificate, versions=None, prefix="", issuer_path="", provider=None, name="localhost"):
        self.data, self.prefix, self.issuer_path, self.name = data, prefix, issuer_path, name
        self.provider = provider  # whose tokens count, instead of one's own
        self.account, self.plan, self.checks = Account(), Plan(), fake_checks.Checks()
        self.rules = Rules(self.account)
        self.requests, self.connections, self.turn, self.tokens, self.expires_in = [], 0, 0, [], 3600
        self.refused_tokens, self.token_path = 0, "/in%C3%A5t/token"
        self.released, self._open, self._lock = threading.Event(), set(), threading.Lock()
        (data / "client_secret").write_text(SECRET + "\n")
        tls = self.context(certificate, versions) if certificate else None
        self.tls = tls
        self._servers = [Server(self), Server(self)]  # the other one is the sign-in's
        self.port, self.sign_in_port = (server.server_address[1] for server in self._servers)
        self._serve()

    def _serve(self):
        self._threads = [threading.Thread(target=server.serve_forever, args=(0.01,)) for server in self._servers]
        for thread in self._threads:
            thread.start()

    def _rest(self):
        for server, thread in zip(self._servers, self._threads):
            server.shutdown()
            thread.join()

    @contextlib.contextmanager
    def away(self):
        """Nobody listens: connections are refused."""
        self._rest()
        for server in self._servers:
            server.socket.close()
        try:
            yield
        finally:
            for server in self._servers:
                server.socket = socket.create_server(server.server_address)
            self._serve()

    @contextlib.contextmanager
    def swallowed(self):
        """A full queue drops what comes, as a firewall does."""
        self._rest()
        with contextlib.ExitStack() as stack:
            stack.callback(self._serve)
            for server in self._servers:
                server.socket.listen(0)
                stack.callback(server.socket.listen, 5)
                for _ in range(3):
                    filler = stack.enter_context(socket.socket())
                    filler.setblocking(False)
                    filler.connect_ex(server.server_address)
            yield

    @contextlib.contextmanager
    def speaks(self, tls):
        """Another certificate or protocol than before, or none: for connections that come now."""
        before, self.tls = self.tls, tls
        try:
            yield
        finally:
            self.tls = before

    @staticmethod
    def context(certificate, versions, whom=None):
        """`whom`: the authority by whose certificate a client must say who it is."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if versions:
            context.set_ciphers("DEFAULT@SECLEVEL=0")  # else OpenSSL itself refuses what is old
            context.minimum_version = context.maximum_version = versions
        context.load_cert_chain(*certificate)
        if whom:
            context.load_verify_locations(whom)
            context.verify_mode = ssl.CERT_REQUIRED
        return context

    @property
    def url(self):
        return f"https://{self.name}:{self.port}{self.prefix}"

    @property
    def issuer(self):
        return self.provider.issuer if self.provider else f"https://{self.name}:{self.port}{self.issuer_path}"

    @property
    def writes(self):
        return self.rules.writes

    @property
    def violations(self):
        return self.checks.violations

    def fault(self, match, fault, times=1, after=0):
        """The next `times` requests (but for the first `after`) that begin with `match` (`METHOD /path`, with * and ?)."""
        self.plan.add(match, fault, times, after)
        return fault

    def seen(self, match):
        return [request for request in self.requests if repr(request).startswith(match)]

    def keep(self, connection):
        with self._lock:
            self._open.add(connection)
            if self.released.is_set():
                raise ConnectionError("the service is stopping")

    def forget(self, connection):
        with self._lock:
            self._open.discard(connection)

    def stop(self):
        self._rest()
        for server in self._servers:
            server.socket.close()
        self.account.close()
        with self._lock:
            self.released.set()
            for connection in self._open:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)
        for server in self._servers:
            server.server_close()

    # The calls

    def _is_sign_in(self, path):
        return path in (f"{self.issuer_path}/.well-known/openid-configuration", self.token_path)

    def check(self, request, port):
        path = urllib.parse.urlsplit(request.target).path
        sign_in = self._is_sign_in(path) or path.endswith("/token")  # also where it was before it moved
        media = "application/x-www-form-urlencoded" if sign_in else "application/json"
        self.checks.headers(request, f"{self.name}:{port}", media)

    def answer(self, request, port):
        path = urllib.parse.urlsplit(request.target).path
        if self._is_sign_in(path):
            return Reply(200, {}, self._discovery() if request.method == "GET" else self._token(request))
        if path.endswith("/token"):
            raise Problem(404, "not_found")  # where it was before it moved
        if not path.startswith(self.prefix + "/v1/") or port != self.port:
            self.checks.breach(request, "no such call")
            raise Problem(404, "not_found")
        self._require_token(request)
        words = [request.method, *map(urllib.parse.unquote, path[len(self.prefix) + 4:].split("/"))]
        return Reply(200, *self._call(request, words))

    def _call(self, request, words):
        """The headers and the value of a 200."""
        if words == ["GET", "companies"]:
            return {}, self.account.list(self.checks.query(request, COMPANIES).get("after"))
        if words == ["GET", "changes"]:
            query = self.checks.query(request, CHANGES)
            return {}, self.account.changes(query.get("cursor"), int(query.get("wait", 0)))
        if words[:2] == ["GET", "companies"] and len(words) == 3:
            return self._company(words[2])
        if words == ["POST", "preferences"]:
            return {}, self._preferences(request)
        if words[:2] == ["PUT", "installations"] and len(words) == 3:
            return {}, self._register(request, words[2])
        if words[:2] == ["DELETE", "installations"] and words[3:4] == ["companies"] and len(words) == 5:
            return {}, self.rules.release(words[2], words[4])
        self.checks.breach(request, "no such call")
        raise Problem(404, "not_found")

    def _company(self, number):
        if number not in self.account.records:
            raise Problem(404, "unknown_company")
        record = self.account.records[number]
        return {"ETag": f'"{record["version"]}"'}, {"epoch": self.account.epoch, "record": record, "nära": []}

    def _preferences(self, request):
        body = self.checks.json(request, {"epoch": str, "operations": list})
        if body is None:
            raise Problem(400, "invalid")
        self.checks.operations(request, body["operations"], is_valid)
        with self.account.changed:
            return self.rules.set_preferences(body)

    def _register(self, request, installation):
        body = self.checks.json(request, REGISTRATION)
        if body is None:
            raise Problem(400, "invalid")
        self.checks.installation(request, installation)
        return self.rules.register(installation, body)

    # Sign-in

    def _discovery(self):
        return {"jwks_uri": None, "issuer": self.issuer, "grant_types_supported": ["client_credentials"],
                "token_endpoint": f"https://{self.name}:{self.sign_in_port}{self.token_path}?hyresg%C3%A4st=1&x"}

    def _token(self, request):
        form = dict(urllib.parse.parse_qsl(request.body.decode("ascii")))
        if fake_checks.basic(request.headers.get("Authorization")) != (CLIENT, SECRET):
            raise Problem(401, "invalid_client")
        if form.get("grant_type") != "client_credentials":
            self.checks.breach(request, f"form {request.body!r}")
            raise Problem(400, "unsupported_grant_type")
        self.tokens.append(f"t-{len(self.tokens)}._~+/==")
        lifetime = {} if self.expires_in is None else {"expires_in": self.expires_in}
        return {"scope": "allt", "token_type": "bearer", **lifetime, "access_token": self.tokens[-1]}

    def _require_token(self, request):
        """Only the last one counts: a new token ends the one before."""
        sent = request.headers.get("Authorization", "")
        if self.provider:
            if not sent.startswith("Bearer ") or not self.provider.accepts(sent[7:]):
                self.refused_tokens += 1
                raise Problem(401, "token_expired", {"WWW-Authenticate": 'Bearer error="invalid_token"'})
            return
        a_strangers = not sent and request.target.endswith("/v1/companies?limit=1")  # the doctor's
        if not a_strangers and not any(sent == "Bearer " + token for token in self.tokens):
            self.checks.breach(request, f"Authorization {sent!r}")
        if not self.tokens or sent != "Bearer " + self.tokens[-1]:
            raise Problem(401, "token_expired", {"WWW-Authenticate": 'Bearer error="invalid_token"'})
