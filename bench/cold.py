"""A cold sync: nothing is known of either side, and N records go each way, in one run as a whole process."""
import json

from clock import flush_disk, in_turns, load, medians
from ground import Ground

MOST = 1 / 3


def measure(table, folder, count, peers, rounds):
    """The ground of the last round, synced, for what comes after."""
    table.heading(f"cold, {count} records each way", load())
    grounds, times = [], {}

    def fresh():
        if grounds:
            grounds.pop().close()
        grounds.append(Ground(folder / "ours", count))
        flush_disk()

    def ours():
        grounds[-1].once()
    for turn in range(rounds):
        works = {"samsynkd --once": (fresh, ours)}
        works |= {peer.name: (lambda peer=peer: peer.lay(peer.count, peer.count), peer.run)
                  for peer in peers if turn == 0 or peer.rounds > rounds}
        for name, took in in_turns(1, works).items():
            times.setdefault(name, []).extend(took)
        check(grounds[-1])
    for peer in peers:
        peer.check(2 * peer.count)
    tell(table, medians(times), count, peers)
    return grounds[-1]


def check(ground):
    online = {record["company"]: record["preferences"]
              for record in map(json.loads, ground.office("show").splitlines())}
    assert all(online[number]["send_all_invoices"] for number in ground.numbers)
    assert all("receive_invoices: true" in ground.preferences(index).read_text() for index in range(len(ground.numbers)))


def tell(table, times, count, peers):
    ours = times["samsynkd --once"]
    if not peers:
        table.value("samsynkd --once, both ways", f"{ours:.2f} s")
    for peer in peers:
        theirs, name = times[peer.name], peer.name
        if peer.count < count:
            theirs, name = theirs * count / peer.count, f"{peer.name} (of {peer.count}, scaled)"
        table.ratio("samsynkd --once, both ways", ours, name, theirs, MOST if peer.name == "mbsync" else None)
    if peers:
        table.note("Ours also writes a notice of the collaboration to each company's folder: two files a company.")
