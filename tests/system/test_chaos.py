"""Random people on both sides, a network that breaks and a daemon that is killed again and again, all from one seed:
whatever was chosen arrives or was overridden by a choice, and nothing else does.

SAMSYNK_CHAOS_SEED and SAMSYNK_CHAOS_SECONDS say which and how long. The choices, faults and kills of a seed are always
the same; when they meet the daemon is up to the machine."""
import asyncio
import json
import os
import random
import signal
import subprocess
import time

import pytest

from chaos_oracle import Oracle
from chaos_people import Accountant, Log, OnlineUser, PREFERENCES
from chaos_proxy import Proxy
from conftest import BIN, Office, Site, wait_for

SEED = int(os.environ.get("SAMSYNK_CHAOS_SEED") or random.SystemRandom().randrange(1_000_000))
SECONDS = float(os.environ.get("SAMSYNK_CHAOS_SECONDS") or 40)
MOST = 4  # so many times as long, until enough has gone wrong
COMPANIES = 10  # not more, or the guard against mass changes would hold some
NEVER = {0: "send_all_invoices", 1: "receive_invoices"}  # nobody ever chooses these
ONLY_YES = {2: "send_all_invoices", 3: "receive_invoices"}  # nobody ever says no to these


class Chaos:
    def __init__(self, folder):
        self.folder, self.log = folder, Log()
        self.office = Office(folder / "online")
        self.office.data.mkdir()
        self.proxy = Proxy(self.dice("network"), 0).start()
        self.office.start("--url", f"https://localhost:{self.proxy.port}")
        self.proxy.upstream_port = self.office.port
        self.office("bulk", str(COMPANIES))
        self.online = OnlineUser(self.office.data, self.log)
        self.companies = sorted(self.online.records())
        self.site = Site(folder, self.office)
        self.site.configure(interval="10s", port=self.proxy.port)
        places = {}
        for number in self.companies:
            places[number] = f"Bolag {number[5:9]}"
            self.site.lay(places[number], number, places[number])
        self.accountant = Accountant(self.site, places, self.log)
        self.oracle = Oracle(self.log, self.companies)
        self.over, self.kills, self.runs, self.failed_runs = False, 0, 0, 0

    def dice(self, who):
        return random.Random(f"{SEED} {who}")

    # The daemon

    def start(self):
        self.site.process = subprocess.Popen([BIN / "samsynkd", "--config", self.site.config],
                                             stderr=open(self.folder / "log", "a"))

    async def ask(self, method, path, body="", seconds=30):
        """The answer's JSON; nothing where the daemon is not there, or went away meanwhile."""
        writer = None
        try:
            async with asyncio.timeout(seconds):
                reader, writer = await asyncio.open_unix_connection(str(self.site.socket))
                writer.write(f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                             f"Content-Length: {len(body)}\r\n\r\n{body}".encode())
                head, _, answer = (await reader.read()).partition(b"\r\n\r\n")
                return json.loads(answer) if b" 200 " in head.split(b"\r\n")[0] else None
        except (OSError, ValueError, TimeoutError):
            return None
        finally:
            if writer:
                writer.close()

    async def kill_again_and_again(self):
        dice = self.dice("power")
        while not self.over:
            await asyncio.sleep(dice.choice((0.03, 0.1, 0.2, 0.4, 1.0, 2.5)) * dice.uniform(0.3, 1.7))
            assert self.site.process.poll() is None, f"the daemon ended by itself: {self.last_words()}"
            self.site.kill(signal.SIGKILL)
            self.kills += 1
            await asyncio.sleep(dice.choice((0, 0, 0.05, 0.3)))
            self.start()

    async def press_again_and_again(self):
        while not self.over:
            since = time.time()
            result = await self.ask("POST", "/v1/sync", "{}")
            if result is None:
                await asyncio.sleep(0.01)
            else:
                self.take(result, since)

    # A press for some companies only, at the same time as the other.
    async def press_for_some(self):
        dice = self.dice("some")
        while not self.over:
            await asyncio.sleep(dice.uniform(0.05, 0.6))
            some = dice.sample(self.companies, dice.randint(1, 3))
            await self.ask("POST", "/v1/sync", json.dumps({"companies": some}))

    def take(self, result, since, all_of_it=False):
        counts, self.runs = result["counts"], self.runs + 1
        assert counts["held"] == 0, f"held without cause: {result['problems']}"
        if result["outcome"] != "completed":
            self.failed_runs += 1
        elif counts["synced"] == COMPANIES:
            local = {number: self.accountant.sees(number) for number in self.companies}
            self.oracle.look(local, self.online.records(), since, all_of_it)
            return True
        return False

    # The people

    def decision(self, index, preference, dice):
        if ONLY_YES.get(index) == preference:
            return lambda _seen: True
        return lambda seen: not seen if seen is not None else dice.random() < 0.5

    async def act(self, name, choose):
        """Comes and goes: many choices in short time, among few or many preferences, then none for a while."""
        dice = self.dice(name)
        everything = [(index, preference) for index in range(COMPANIES) for preference in PREFERENCES
                      if NEVER.get(index) != preference]
        while not self.over:
            some = dice.sample(everything, dice.choice((1, 2, 4, len(everything))))
            for _ in range(dice.choice((1, 1, 3, 10, 40))):
                if self.over:
                    break
                index, preference = dice.choice(some)
                choose(dice, self.companies[index], preference, self.decision(index, preference, dice))
                await asyncio.sleep(dice.choice((0, 0, 0, 0.002, 0.01)))
            await asyncio.sleep(dice.choice((0.01, 0.05, 0.1, 0.4)))

    def choose_locally(self, dice, company, preference, decide):
        self.accountant.choose(company, preference, decide, in_place=dice.random() < 0.5)

    def choose_online(self, dice, company, preference, decide):
        if dice.random() < 0.1:  # something else of the record changes, and so does its version
            self.online.register(company, dice.choice(("none", "pending", "registered")))
        self.online.choose(company, preference, decide)

    # The story

    async def play(self):
        self.start()
        await asyncio.to_thread(wait_for, self.site.socket.exists)
        actors = [self.act("accountant", self.choose_locally), self.act("online", self.choose_online),
                  self.kill_again_and_again(), self.press_again_and_again(), self.press_for_some()]
        tasks = [asyncio.ensure_future(actor) for actor in actors]
        for _ in range(MOST):
            done, _ = await asyncio.wait(tasks, timeout=SECONDS, return_when=asyncio.FIRST_EXCEPTION)
            if done or self.is_enough():
                break
        self.over = True
        for task in done:
            task.result()
        self.proxy.quieten()
        await asyncio.gather(*tasks)

    def is_enough(self):
        """Else it was no chaos, as on a machine that is busy with other things."""
        repeated = sum(operation["times_repeated"] for operation in self.online.say("operations"))
        return (repeated >= 5 and self.kills >= 10 and self.failed_runs > 0 and self.oracle.lone >= 30 and
                self.oracle.agreed >= 10 and sum(self.proxy.bit.values()) >= 20)

    async def rest(self):
        """Nothing goes wrong any more: the first run that begins now, or the next, has everything in step."""
        await asyncio.to_thread(wait_for, lambda: (self.site.status() or {}).get("running", "") is None)
        for attempt in range(2):
            since = time.time()
            result = await self.ask("POST", "/v1/sync", "{}", 60)
            assert result is not None, self.last_words()
            if self.take(result, since, all_of_it=True):
                return attempt + 1
        raise AssertionError(f"two quiet runs were not enough: {result}")

    def look_at_everything(self):
        records, local_only = self.online.records(), []
        for number in self.companies:
            place = self.accountant.places[number]
            state = self.site.file(place, "collaboration.yaml")
            assert f"receive: {records[number]['registration']['receive']}\n" in state, state
            text = self.accountant.text(number)
            if text is not None and text.startswith("# eget\n"):
                local_only.append(number)
        for index, preference in NEVER.items():
            number = self.companies[index]
            assert self.accountant.sees(number)[preference] is None
            assert records[number]["preferences"][preference] is None
        assert local_only, "nowhere did an accountant's own line survive"
        operations = self.online.say("operations")
        self.oracle.look_at_operations(operations)
        return operations

    def last_words(self):
        return (self.folder / "log").read_text()[-3000:]

    def stop(self):
        if self.site.process:
            self.site.kill()
        self.online.stop()
        self.office.stop()
        self.proxy.stop()


@pytest.fixture
def chaos(tmp_path):
    one = Chaos(tmp_path)
    yield one
    one.stop()


def test_nothing_is_lost_and_nothing_is_invented(chaos, capsys):
    with capsys.disabled():
        print(f"\nSAMSYNK_CHAOS_SEED={SEED} SAMSYNK_CHAOS_SECONDS={SECONDS:g}")
    asyncio.run(chaos.play())
    quiet_runs = asyncio.run(chaos.rest())
    operations = chaos.look_at_everything()
    repeated = sum(operation["times_repeated"] for operation in operations)
    with capsys.disabled():
        print(f"{chaos.oracle.summary()}; {chaos.kills} kills, {chaos.runs} runs told, {chaos.failed_runs} of them failed, "
              f"{len(operations)} operations, {repeated} repeated, in step after {quiet_runs} quiet runs\n"
              f"faults: {dict(sorted(chaos.proxy.bit.items()))}; edits that met the agent's: {chaos.accountant.overtaken}")
    assert chaos.is_enough(), "that was no chaos"
