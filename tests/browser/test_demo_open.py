"""./dev demo --open: all that it names can be opened, Ctrl-C leaves nothing, and it does not go on without one of its parts."""
import http.cookiejar
import json
import os
import pathlib
import re
import signal
import ssl
import subprocess
import time
import urllib.parse
import urllib.request

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def wait_for(what, seconds=60):
    until = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < until, f"waited in vain for {what}"
        time.sleep(0.05)
    return found


class Demo:
    def __init__(self, folder):
        self.said = folder / "said"
        with open(self.said, "w") as said:
            self.process = subprocess.Popen(["bash", ROOT / "demo/open"], stdin=subprocess.DEVNULL, stdout=said,
                                            stderr=subprocess.STDOUT, start_new_session=True)
        self.folder = None

    def wait_until_ready(self):
        wait_for(lambda: "Ctrl-C ends it" in self.text() or self.process.poll() is not None, 150)
        assert "Ctrl-C ends it" in self.text(), self.text()
        self.authority = re.search(r"\S+/ca\.pem", self.text())[0]
        self.folder = pathlib.Path(self.authority).parent.parent
        return self

    def text(self):
        return self.said.read_text()

    def after(self, label):
        return re.search(re.escape(label) + r"\s+(\S+)", self.text())[1]

    def running(self):
        """Its processes, also those that have lost their parent; not those that have ended and nobody has asked after."""
        found = subprocess.run(["ps", "-eo", "sid=,pid=,stat=,args="], stdout=subprocess.PIPE, text=True, check=True).stdout
        lines = [line.split(None, 3) for line in found.splitlines()]
        return {int(pid): args for sid, pid, state, args in lines if int(sid) == self.process.pid and state[0] != "Z"}

    def signal(self, how):
        os.killpg(self.process.pid, how)  # as a terminal does


@pytest.fixture
def demo(tmp_path):
    one = Demo(tmp_path)
    yield one.wait_until_ready()
    for pid in one.running():
        os.kill(pid, signal.SIGKILL)
    one.process.wait()
    if one.folder.exists():
        subprocess.run(["rm", "-rf", one.folder], check=True)


class Browser:
    def __init__(self, demo):
        trusting = ssl.create_default_context(cafile=demo.authority)
        self.opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=trusting),
                                                  urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def open(self, address, **fields):
        data = urllib.parse.urlencode(fields).encode() if fields else None
        with self.opener.open(address, data) as answer:
            return answer.read().decode()

    def fill(self, address, **fields):
        key = re.search(r'name="form_key" value="(\w+)"', self.open(address))[1]
        return self.open(address, form_key=key, **fields)


def test_all_that_it_names_can_be_opened(demo):
    office, customer = Browser(demo), Browser(demo)
    byra = demo.after("Byråstöd, the office")
    site = byra.removesuffix("/byra/kunder")
    assert "Logga in" in office.open(byra)
    office.fill(site + "/logga-in", email=demo.after("sign in as"), password=demo.after("password"), till="/byra/kunder")
    assert "Härjedalens Sten AB" in office.open(byra)
    assert "Björkö Fisk AB" in Browser(demo).open(demo.after("Björkö Fisk AB"))
    chosen = {"password": "ett långt lösenord", "again": "ett långt lösenord"}
    assert "Logga ut" in customer.fill(demo.after("Fjällnäs Hotell AB"), **chosen)
    assert "Ta emot e-faktura" in customer.open(demo.after("Bokföring & Fakturering"))
    assert list(pathlib.Path(demo.after("all letters")).glob("*.eml"))


def test_the_local_page_opens_with_its_key(demo):
    base, key = demo.after("Visma Administration's dialogue").split("#")
    with urllib.request.urlopen(base) as page:
        assert "<title>Samsynk" in page.read().decode()
    opening = urllib.request.Request(base + "open", json.dumps({"key": key}).encode(), {"Content-Type": "application/json"})
    token = json.load(urllib.request.urlopen(opening))["token"]
    asking = urllib.request.Request(base + "v1/companies", headers={"Authorization": f"Bearer {token}"})
    assert "Härjedalens Sten AB" in urllib.request.urlopen(asking).read().decode()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGHUP])
def test_it_leaves_nothing_also_when_it_is_told_twice(demo, how):
    demo.signal(how)
    time.sleep(0.03)
    if demo.process.poll() is None:
        demo.signal(how)
    assert demo.process.wait(timeout=40) == 0
    assert demo.running() == {}
    assert not demo.folder.exists()


def test_it_ends_its_parts_when_it_alone_is_told(demo):
    demo.process.terminate()
    assert demo.process.wait(timeout=40) == 0
    assert demo.running() == {}
    assert not demo.folder.exists()


@pytest.mark.parametrize("part, name", [("samsynk-sandbox", "sandbox"), ("samsynkd", "samsynkd"), ("samsynk", "ui")])
def test_it_says_so_and_ends_when_a_part_is_gone(demo, part, name):
    [pid] = [pid for pid, args in demo.running().items() if pathlib.Path(args.split()[0]).name == part]
    os.kill(pid, signal.SIGKILL)
    assert demo.process.wait(timeout=40) == 1
    assert f"It can't go on: {name} has ended." in demo.text()
    assert demo.running() == {}
    assert not demo.folder.exists()
