"""Times of works that are done in turns, so that what else the machine does falls on all of them."""
import os
import statistics
import time


def timed(work):
    begin = time.monotonic()
    work()
    return time.monotonic() - begin


def in_turns(rounds, works, fewer=None):
    """`works`: name -> what is timed, or a pair of what is made ready and what is timed. The order changes each round;
    `fewer`: name -> how often at most. Returns the seconds by name."""
    times = {name: [] for name in works}
    names = list(works)
    for turn in range(rounds):
        for name in names[turn % len(names):] + names[:turn % len(names)]:
            if fewer and turn >= fewer.get(name, rounds):
                continue
            ready, work = works[name] if isinstance(works[name], tuple) else (None, works[name])
            if ready:
                ready()
            times[name].append(timed(work))
    return times


def medians(times):
    return {name: statistics.median(all_of_it) for name, all_of_it in times.items() if all_of_it}


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def load():
    return f"load {os.getloadavg()[0]:.1f}"


def flush_disk():
    """What was written before is not to be waited for by who is measured."""
    os.sync()
