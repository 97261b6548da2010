#!/usr/bin/python3
"""N companies: a cold sync (half of the choices go each way), runs in which nothing changed, and memory."""
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests/system"))
os.environ.setdefault("SAMSYNK_BIN", str(ROOT / "build/bin"))
from conftest import Office, Site, wait_for  # noqa: E402


def resident(process, field="VmRSS"):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith(field))


def timed(work):
    begin = time.monotonic()
    result = work()
    return time.monotonic() - begin, result


def main(count):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="samsynk-bench-"))
    office = Office(folder / "online")
    office.data.mkdir()
    site = None
    try:
        office("bulk", str(count), "--receive-invoices", "yes")
        office.start()
        site = Site(folder, office)
        site.configure()
        for index, line in enumerate(office("show").splitlines()):
            site.lay(f"bolag{index:05}", json.loads(line)["company"], f"Bolag {index} AB")
            site.choose(f"bolag{index:05}", "send_all_invoices: true\n")
        cold, _ = timed(lambda: (site.start(), wait_for(lambda: (site.status() or {}).get("last_run"), 300)))
        run = site.status()["last_run"]
        assert run["outcome"] == "completed" and run["counts"]["changed"] == 3 * count, run["counts"]
        site.sync()
        time.sleep(2.1)  # files younger than two seconds are read again
        site.sync()
        nothing = [timed(site.sync) for _ in range(9)]
        assert all(result["counts"]["changed"] == 0 for _, result in nothing)
        status = [timed(site.status)[0] for _ in range(9)]
        walk = statistics.median(timed(lambda: subprocess.run(["find", site.books, "-printf", "%s%T@"], check=True,
                                                             stdout=subprocess.DEVNULL))[0] for _ in range(5))
        copy, _ = timed(lambda: subprocess.run(f"cp -r '{site.books}' '{folder}/copy' && sync -f '{folder}/copy'", shell=True,
                                               check=True))
        nothing_to_do = statistics.median(time for time, _ in nothing)
        print(f"{count} companies")
        print(f"cold sync, both ways          {cold:8.2f} s   {run['requests']} requests")
        print(f"  as a copy of the folders    {cold / copy:8.1f} x   (cp -r and a flush: {copy:.2f} s)")
        print(f"nothing to do, median of 9    {nothing_to_do * 1000:8.1f} ms  {nothing[-1][1]['requests']} requests")
        print(f"  as a walk over the folders  {nothing_to_do / walk:8.1f} x   (find: {walk * 1000:.0f} ms)")
        print(f"samsynk status, median of 9   {statistics.median(status) * 1000:8.1f} ms")
        print(f"resident memory, idle         {resident(site.process):8.1f} MiB  (peak {resident(site.process, 'VmHWM'):.1f})")
    finally:
        if site and site.process:
            site.kill()
        office.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(int(sys.argv[1]))
