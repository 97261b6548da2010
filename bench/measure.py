#!/usr/bin/python3
"""Measures one daemon with N companies, and peers beside it, in turns; prints ratios and whether they are what is
wanted. Compare ratios within one run, not times between machines."""
import argparse
import pathlib
import shutil
import sys
import tempfile
import time

sys.dont_write_bytecode = True

import cold  # noqa: E402
import daemon  # noqa: E402
import peers  # noqa: E402
import push  # noqa: E402
import runs  # noqa: E402
from clock import load  # noqa: E402
from ground import Ground  # noqa: E402
from table import Table  # noqa: E402


def arguments():
    words = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    words.add_argument("count", metavar="N", nargs="?", type=int, default=10000, help="companies (10000)")
    words.add_argument("--idle", metavar="SECONDS", type=int, help="how long to look at an idle daemon (60; 5 below 5000)")
    words.add_argument("--rounds", type=int, help="how often each run is made (9)", default=9)
    words.add_argument("--alone", action="store_true", help="without peers")
    return words.parse_args()


def start_peers(folder, certificates, count):
    present = []
    for kind in peers.ALL:
        if why := kind.missing():
            print(f"{kind.name} is left out: {why}")
        else:
            present.append(kind(folder / kind.name, certificates, count))
    return present


def many_installations(table, folder, one, count, rounds):
    parts = 20
    many = Ground(folder / "many", count // parts * parts, installations=parts)
    try:
        many.start()
        many.settle()
        table.heading(f"{parts} installations of {count // parts} companies each, beside one of {count}")
        runs.measure(table, {f"{parts} installations": (many, many.sync), "one installation": (one, one.sync)}, [], rounds,
                     first=count // 2)
    finally:
        many.close()


def measure(table, folder, given, present):
    count, rounds = given.count, given.rounds
    ground = cold.measure(table, folder, count, present, 3)
    try:
        runs.lay_peers(present)
        ground.once()  # what was just written is looked at once more
        runs.measure(table, {"samsynkd --once": (ground, ground.once)}, present, rounds)
        ground.start()
        ground.settle()
        runs.measure(table, {"samsynk sync": (ground, ground.sync)}, present, rounds, first=count // 4)
        daemon.files_opened(table, ground)
        daemon.one_company(table, ground, rounds + 6)
        many_installations(table, folder, ground, count, rounds)
        daemon.start(table, ground, rounds)
        ground.set_push(True)
        ground.stop()
        ground.start()
        ground.settle()
        if push.measure(table, ground):
            time.sleep(45)  # it keeps under 600 requests a minute, and has just made many
            ground.settle()
            runs.measure(table, {"samsynk sync, feed held open": (ground, ground.sync)}, present, rounds,
                         first=count // 3)
        daemon.idle(table, ground, given.idle or (60 if count >= 5000 else 5))
    finally:
        ground.close()


def main():
    given = arguments()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="samsynk-bench-"))
    folder.chmod(0o711)  # Dovecot's mail user must get through
    table, present = Table(), []
    print(f"{given.count} companies, {load()}")
    try:
        certificates = Ground(folder / "certificates", 1)
        present = [] if given.alone else start_peers(folder, certificates.office.data, given.count)
        certificates.office.stop()
        measure(table, folder, given, present)
        table.sum_up()
    finally:
        for peer in present:
            peer.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
