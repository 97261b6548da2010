"""What the tests of documents share: where things are, and programs that may be missing."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def needs(program, package):
    """The program's path; the test is skipped where it is missing, but never in CI."""
    found = shutil.which(program)
    if not found and os.environ.get("CI"):
        pytest.fail(f"{program} is missing, and CI skips nothing: apt install {package}")
    if not found:
        pytest.skip(f"{program} is missing: apt install {package}")
    return found


def run(*command, **more):
    usual = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "timeout": 120}
    return subprocess.run([str(word) for word in command], **{**usual, **more})


def build_folder():
    """Where the built programs are, as CTest says; else build/ of this checkout."""
    return Path(os.environ.get("SAMSYNK_BIN", ROOT / "build/bin"))


def table_rows(file):
    """The rows of a document's tables whose first cell begins with a name in backticks, as lists of cells."""
    rows = []
    for line in Path(file).read_text().splitlines():
        if line.startswith("| `"):
            rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return rows
