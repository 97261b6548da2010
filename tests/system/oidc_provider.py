"""The certified OpenID provider of tests/oidc as a process, and a person with a browser who says yes or no there."""
import base64
import html.parser
import http.cookiejar
import json
import pathlib
import ssl
import subprocess
import urllib.parse
import urllib.request

from conftest import wait_for

FOLDER = pathlib.Path(__file__).parent.parent / "oidc"
SECRET = "hemligt: +%/=&?~"  # RFC 6749 allows no more than printable ASCII, and the provider checks that


class OidcProvider:
    def __init__(self, folder, certificates, keys=(), token_lifetime=3600, device_lifetime=600, delay=0):
        self.folder, self.process, self.port = folder, None, 0
        certificate, key = certificates.of("good")
        self.options = {"certificate": str(certificate), "key": str(key), "keys": list(keys), "secret": SECRET,
                        "port_file": str(folder / "port"), "token_lifetime": token_lifetime,
                        "device_lifetime": device_lifetime, "delay": delay}
        self.tls = ssl.create_default_context(cafile=certificates.folder / "ca.pem")

    @property
    def issuer(self):
        return f"https://localhost:{self.port}"

    @property
    def requests(self):
        return (self.folder / "log").read_text().splitlines()

    def start(self):
        (self.folder / "port").unlink(missing_ok=True)
        (self.folder / "options.json").write_text(json.dumps({**self.options, "port": self.port}))
        self.process = subprocess.Popen(["node", FOLDER / "serve.mjs", self.folder / "options.json"],
                                        stdout=open(self.folder / "log", "a"), stderr=open(self.folder / "errors", "a"))
        wait_for((self.folder / "port").exists)
        self.port = int((self.folder / "port").read_text())

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait()
        self.process = None

    def revoke(self, token):
        """As the person's list of connected programs does it."""
        data = urllib.parse.urlencode({"client_id": "people", "token": token}).encode()
        urllib.request.urlopen(self.issuer + "/token/revocation", data, context=self.tls, timeout=20).close()

    def form(self, path, client, **fields):
        """The answer to a form, as a client with a secret."""
        basic = base64.b64encode(f"{client[0]}:{urllib.parse.quote(client[1], safe='')}".encode()).decode()
        request = urllib.request.Request(self.issuer + path, urllib.parse.urlencode(fields).encode(),
                                         {"Authorization": "Basic " + basic})
        with urllib.request.urlopen(request, context=self.tls, timeout=20) as reply:
            text = reply.read()
            return json.loads(text) if text else {}

    def accepts(self, token):
        """For the online service: whether a token is good now."""
        return self.form("/token/introspection", ("api", "api"), token=token)["active"]


class Forms(html.parser.HTMLParser):
    """The first form of a page, and the text."""

    def __init__(self, page):
        super().__init__()
        self.action, self.fields, self.text = None, {}, ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        if tag == "form" and self.action is None:
            self.action = named.get("action", "")
        if tag == "input" and named.get("type") == "hidden":
            self.fields[named["name"]] = named.get("value", "")

    def handle_data(self, data):
        self.text += data


class Person:
    """Opens the address that `samsynk login` shows, signs in, and approves or turns away."""

    def __init__(self, provider):
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.browser = urllib.request.build_opener(cookies, urllib.request.HTTPSHandler(context=provider.tls))

    def open(self, url, fields=None):
        data = urllib.parse.urlencode(fields).encode() if fields is not None else None
        with self.browser.open(urllib.request.Request(url, data), timeout=20) as reply:
            return reply.geturl(), Forms(reply.read().decode())

    def decide(self, address, approve=True):
        """Goes on until there is no form left; the text of the last page."""
        url, page = self.open(address)
        for _ in range(8):
            if page.action is None:
                return page.text
            fields = dict(page.fields)
            if fields.get("prompt") == "login":
                fields |= {"login": "eva", "password": "x"}
            if "confirm" in fields and not approve:
                fields["abort"] = fields.pop("confirm")
            url, page = self.open(urllib.parse.urljoin(url, page.action), fields)
            if "abort" in fields:
                return page.text
        raise AssertionError(f"the provider keeps asking: {page.text}")
