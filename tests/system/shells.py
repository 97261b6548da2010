"""What a shell offers when TAB is pressed, asked of the shells themselves."""
import atexit
import fcntl
import functools
import os
import pathlib
import pty
import select
import shutil
import signal
import struct
import subprocess
import tempfile
import termios
import threading
import time

import pytest

from conftest import BIN, wait_for

COMPLETIONS = pathlib.Path(__file__).resolve().parents[2] / "daemon/client/completions"
FILES = {"bash": COMPLETIONS / "samsynk.bash", "zsh": COMPLETIONS / "_samsynk", "fish": COMPLETIONS / "samsynk.fish"}
BASH = """source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _samsynk; printf '%s\\n' "${COMPREPLY[@]}\""""
# What is added to the list is written to a file, as zsh adds it.
ZSH = f"""PS1= PS2=; unsetopt beep; fpath=({COMPLETIONS} $fpath); autoload -Uz compinit; compinit -u -D
compadd() {{
    local -a __offered
    if [[ " ${{@[1,(i)(-|--)]}} " == *\\ -[a-zA-Z]#[OAD]\\ * ]]; then builtin compadd "$@"; return; fi
    builtin compadd -A __offered "$@"; print -rl -- $__offered >>$OFFERED; builtin compadd "$@"
}}
list-and-tell() {{ zle list-choices; print LISTED >>$OFFERED }}
zle -N list-and-tell; bindkey '^I' list-and-tell; print PRE''PARED
"""


def environment():
    return {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TERM": "dumb"}


def bash(words):
    said = subprocess.run(["bash", "--norc", "-c", BASH, "bash", FILES["bash"], *words], env=environment(), text=True, check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=30).stdout
    return [one for one in said.splitlines() if one]


def fish(words):
    line = " ".join(word.replace(" ", "\\ ") for word in words)
    said = subprocess.run(["fish", "--no-config", "-c", f"source {FILES['fish']}; complete -C '{line}'"], env=environment(), text=True,
                          check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=30).stdout
    return [one.split("\t")[0] for one in said.splitlines()]


def read_until(terminal, mark, seconds=20):
    text, until = "", time.monotonic() + seconds
    while mark not in text:
        if not select.select([terminal], [], [], max(0, until - time.monotonic()))[0]:
            raise AssertionError(f"zsh did not say {mark}: {text!r}")
        text += os.read(terminal, 65536).decode(errors="replace")
    return text


class Zsh:
    """On a terminal, as zsh completes nowhere else; started once."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.found = pathlib.Path(self.folder.name) / "offered"
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.execvpe("zsh", ["zsh", "-f", "-i", "-o", "extendedglob"],
                       {**environment(), "OFFERED": str(self.found), "HOME": self.folder.name})
        atexit.register(self.end)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 200, 250, 0, 0))
        os.write(self.terminal, ZSH.encode())
        read_until(self.terminal, "PREPARED")
        # What is listed is of no interest, but must be taken.
        threading.Thread(target=self.take, daemon=True).start()

    def take(self):
        try:
            while os.read(self.terminal, 65536):
                pass
        except OSError:
            pass

    def end(self):
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)

    def __call__(self, words):
        self.found.write_text("")
        os.write(self.terminal, b"\x15" + " ".join(words).encode() + b"\t")
        wait_for(lambda: self.found.read_text().endswith("LISTED\n"))  # what is typed meanwhile would end the listing
        return [line for line in self.found.read_text().splitlines()[:-1] if line]


@functools.lru_cache(maxsize=None)
def the_zsh():
    return Zsh()


def offered(shell, *words):
    if not shutil.which(shell):
        assert "CI" not in os.environ, f"{shell} is missing, and CI skips nothing"
        pytest.skip(f"{shell} is missing: apt install {shell}")
    return {"bash": bash, "zsh": lambda words: the_zsh()(words), "fish": fish}[shell](["samsynk", *words])
