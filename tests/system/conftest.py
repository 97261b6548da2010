"""An office online (the sandbox), company folders, and a daemon between them; all on this machine, all taken down."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

import pytest

os.umask(0o027)  # what tests write as secrets is not for everyone, as samsynkd demands
BIN = pathlib.Path(os.environ["SAMSYNK_BIN"])
LINDQVIST, EKSTROM, AKERIET = "5560160680", "5560360793", "5560747569"


def pytest_configure(config):
    """A folder of its own: the one that all sessions share is shut to other users whenever one of them begins."""
    if not config.option.basetemp:
        config.option.basetemp = tempfile.mkdtemp(prefix="samsynk-test-")


def pytest_unconfigure(config):
    shutil.rmtree(config.option.basetemp, ignore_errors=True)


def wait_for(what, seconds=20):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = what()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"waited in vain for {what}")


class Office:
    """The online side."""

    def __init__(self, data):
        self.data, self.process, self.port = data, None, 0

    def __call__(self, *words):
        return subprocess.run([BIN / "samsynk-sandbox", "--data", self.data, *words], check=True, text=True,
                              stdout=subprocess.PIPE).stdout

    def try_to(self, *words):
        return subprocess.run([BIN / "samsynk-sandbox", "--data", self.data, *words], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def start(self, *words, **how):
        (self.data / "port").unlink(missing_ok=True)
        self.process = subprocess.Popen([BIN / "samsynk-sandbox", "--data", self.data, "serve", "--port", str(self.port),
                                         *words], **how)
        wait_for((self.data / "port").exists)
        self.port = int((self.data / "port").read_text())

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
        self.process = None

    def add_active(self, number, name, **choices):
        self("company", "add", number, name)
        self("activate", number)
        self("approve", number)
        self.choose(number, **choices)

    def choose(self, number, **choices):
        words = [word for key, value in choices.items() for word in (f"--{key.replace('_', '-')}", value)]
        if words:
            self("prefs", number, *words)

    def record(self, number):
        return json.loads(self("show", number))


class Site:
    """The local side, and the daemon."""

    def __init__(self, folder, office):
        self.folder, self.office, self.process = folder, office, None
        self.before, self.environment = [], None  # what starts the daemon, and what it has in its environment
        self.books = folder / "Företag"
        self.books.mkdir()
        self.config = folder / "samsynk.yaml"
        self.socket = folder / "control.sock"

    def lay(self, place, number, name):
        (self.books / place).mkdir()
        text = f'#FLAGGA 0\r\n#FORMAT PC8\r\n#SIETYP 4\r\n#ORGNR {number[:6]}-{number[6:]}\r\n#FNAMN "{name}"\r\n'
        (self.books / place / "bok.se").write_bytes(text.encode("cp437"))

    def choose(self, place, text):
        (self.books / place / "samsynk").mkdir(exist_ok=True)
        (self.books / place / "samsynk/preferences.yaml").write_text(text)

    def file(self, place, name):
        path = self.books / place / "samsynk" / name
        return path.read_text() if path.exists() else ""

    def configure(self, ca_file=None, interval="1h", port=None, push="false", watch="auto"):
        data, url = self.office.data, f"https://localhost:{port or self.office.port}"
        self.config.write_text(f"""service:
  url: {url}
  ca_file: {ca_file or data / 'ca.pem'}
  auth: {{issuer: '{url}', client_id: samsynk, client_secret_file: {data / 'client_secret'}}}
sync: {{interval: {interval}, push: {push}}}
installations:
  - {{id: main, connector: folder, path: {self.books}, watch: {watch}}}
control: {{socket: {self.socket}}}
state: {{directory: {self.folder / 'state'}}}
log: {{format: json}}
""")

    def once(self, *words):
        return subprocess.run([*self.before, BIN / "samsynkd", "--config", self.config, "--once", *words], text=True,
                              timeout=60, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def start(self):
        self.process = subprocess.Popen([*self.before, BIN / "samsynkd", "--config", self.config], env=self.environment,
                                        stderr=open(self.folder / "log", "a"))
        wait_for(lambda: self.status() is not None)
        return self

    def status(self):
        result = self.command("status")
        return json.loads(result.stdout) if result.returncode == 0 else None

    def wait_for_run(self):
        return wait_for(lambda: (self.status() or {}).get("last_run"))

    def command(self, *words):
        return subprocess.run([BIN / "samsynk", "--socket", self.socket, "--json", *words], text=True, timeout=60,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def sync(self, *words):
        return json.loads(self.command("sync", *words).stdout)

    def kill(self, how=signal.SIGKILL):
        self.process.send_signal(how)
        code = self.process.wait(timeout=20)
        self.process = None
        return code


def let_others_through(folder):
    """Another user gets to what lies there, as on a machine where it is that user's."""
    for one in (folder, *folder.parents):
        if one.stat().st_uid == os.geteuid() and len(one.parts) > 2:
            one.chmod(one.stat().st_mode & 0o7777 | 0o011)


@pytest.fixture
def office(tmp_path):
    one = Office(tmp_path / "online")
    one.data.mkdir()
    one.start()
    yield one
    one.stop()


@pytest.fixture
def site(tmp_path, office):
    one = Site(tmp_path, office)
    one.configure()
    yield one
    if one.process:
        one.kill()
