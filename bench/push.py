"""How long a change takes to the other side by itself, with the feed held open.

Changes are made at times of their own, whether or not those before have arrived; each of another company."""
import json
import random
import select
import sqlite3
import statistics
import time

from arrivals import Arrivals
from clock import load, percentile
from ground import wait_for

MOST, GIVE_UP = 200, 10  # changes a way, seconds


def schedule(count):
    """Irregular: 20 to 120 ms apart."""
    dice, at = random.Random(count), time.monotonic() + 0.1
    for _ in range(count):
        at += dice.uniform(0.020, 0.120)
        yield at


class Race:
    """Makes the changes in time, and notes when each has arrived. `make(turn)` begins one; `arrived(woken, waiting)`
    tells which of those that are waited for are there; `others` are handles with what to do when they are readable."""

    def __init__(self, count, arrivals, make, arrived, others=()):
        self.count, self.arrivals, self.make, self.arrived, self.others = count, arrivals, make, arrived, dict(others)

    def run(self):
        begun, waiting, took = list(schedule(self.count)), {}, {}
        turn, end = 0, begun[-1] + GIVE_UP
        while (turn < self.count or waiting) and time.monotonic() < end:
            pause = (begun[turn] if turn < self.count else end) - time.monotonic()
            readable, _, _ = select.select([self.arrivals, *self.others], [], [], max(pause, 0))
            for handle in readable:
                if handle in self.others:
                    self.others[handle]()
            woken = self.arrivals.woken()
            if woken:
                now = time.monotonic()
                for one in self.arrived(woken, waiting):
                    took[one] = now - waiting.pop(one)
            if turn < self.count and time.monotonic() >= begun[turn]:
                waiting[turn] = time.monotonic()
                self.make(turn)
                turn += 1
        return list(took.values()), self.count - len(took)


def from_online(ground, companies):
    """An online change until the local preferences.yaml shows it. The time begins with the customer's command, so the
    sandbox's own work is in it."""
    customers, arrivals, commanded, commands = ground.customers(), Arrivals(), {}, []
    wanted = [not ground.chosen(index)[1] for index in companies]
    for turn, index in enumerate(companies):
        arrivals.watch(ground.preferences(index).parent, turn)

    def make(turn):
        customers.begin(ground.numbers[companies[turn]], wanted[turn])
        commanded[len(commanded)] = time.monotonic()

    def done():
        customers.end()
        commands.append(time.monotonic() - commanded[len(commands)])

    def arrived(woken, waiting):
        return [turn for turn in woken & waiting.keys() if ground.chosen(companies[turn])[1] == wanted[turn]]
    try:
        took, lost = Race(len(companies), arrivals, make, arrived, {customers.process.stdout: done}).run()
    finally:
        customers.close()
        arrivals.close()
    return took, lost, statistics.median(commands)


def from_local(ground, companies):
    """A local file put in place of the old one, until the service has it: in the sandbox's store, for all to see."""
    arrivals, wanted = Arrivals(), [not ground.chosen(index)[0] for index in companies]
    arrivals.watch(ground.office.data / "sandbox.db.bell", "bell")
    store = sqlite3.connect(f"file:{ground.office.data / 'sandbox.db'}?mode=ro", uri=True, isolation_level=None)

    def has(turn):
        row = store.execute("SELECT body FROM customers WHERE company = ?", (int(ground.numbers[companies[turn]]),))
        return json.loads(row.fetchone()[0])["send_all_invoices"] == wanted[turn]

    def make(turn):
        ground.change_locally(companies[turn])
    try:
        return Race(len(companies), arrivals, make, lambda _, waiting: [turn for turn in waiting if has(turn)]).run()
    finally:
        arrivals.close()
        store.close()


def measure(table, ground):
    table.heading("a change by itself, with the feed held open", load())
    try:
        wait_for(ground.feed_is_open, 10)
    except AssertionError:
        table.note("push is not on: GET /v1/status has no feed that is open")
        return False
    count = min(MOST, len(ground.numbers) // 3)
    far = [len(ground.numbers) - 1 - turn for turn in range(count)]
    took, lost, command = from_online(ground, far)
    tell(table, "online, until the local file shows it", took, lost)
    table.note(f"of that, the customer's command in the sandbox: median {command * 1000:.1f} ms")
    tell(table, "locally, until the service has it", *from_local(ground, list(range(count))))
    return True


def tell(table, name, took, lost):
    if lost:
        table.value(f"{name}: lost", str(lost), lost, 0, "at most 0")
    if not took:
        return
    median, late = statistics.median(took) * 1000, percentile(took, 0.99) * 1000
    table.value(f"{name}, median", f"{median:.1f} ms", median, 10, f"at most 10 ms ({len(took)} changes)")
    table.value(f"{name}, p99", f"{late:.1f} ms", late, 50, "at most 50 ms")
