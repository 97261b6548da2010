"""Runs in which nothing is to do, and runs with one change: by a running daemon, and as a whole process."""
import itertools

from clock import in_turns, load, medians

MOST = 1 / 2


class Changes:
    """Changes of one company at a time, each of another one than before."""

    def __init__(self, ground, first):
        self.ground, self.turns = ground, itertools.count(first)
        self.customers = ground.customers()

    def local(self):
        self.ground.change_locally(self._next())

    def online(self):
        index = self._next()
        self.customers.choose(self.ground.numbers[index], not self.ground.chosen(index)[1])

    def _next(self):
        return next(self.turns) % len(self.ground.numbers)


def lay_peers(peers):
    """As many records on either side as we have companies."""
    for peer in peers:
        peer.lay(peer.count, 0)
        peer.run()
        peer.check(peer.count)


def measure(table, grounds, peers, rounds, first=0):
    """`grounds`: what is ours: name -> a ground and how to make a run on it."""
    nothing = {name: run for name, (_, run) in grounds.items()} | {peer.name: peer.run for peer in peers}
    table.heading("nothing to do", load())
    fewer = {peer.name: peer.rounds for peer in peers}
    times = medians(in_turns(rounds, nothing, fewer))
    for name in grounds:
        tell(table, name, times, peers, name)
    changes = {name: Changes(ground, first) for name, (ground, _) in grounds.items()}
    try:
        for way in ("local", "online"):
            table.heading(f"one {way} change", load())
            works = {name: (getattr(changes[name], way), run) for name, (_, run) in grounds.items()}
            works |= {peer.name: (lambda peer=peer: peer.change(way == "local"), peer.run) for peer in peers}
            times = medians(in_turns(max(5, rounds // 2), works, fewer))
            for name in grounds:
                tell(table, name, times, peers, name)
    finally:
        for change in changes.values():
            change.customers.close()


def tell(table, name, times, peers, key):
    if not peers:
        table.value(name, f"{times[key] * 1000:.1f} ms")
    for peer in peers:
        small = f" (of {peer.count})" if peer.count < peer.asked else ""
        table.ratio(name, times[key], peer.name + small, times[peer.name], MOST if peer.name == "mbsync" else None)
