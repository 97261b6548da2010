"""A daemon by itself: its start, a sync of one company, which files it opens, and what it takes when nothing happens."""
import re
import shutil
import statistics
import subprocess
import time

import lines
from clock import in_turns, load, medians
from proc import cpu_seconds, resident, written


def start(table, ground, rounds):
    """Until systemd is told READY=1."""
    table.heading("start", load())
    took = []
    for _ in range(rounds):
        ground.stop()
        took.append(ground.start() * 1000)
    median = statistics.median(took)
    table.value("start until ready", f"{median:.1f} ms", median, 50, f"at most 50 ms (least {min(took):.1f})")


def one_company(table, ground, rounds):
    """Beside a client in Python that makes the same two requests on one connection (lines.py)."""
    table.heading("one company, by POST /v1/sync", load())
    client, line, turn, results = lines.Client(ground.office, ground.spare), lines.control(ground.socket), [0], []

    def change():
        turn[0] += 1
        ground.change_locally(turn[0] % len(ground.numbers))

    def ours():
        number = ground.numbers[turn[0] % len(ground.numbers)]
        results.append(line.ask("POST", "/v1/sync", {"companies": [number]}))

    def theirs():
        client.two_requests(ground.spare[turn[0] % len(ground.spare)], turn[0] % 2 == 0)
    times = medians(in_turns(rounds, {"ours": (change, ours), "client": theirs}))
    client.line.close()
    line.close()
    assert all(result["counts"]["changed"] == 1 for result in results), results[-1]
    table.ratio("sync of one company that was changed", times["ours"], "the two requests", times["client"], 1.5)
    table.note(f"{results[-1]['requests']} requests of ours; flushed to disk before and after the one that writes")


def files_opened(table, ground):
    """Of the companies' files, in a run with nothing to do. One with a change shows that they would be seen."""
    table.heading("files opened", load())
    if not shutil.which("strace"):
        return table.note("strace is not installed")
    ground.change_locally(0)
    changed = opened_in_run(ground)
    if not changed or not changed[0]:
        return table.note("strace may not look into the daemon here")
    time.sleep(2.2)
    ground.sync()
    files, folders = opened_in_run(ground)
    table.value("companies' files, in a run with nothing to do", str(files), files, 0, "at most 0")
    table.value("  with one local change", str(changed[0]))
    table.value("companies' folders, in a run with nothing to do", str(folders))


def opened_in_run(ground):
    """Files and folders; nothing where it can't be told."""
    log = ground.folder / "strace"
    tracer = subprocess.Popen(["strace", "-f", "-y", "-e", "trace=openat", "-o", log, "-p", str(ground.process.pid)],
                              stderr=subprocess.PIPE, text=True)
    if "attached" not in tracer.stderr.readline():
        tracer.wait()
        return None
    ground.sync()
    tracer.terminate()
    tracer.wait()
    books = re.compile(rf"= \d+<{re.escape(str(ground.books))}/")
    opened = [line for line in map(unescape, log.read_text().splitlines()) if books.search(line)]
    folders = sum("O_DIRECTORY" in line for line in opened)
    return len(opened) - folders, folders


def unescape(line):
    """strace writes what is not ASCII as octal bytes."""
    text = re.sub(r"\\([0-7]{1,3})", lambda found: chr(int(found[1], 8)), line)
    return text.encode("latin-1", errors="replace").decode(errors="replace")


def idle(table, ground, seconds):
    feed = "with the feed held open" if ground.feed_is_open() else "without a feed: push is not on"
    table.heading(f"idle for {seconds} s, {feed}", load())
    time.sleep(12)  # what follows once on work (memory is given back) is not to be taken for what goes on by the hour
    pid = ground.process.pid
    cpu, wrote = cpu_seconds(pid), written(pid)
    time.sleep(seconds)
    hourly = (cpu_seconds(pid) - cpu) * 3600 / seconds
    table.value("CPU, by the hour", f"{hourly:.2f} s", hourly, 1, "at most 1 s")
    memory = resident(pid)
    table.value("resident memory", f"{memory:.1f} MiB", memory, 16, f"at most 16 MiB (peak {resident(pid, 'VmHWM'):.1f})")
    if wrote is None:
        table.note("bytes written can't be told without being root")
    else:
        wrote = written(pid) - wrote
        table.value("bytes written to disk", str(wrote), wrote, 0, "0")
