"""Another implementation of the contract than the sandbox, with other habits: opaque tokens, small pages, chunked
replies, unknown fields, versions that jump. And with faults on demand."""
import base64
import http.server
import json
import re
import socket
import ssl
import subprocess
import threading
import time
import urllib.parse

SECRET = "hemligt: å+%"


def make_certificates(folder, name="localhost", days="30"):
    def run(*words):
        subprocess.run(["openssl", *words], check=True, cwd=folder, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    run("req", "-x509", *ec, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Other CA", "-days", "30")
    run("req", *ec, "-keyout", "server.key", "-out", "server.csr", "-subj", f"/CN={name}")
    (folder / "names").write_text(f"subjectAltName=DNS:{name}\n")
    run("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "server.pem",
        "-days", days, "-extfile", "names")


class Data:
    """The rules, without HTTP."""

    def __init__(self):
        self.epoch, self.records, self.feed, self.claims, self.done, self.writes = "liv 1/+&=", {}, [], {}, {}, []

    def put(self, record):
        record["version"] = self.records.get(record["company"], {}).get("version", 0) + 3
        self.records[record["company"]] = record
        self.feed.append(record["company"])

    def add(self, company, name, state="active", send=None, receive=None):
        self.put({"company": company, "name": name, "updated_at": "2026-11-02T08:00:00Z", "function": "active", "ny": [1, {}],
                  "collaboration": {"id": "k-" + company, "state": state, "awaiting": None, "invited_at": None,
                                    "office": {"company": "5562651892", "name": "Norrsken Redovisning AB", "stad": "Luleå"},
                                    "assignment": {"id": "u", "name": "Löpande"}, "invoice_recipient": "office", "payee": None,
                                    "approved_at": None, "ends_on": None, "ended_at": None},
                  "preferences": {"send_all_invoices": send, "receive_invoices": receive, "print_invoices": True},
                  "registration": {"receive": "none", "operator": None}})

    def change(self, company, **preferences):
        record = json.loads(json.dumps(self.records[company]))
        record["preferences"].update(preferences)
        self.put(record)

    def leave(self, company):
        self.put({"company": company, "gone": True})

    def apply(self, operation):
        body, known = json.dumps(operation, sort_keys=True), self.done.get(operation["operation_id"])
        answer = {"operation_id": operation["operation_id"], "tid": 0.5}
        if known:
            if known[0] != body:
                return {**answer, "status": 422, "problem": {"code": "operation_id_reused"}}
            return {**answer, "status": 200, "record": known[1]}
        record = self.records.get(operation["company"])
        if not record or record.get("gone"):
            return {**answer, "status": 404, "problem": {"code": "unknown_company"}}
        if self.claims.get(operation["company"], [None])[0] != operation["installation"]:
            return {**answer, "status": 409, "problem": {"code": "claim_held"}}
        if record["version"] != operation["if_version"]:
            return {**answer, "status": 412, "problem": {"code": "version_mismatch"}, "record": record}
        if True in operation["set"].values() and record["collaboration"]["state"] not in ("active", "ending"):
            return {**answer, "status": 409, "problem": {"code": "collaboration_not_active"}}
        self.change(operation["company"], **operation["set"])
        self.writes.append((operation["company"], operation["set"]))
        self.done[operation["operation_id"]] = (body, self.records[operation["company"]])
        return {**answer, "status": 200, "record": self.records[operation["company"]]}


class Problem(Exception):
    def __init__(self, status, code, headers=None):
        self.status, self.code, self.headers = status, code, headers or {}


class OtherService:
    """`fault(path, what)` lets the next request whose path begins so go wrong; see Handler.go_wrong."""

    def __init__(self, folder, tls=True, **certificate):
        self.data, self.folder, self.faults, self.violations, self.seen = Data(), folder, [], [], []
        self.tokens, self.traces = 0, set()
        make_certificates(folder, **certificate)
        (folder / "client_secret").write_text(SECRET + "\n")
        handler = type("H", (Handler,), {"service": self})
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(folder / "server.pem", folder / "server.key")
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def fault(self, path, what, times=1):
        self.faults += [(path, what)] * times

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 20

    def log_message(self, *_):
        pass

    def handle(self):
        try:
            super().handle()
        except (ssl.SSLError, ConnectionError, TimeoutError):
            self.close_connection = True

    def do_GET(self):
        self.answer()

    do_POST = do_PUT = do_DELETE = do_GET

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.service.seen.append((self.command, self.path))
        fault = next((f for f in self.service.faults if self.path.startswith(f[0])), None)
        if fault:
            self.service.faults.remove(fault)
        what = fault[1] if fault else None
        if what and what != "lost" and self.go_wrong(what):
            return
        try:
            answer = self.route(body)
        except Problem as problem:
            return self.reply({"type": "about:blank", "title": "x", "status": problem.status, "detail": "d",
                               "code": problem.code, "request_id": "q-9"}, problem.status, problem.headers)
        if what == "lost":
            return self.drop()
        if what == "half":
            return self.half(json.dumps(answer))
        self.reply(answer)

    def reply(self, answer, status=200, headers=None):
        text = json.dumps(answer, ensure_ascii=len(self.service.seen) % 2 == 0, indent=1).encode()
        kind = "application/json; charset=utf-8" if status < 400 else "application/problem+json"
        self.send_response(status)
        for name, value in {"Content-Type": kind, **(headers or {})}.items():
            self.send_header(name, value)
        if len(self.service.seen) % 5 == 0:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for at in range(0, len(text), 700):
            part = text[at:at + 700]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        self.wfile.write(b"0\r\n\r\n")

    def drop(self):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def half(self, text):
        self.raw(f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(text) + 100}\r\n\r\n{text}")

    def raw(self, text):
        self.wfile.write(text.encode())
        self.drop()

    def go_wrong(self, what):
        """Does the fault and says whether that was all; otherwise the request goes on."""
        head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        if what == "drop":
            self.drop()
        elif what == "garbage":
            self.raw("\x16\x03 this is no web service\r\n\r\n")
        elif what == "oversized":
            self.wfile.write(f"{head}Content-Length: {17 << 20}\r\n\r\n".encode())
            self.wfile.write(b" " * (17 << 20))
            self.drop()
        elif what == "headers":
            self.raw(f"{head}X: {'y' * 40000}\r\nContent-Length: 2\r\n\r\n{{}}")
        elif what == "html":
            self.raw("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>")
        elif what == "redirect":
            self.raw("HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/\r\nContent-Length: 0\r\n\r\n")
        elif what == "truncated":
            self.raw(f'{head}Content-Length: 12\r\n\r\n{{"items": [{{')
        elif what == "types":
            self.raw(f'{head}Content-Length: 39\r\n\r\n{{"items": 7, "epoch": [], "cursor": 0.1}}'[:-1] + "}")
        elif isinstance(what, Problem):
            self.reply({"type": "about:blank", "title": "x", "status": what.status, "code": what.code, "request_id": "q-1"},
                       what.status, what.headers)
        elif callable(what):
            what()
            return False
        else:
            return False
        return True

    def check(self, body):
        wrong = self.service.violations
        if not re.fullmatch(r"samsynk/\d+\.\d+\.\d+", self.headers.get("User-Agent", "")):
            wrong.append((self.path, "User-Agent"))
        trace = self.headers.get("traceparent", "")
        if not re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]", trace) or trace in self.service.traces:
            wrong.append((self.path, "traceparent", trace))
        self.service.traces.add(trace)
        if body and self.headers.get("Content-Type", "").split(";")[0] != "application/json":
            wrong.append((self.path, "Content-Type"))
        if self.headers.get("Authorization") != f"Bearer t{self.service.tokens}":
            raise Problem(401, "token_expired")

    def route(self, body):
        data, url = self.service.data, urllib.parse.urlparse(self.path)
        query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        base = f"https://localhost:{self.service.port}"
        if url.path == "/.well-known/openid-configuration":
            return {"issuer": base, "token_endpoint": base + "/oauth/tok en".replace(" ", "%20"), "extra": None}
        if url.path == "/oauth/tok%20en":
            return self.token(body)
        self.check(body)
        if url.path == "/v1/companies":
            return self.list(data, query)
        if url.path == "/v1/changes":
            return self.changes(data, query)
        sent = json.loads(body) if body else {}
        if self.command in ("POST", "PUT") and sent.get("epoch") != data.epoch:
            raise Problem(409, "epoch_changed")
        if url.path == "/v1/preferences":
            assert len({o["company"] for o in sent["operations"]}) == len(sent["operations"]) <= 500
            return {"results": [data.apply(o) for o in reversed(sent["operations"])], "epoch": data.epoch}
        if url.path.startswith("/v1/installations/"):
            return self.register(data, url.path.split("/")[3], sent)
        raise Problem(404, "not_found")

    def token(self, body):
        user, _, secret = base64.b64decode(self.headers.get("Authorization", "")[6:]).decode().partition(":")
        if (user, urllib.parse.unquote_plus(secret)) != ("samsynk", SECRET) or b"client_credentials" not in body:
            raise Problem(401, "invalid_client")
        self.service.tokens += 1
        return {"access_token": f"t{self.service.tokens}", "token_type": "bearer", "expires_in": 3600, "scope": "x"}

    def list(self, data, query):
        numbers = sorted(number for number, record in data.records.items() if not record.get("gone"))
        after = base64.b64decode(query["after"]).decode() if query.get("after") else ""
        numbers = [number for number in numbers if number > after]
        page, rest = numbers[:3], numbers[3:]
        return {"next": base64.b64encode(page[-1].encode()).decode() if rest else None, "total": None, "epoch": data.epoch,
                "cursor": self.cursor(data, len(data.feed)), "items": [data.records[number] for number in page]}

    @staticmethod
    def cursor(data, at):
        return f"{data.epoch}§{at}/+&="

    def changes(self, data, query):
        epoch, _, rest = query.get("cursor", "").partition("§")
        if epoch != data.epoch:
            raise Problem(410, "cursor_expired")
        start = int(rest.split("/")[0])
        part = data.feed[start:start + 3]
        reached = start + len(part)
        return {"items": [data.records[number] for number in dict.fromkeys(part)], "cursor": self.cursor(data, reached),
                "more": reached < len(data.feed), "epoch": data.epoch}

    @staticmethod
    def register(data, installation, sent):
        claims = []
        for number in sent["companies"]:
            if data.records.get(number, {"gone": True}).get("gone"):
                claims.append({"company": number, "status": "unknown", "holder": None, "holder_host": None})
                continue
            holder, host = data.claims.setdefault(number, (installation, sent["host"]))
            claims.append({"status": "granted" if holder == installation else "held", "holder": holder, "holder_host": host,
                           "company": number})
        return {"claims": claims, "epoch": data.epoch}


def http_date(seconds):
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + seconds))
