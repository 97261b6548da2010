"""./dev demo --open: all of it runs with the addresses it names, and Ctrl-C leaves nothing."""
import os
import pathlib
import re
import signal
import ssl
import subprocess
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def children_of(group):
    found = subprocess.run(["ps", "-eo", "pgid,pid,args"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return [line for line in found.splitlines() if line.split()[0] == str(group)]


def test_it_runs_with_all_addresses_until_it_is_told_to_end(tmp_path):
    with open(tmp_path / "said", "w+") as said:
        demo = subprocess.Popen(["bash", ROOT / "demo/open"], stdout=said, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            until = time.monotonic() + 60
            text = ""
            while "Ctrl-C ends it" not in text and time.monotonic() < until and demo.poll() is None:
                time.sleep(0.1)
                text = (tmp_path / "said").read_text()
            assert "Ctrl-C ends it" in text, text
            authority = re.search(r"(\S+/ca\.pem)", text)[1]
            work = pathlib.Path(authority).parent.parent
            trusting = ssl.create_default_context(cafile=authority)
            for address in re.findall(r"https://localhost:\d+/\S+", text):
                with urllib.request.urlopen(address, context=trusting) as page:
                    assert "sandlåda" in page.read().decode()
            local = re.search(r"(http://127\.0\.0\.1:\d+/)#\S+", text)[1]
            with urllib.request.urlopen(local) as page:
                assert "<title>Samsynk" in page.read().decode()
            letters = list((work / "online/mail").glob("*.eml"))
            assert letters, "the customers have been written to"
        finally:
            os.killpg(demo.pid, signal.SIGINT)
            code = demo.wait(timeout=30)
    assert code == 0
    assert not work.exists()
    assert children_of(demo.pid) == []
