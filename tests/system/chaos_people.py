"""People on both sides who choose at random, and the log of what they chose and when."""
import ctypes
import dataclasses
import json
import os
import re
import subprocess
import time

from conftest import BIN

LOCAL, ONLINE = "local", "online"
PREFERENCES = ("send_all_invoices", "receive_invoices")
WORDS = {True: "yes", False: "no", None: "none"}
EXCHANGE = 2  # renameat2
HERE = -100  # AT_FDCWD
libc = ctypes.CDLL(None, use_errno=True)


@dataclasses.dataclass(frozen=True)
class Choice:
    side: str
    value: bool
    before: float  # when it was not yet made, and when it surely was (seconds since 1970)
    after: float


class Log:
    """All choices of each preference, in order."""

    def __init__(self):
        self.choices = {}

    def of(self, company, preference):
        return self.choices.setdefault((company, preference), [])

    def add(self, company, preference, side, value, before):
        self.of(company, preference).append(Choice(side, value, before, time.time()))

    def __len__(self):
        return sum(len(choices) for choices in self.choices.values())


def read_choices(text):
    """What a preferences file says; its people write plain lines only."""
    found = {}
    for preference in PREFERENCES:
        line = re.search(rf"^{preference}:\s*(true|false)\b", text, re.MULTILINE)
        found[preference] = None if line is None else line[1] == "true"
    return found


def with_choice(text, preference, value):
    line = f"{preference}: {'true' if value else 'false'}"
    if re.search(rf"^{preference}:", text, re.MULTILINE):
        return re.sub(rf"^{preference}:[^#\n]*?(\s*#.*)?$", lambda old: line + (old[1] or ""), text, flags=re.MULTILINE)
    return text + ("" if not text or text.endswith("\n") else "\n") + line + "\n"


class Accountant:
    """Edits the files beside the books, as an editor does that writes anew and renames, or as one that writes in place."""

    def __init__(self, site, places, log):
        self.site, self.places, self.log = site, places, log
        self.overtaken = 0

    def file(self, company):
        return self.site.books / self.places[company] / "samsynk/preferences.yaml"

    def text(self, company):
        path = self.file(company)
        return path.read_text() if path.exists() else None

    def sees(self, company):
        return read_choices(self.text(company) or "")

    def choose(self, company, preference, decide, in_place):
        """Chooses `decide(what stands there)`. Where the agent wrote at that very moment, the person looks and does it again."""
        while True:
            before, old = time.time(), self.text(company)
            value = decide(read_choices(old or "")[preference])
            new = with_choice(old if old is not None else "# eget\n", preference, value)
            path = self.file(company)
            path.parent.mkdir(exist_ok=True)
            if old is None:
                done = self._create(path, new)
            else:
                done = self._in_place(path, old, new) if in_place else self._anew(path, old, new)
            if done == "done":
                self.log.add(company, preference, LOCAL, value, before)
                return
            self.overtaken += 1
            if done == "perhaps":
                self.log.add(company, preference, LOCAL, value, before)
            if done == "both":  # what stood there in between was overwritten unseen: that is a choice of both
                for name, written in read_choices(new).items():
                    if written is not None:
                        self.log.add(company, name, LOCAL, written, before)
                return

    @staticmethod
    def _create(path, text):
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        except FileExistsError:
            return "again"
        os.write(descriptor, text.encode())
        os.close(descriptor)
        return "done"

    # As a rename does, but one sees what came out.
    @staticmethod
    def _anew(path, old, new):
        beside = path.with_name("eget.tmp")
        beside.write_text(new)
        if libc.renameat2(HERE, os.fsencode(beside), HERE, os.fsencode(path), EXCHANGE) != 0:
            raise OSError(ctypes.get_errno(), "renameat2", str(path))
        came_out = beside.read_text()
        beside.unlink()
        return "done" if came_out == old else "both"

    # Cut off and written in one go; another file in its place meanwhile is what an editor would warn of.
    @staticmethod
    def _in_place(path, old, new):
        descriptor = os.open(path, os.O_RDWR)
        try:
            if os.pread(descriptor, 1 << 16, 0).decode() != old:
                return "again"
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, new.encode(), 0)
            return "done" if os.fstat(descriptor).st_ino == os.stat(path).st_ino else "perhaps"
        finally:
            os.close(descriptor)


class OnlineUser:
    """Chooses in the online service, by the sandbox's commands through one process."""

    def __init__(self, data, log):
        self.log = log
        self.process = subprocess.Popen([BIN / "samsynk-sandbox", "--data", data, "script"], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def say(self, *words):
        self.process.stdin.write(" ".join(words) + "\n")
        self.process.stdin.flush()
        answer = []
        while (line := self.process.stdout.readline().strip()) not in ("done", "failed"):
            assert line or self.process.poll() is None, "the sandbox's script ended"
            answer.append(line)
        assert line == "done", words
        return [json.loads(line) for line in answer if line.startswith("{")]

    def records(self):
        return {record["company"]: record for record in self.say("show")}

    def choose(self, company, preference, decide):
        before = time.time()
        value = decide(self.say("show", company)[0]["preferences"][preference])
        self.say("prefs", company, f"--{preference.replace('_', '-')}", WORDS[value])
        self.log.add(company, preference, ONLINE, value, before)

    def register(self, company, state):
        self.say("register", company, state)

    def stop(self):
        self.process.stdin.close()
        self.process.wait(10)
