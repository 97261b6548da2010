"""The ground on which Samsynk is measured: an office online with N companies, a folder for each, and a daemon.

At first the local side has a choice that online lacks, and the other way round, for each company."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/system"))
os.environ.setdefault("SAMSYNK_BIN", str(ROOT / "build/bin"))
from conftest import BIN, Office, Site, wait_for  # noqa: E402

import lines  # noqa: E402
from proc import Notifications  # noqa: E402

SPARE = 20  # companies online that have no folder: someone else's


class Ground(Site):
    def __init__(self, folder, count, installations=1):
        folder.mkdir()
        office = Office(folder / "online")
        office.data.mkdir()
        office("bulk", str(count + SPARE), "--receive-invoices", "yes")
        super().__init__(folder, office)
        self.notifications = Notifications(folder)
        numbers = [json.loads(line)["company"] for line in office("show").splitlines()]
        self.numbers, self.spare = numbers[:count], numbers[count:]
        self.parts = ["."] if installations == 1 else [f"del{part:02}" for part in range(installations)]
        for part in self.parts:
            (self.books / part).mkdir(exist_ok=True)
        for index, number in enumerate(self.numbers):
            self.lay(self.place(index), number, f"Bolag {index} AB")
            self.choose(self.place(index), "send_all_invoices: true\n")
        office.start(stdout=subprocess.DEVNULL)
        self.set_push(False)

    def place(self, index):
        return f"{self.parts[index % len(self.parts)]}/bolag{index:05}"

    def preferences(self, index):
        return self.books / self.place(index) / "samsynk/preferences.yaml"

    def set_push(self, push):
        """Whether the feed is held open; means something to the next start."""
        data, url = self.office.data, f"https://localhost:{self.office.port}"
        parts = "".join(f"  - {{id: i{number}, connector: folder, path: '{self.books / part}'}}\n"
                        for number, part in enumerate(self.parts))
        # Many changes are made here within a day, and none of them is a mistake.
        self.config.write_text(f"""service:
  url: {url}
  ca_file: {data / 'ca.pem'}
  auth: {{issuer: '{url}', client_id: samsynk, client_secret_file: {data / 'client_secret'}}}
sync: {{interval: 1h, push: {str(push).lower()}, mass_change_limit: 100%}}
installations:
{parts}control: {{socket: {self.socket}}}
state: {{directory: {self.folder / 'state'}}}
log: {{format: json}}
""")

    def feed_is_open(self):
        return (self.state().get("feed") or {}).get("state") == "open"

    # Runs

    def once(self):
        """One run as a whole process."""
        with open(self.folder / "log", "a") as log:
            subprocess.run([BIN / "samsynkd", "--config", self.config, "--once"], check=True, stdout=log, stderr=log)

    def start(self):
        """The seconds until it is ready."""
        begin = time.monotonic()
        self.process = subprocess.Popen([BIN / "samsynkd", "--config", self.config], env=self.notifications.environment,
                                        stdout=subprocess.DEVNULL, stderr=open(self.folder / "log", "a"))
        return self.notifications.wait_for("READY=1") - begin

    def settle(self):
        """Waits for the first run, and until no file is so young that it would be read again."""
        wait_for(lambda: self.state().get("last_run"), 600)
        time.sleep(2.2)
        self.sync()

    def state(self):
        line = lines.control(self.socket)
        try:
            return line.ask("GET", "/v1/status")
        finally:
            line.close()

    def sync(self):
        """`samsynk sync`, the whole command."""
        subprocess.run([BIN / "samsynk", "--socket", self.socket, "sync"], check=True, stdout=subprocess.DEVNULL)

    def last_changed(self):
        return self.state()["last_run"]["counts"]["changed"]

    def stop(self, how=signal.SIGTERM):
        if self.process:
            self.process.send_signal(how)
            self.process.wait(60)
            self.process = None

    def close(self):
        if self.process:
            self.stop(signal.SIGKILL)
        self.office.stop()
        shutil.rmtree(self.folder)

    # Changes

    def chosen(self, index):
        """What the local file says: send, receive."""
        text = self.preferences(index).read_text()
        return "send_all_invoices: true" in text, "receive_invoices: true" in text

    def change_locally(self, index):
        """Another choice to send, as an editor does it: another file, put in its place."""
        file, (send, _) = self.preferences(index), self.chosen(index)
        fresh = file.with_name(".preferences.yaml.swp")
        was, will = str(send).lower(), str(not send).lower()
        fresh.write_text(file.read_text().replace(f"send_all_invoices: {was}", f"send_all_invoices: {will}"))
        os.rename(fresh, file)

    def customers(self):
        return Customers(self.office.data)


class Customers:
    """Customers who choose online: the sandbox's command line, one process for many commands."""

    def __init__(self, data):
        self.process = subprocess.Popen([BIN / "samsynk-sandbox", "--data", data, "script"], text=True, bufsize=1,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def begin(self, number, value):
        """Returns before it is done."""
        self.process.stdin.write(f"prefs {number} --receive-invoices {'yes' if value else 'no'}\n")

    def end(self):
        assert self.process.stdout.readline() == "done\n"

    def choose(self, number, value):
        self.begin(number, value)
        self.end()

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)
