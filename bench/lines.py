"""Kept-alive HTTP: the control socket, and the online service as a client of its own has it. A request is one write,
and nothing is made ready within the time that is measured but the request itself."""
import base64
import json
import socket
import ssl
import uuid


class Line:
    def __init__(self, connection, headers=""):
        self.connection, self.headers = connection, f"Host: localhost\r\n{headers}"

    def ask(self, method, path, body=None):
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = "" if body is None else "Content-Type: application/json\r\n"
        head = f"{method} {path} HTTP/1.1\r\n{self.headers}{kind}Content-Length: {len(content)}\r\n\r\n"
        self.connection.sendall(head.encode() + content)
        status, reply = self._reply()
        assert status == 200, (method, path, status, reply[:500])
        return json.loads(reply)

    def _reply(self):
        text = b""
        while b"\r\n\r\n" not in text:
            text += self._more()
        head, _, content = text.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").lower().split("\r\n")
        length = next(int(line.split(":")[1]) for line in lines if line.startswith("content-length:"))
        parts = [content]
        left = length - len(content)
        while left > 0:
            parts.append(self._more())
            left -= len(parts[-1])
        return int(lines[0].split()[1]), b"".join(parts)

    def _more(self):
        more = self.connection.recv(65536)
        if not more:
            raise ConnectionError("the connection was closed")
        return more

    def close(self):
        self.connection.close()


def control(path):
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(str(path))
    return Line(connection)


class Client:
    """Someone else at the service, who holds the companies given: asks for changes and chooses, on one connection."""

    def __init__(self, office, companies):
        tls = ssl.create_default_context(cafile=office.data / "ca.pem")
        raw = socket.create_connection(("localhost", office.port))
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = tls.wrap_socket(raw, server_hostname="localhost")
        secret = (office.data / "client_secret").read_text().strip()
        basic = base64.b64encode(f"samsynk:{secret}".encode()).decode()
        form = "Content-Type: application/x-www-form-urlencoded\r\n"
        token = Line(connection, f"Authorization: Basic {basic}\r\n{form}").ask("POST", "/token",
                                                                              b"grant_type=client_credentials")
        self.line = Line(connection, f"Authorization: Bearer {token['access_token']}\r\nUser-Agent: bench\r\n")
        self.installation = str(uuid.uuid4())
        first = self.line.ask("GET", "/v1/companies?limit=1")
        self.epoch, self.cursor = first["epoch"], first["cursor"]
        self.line.ask("PUT", f"/v1/installations/{self.installation}",
                      {"epoch": self.epoch, "program": "bench", "program_version": "1", "host": "bench",
                       "companies": companies})
        self.versions = {number: self.line.ask("GET", f"/v1/companies/{number}")["record"]["version"]
                         for number in companies}

    def two_requests(self, company, chosen):
        """What a run with one local change asks for: the changes since last time, and one operation."""
        self.cursor = self.line.ask("GET", f"/v1/changes?cursor={self.cursor}&limit=500")["cursor"]
        operation = {"operation_id": str(uuid.uuid4()), "installation": self.installation, "company": company,
                     "if_version": self.versions[company], "set": {"send_all_invoices": chosen}}
        answer = self.line.ask("POST", "/v1/preferences", {"epoch": self.epoch, "operations": [operation]})["results"][0]
        assert answer["status"] == 200, answer
        self.versions[company] = answer["record"]["version"]
