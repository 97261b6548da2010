"""A whole Debian with a real systemd, booted in a container of its own: no network, no other process of this machine."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time

ROOT = pathlib.Path(__file__).parent.parent.parent
PACKAGES = ROOT / "build/package"
BASE = PACKAGES / "bookworm.tar"
TOOLS = ["systemd", "systemd-sysv", "dbus", "curl", "python3", "sqlite3", "strace", "procps", "ca-certificates"]


def run(*words, **how):
    return subprocess.run([str(word) for word in words], check=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **how).stdout


def wait_for(what, seconds=30):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = what()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited in vain for {what}")


def needs_of(package):
    """The names of what it depends on and recommends: of alternatives the first."""
    fields = run("dpkg-deb", "--field", package, "Depends", "Recommends")
    listed = [line.split(":", 1)[1] for line in fields.splitlines() if ":" in line]
    return sorted({one.split("|")[0].split("(")[0].strip() for line in listed for one in line.split(",")} - {"samsynk"})


def make_base(packages):
    """Debian as it is, and what the packages say that they need: what they do not say is missing here."""
    needed = sorted(set(TOOLS).union(*(needs_of(package) for package in packages)))
    mark = PACKAGES / "bookworm.list"
    if BASE.exists() and mark.exists() and mark.read_text() == "\n".join(needed):
        return
    run("mmdebstrap", "--mode=root", "--variant=minbase", f"--include={','.join(needed)}", "bookworm", BASE, timeout=900)
    mark.write_text("\n".join(needed))


class Machine:
    def __init__(self, folder):
        self.folder, self.process, self.leader = folder, None, 0
        folder.mkdir()
        run("tar", "-xf", BASE, "-C", folder)
        (folder / "etc/hostname").write_text("bokhyllan\n")
        (folder / "etc/machine-id").write_text("0123456789abcdef0123456789abcdef\n")

    def boot(self):
        self.process = subprocess.Popen(["systemd-nspawn", "--quiet", "-D", self.folder, "--register=no", "--keep-unit", "--boot",
                                         "--private-network", f"--bind-ro={PACKAGES}:/packages", f"--bind-ro={ROOT}:/source"],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.leader = wait_for(self._find_leader)
        wait_for(lambda: self.try_run("systemctl", "is-system-running").stdout.strip() in ("running", "degraded"), 60)

    def _find_leader(self):
        try:
            children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        except FileNotFoundError:
            raise AssertionError("systemd-nspawn ended") from None
        return next((int(child) for child in children if pathlib.Path(f"/proc/{child}/comm").read_text().strip() == "systemd"), 0)

    def stop(self):
        if self.process and self.process.poll() is None:
            os.kill(self.leader, signal.SIGRTMIN + 4)  # systemd: power off
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                os.kill(self.leader, signal.SIGKILL)
                self.process.wait(20)
        self.process = None

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder)

    def try_run(self, *words, **how):
        into = ["nsenter", "-t", str(self.leader), "-m", "-u", "-i", "-n", "-p", "-r", "-w"]
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/root", **how.pop("environment", {})}
        return subprocess.run([*into, *(str(word) for word in words)], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env=environment, timeout=how.pop("timeout", 120), **how)

    def __call__(self, *words, **how):
        done = self.try_run(*words, **how)
        assert done.returncode == 0, (words, done.stdout)
        return done.stdout

    def write(self, path, text, mode=0o644):
        self("sh", "-c", 'mkdir -p "$(dirname "$0")"; cat >"$0"; chmod "$1" "$0"', path, oct(mode)[2:], input=text)

    def read(self, path):
        return self("cat", path)

    # The service

    def show(self, unit, what):
        return self("systemctl", "show", "--value", "--property", what, unit).strip()

    def status(self, *words):
        done = self.try_run("samsynk", *words, "--json", "status")
        return json.loads(done.stdout) if done.returncode == 0 else {}

    def journal(self, *words):
        return self("journalctl", "--no-pager", "--output=cat", *words)

    def drop_in(self, name, text, unit="samsynkd.service"):
        self.write(f"/etc/systemd/system/{unit}.d/{name}.conf", text)
        self("systemctl", "daemon-reload")

    def without_drop_in(self, name, unit="samsynkd.service"):
        self("rm", f"/etc/systemd/system/{unit}.d/{name}.conf")
        self("systemctl", "daemon-reload")
