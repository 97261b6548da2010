"""What is asked of a daemon that runs: in words, as a person reads them, and over its socket."""
import json
import os
import subprocess

from conftest import BIN


def in_words(site, *words, language="en_US.UTF-8"):
    result = subprocess.run([BIN / "samsynk", "--socket", site.socket, *words], text=True, timeout=60, capture_output=True,
                            env={**os.environ, "LC_ALL": language})
    return result.returncode, result.stdout + result.stderr


def curl(site, path, *words):
    result = subprocess.run(["curl", "-s", "--unix-socket", site.socket, "-w", "\n%{http_code}", *words,
                             f"http://localhost{path}"], text=True, timeout=60, stdout=subprocess.PIPE, check=True)
    body, _, status = result.stdout.rpartition("\n")
    return int(status), json.loads(body)
