"""A whole Debian, of the release that runs here, that is made, booted, spoken to and taken down: a container in which systemd is the first process."""
import hashlib
import json
import os
import pathlib
import platform
import shutil
import signal
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / "build/package"
# What is there beside a bare system: what a bridge is written in, and what tells of the system in Swedish.
INCLUDE = "systemd,systemd-sysv,dbus,python3"


def wait_for(what, seconds=30, pause=0.1):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = what()
        if found:
            return found
        time.sleep(pause)
    raise AssertionError(f"waited in vain for {getattr(what, '__doc__', None) or what}")


def depends(package):
    return subprocess.run(["dpkg-deb", "-f", package, "Depends", "Recommends"], check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def make_root(packages):
    """An archive of a bare system that has what the packages need ready for apt, but not installed; made once."""
    # Their names and needs, not their content: most changes leave it as it is.
    key = hashlib.sha256("".join([INCLUDE, *(depends(one) for one in packages)]).encode()).hexdigest()[:12]
    archive = OUT / f"root-{key}.tar"
    if archive.exists():
        return archive
    for old in OUT.glob("root-*.tar*"):
        old.unlink()
    made = OUT / f"unfinished-{archive.name}"
    sources = [path for path in (*pathlib.Path("/etc/apt/sources.list.d").glob("*.sources"),
                                 pathlib.Path("/etc/apt/sources.list")) if path.exists() and path.stat().st_size]
    files = " ".join(str(one) for one in packages)
    subprocess.run(["mmdebstrap", "--variant=minbase", f"--include={INCLUDE}", "--skip=cleanup/apt", "--quiet",
                    "--dpkgopt=force-unsafe-io", '--aptopt=Acquire::Languages "none"',
                    f"--customize-hook=copy-in {files} /root",
                    "--customize-hook=chroot \"$1\" sh -c 'apt-get install -qq -o APT::Install-Recommends=true --download-only /root/*.deb && rm /root/*.deb && rm -f /etc/apt/apt.conf.d/99mmdebstrap'",
                    # Its name is all that programs ask of a locale here; its real content would be a package more.
                    '--customize-hook=cp -a "$1/usr/lib/locale/C.utf8" "$1/usr/lib/locale/sv_SE.utf8"',
                    platform.freedesktop_os_release()["VERSION_CODENAME"], made, *sources], check=True, timeout=1200)
    made.rename(archive)
    return archive


class Machine:
    def __init__(self, folder, archive):
        self.root, self.log, self.nspawn, self.leader = folder / "root", folder / "console", None, None
        self.root.mkdir()
        subprocess.run(["tar", "-xf", archive, "-C", self.root], check=True, timeout=300)
        (self.root / "etc/hosts").write_text("127.0.0.1 localhost samsynk-test\n::1 localhost\n")
        (self.root / "etc/hostname").write_text("samsynk-test\n")

    def boot(self):
        self.nspawn = subprocess.Popen(
            ["systemd-nspawn", "--quiet", "-D", self.root, "--register=no", "--keep-unit", "--boot", "--private-network",
             f"--machine=samsynk-test-{os.getpid()}"], stdin=subprocess.DEVNULL, stdout=open(self.log, "a"),
            stderr=subprocess.STDOUT)
        self.leader = wait_for(self._first_process, 60)
        wait_for(lambda: self.run("systemctl", "is-system-running", check=False).stdout.strip() in ("running", "degraded"), 90)

    def _first_process(self):
        if self.nspawn.poll() is not None:
            raise AssertionError("systemd-nspawn ended: " + self.log.read_text()[-2000:])
        for name in os.listdir("/proc"):
            try:
                status = dict(line.split(":", 1) for line in (pathlib.Path("/proc") / name / "status").read_text().splitlines())
                if int(status["PPid"]) == self.nspawn.pid and status["NSpid"].split()[1:] == ["1"]:
                    return int(name)
            except (OSError, KeyError, ValueError):
                continue
        return None

    def run(self, *words, check=True, language="C.UTF-8", given=None, timeout=60):
        """Runs a command inside, and gives back what came of it; both outputs in one."""
        done = subprocess.run(["nsenter", "--target", str(self.leader), "--all", "--wdns=/", "env", "-i",
                               "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", f"LANG={language}", "SYSTEMD_PAGER=cat",
                               "DEBIAN_FRONTEND=noninteractive", *(str(word) for word in words)],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=None if given else subprocess.DEVNULL,
                              input=given, text=True, timeout=timeout)
        if check and done.returncode:
            raise AssertionError(f"{' '.join(map(str, words))} ended with {done.returncode}:\n{done.stdout}")
        return done

    def text(self, *words, **more):
        return self.run(*words, **more).stdout

    def process(self, unit="samsynkd.service"):
        """The number that a unit's main process has inside."""
        return int(self.shown(unit, "MainPID"))

    def outside(self, number):
        """The number that a process inside has on this machine."""
        ours = os.readlink(f"/proc/{self.leader}/ns/pid")
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                if os.readlink(f"/proc/{name}/ns/pid") != ours:
                    continue
                for line in (pathlib.Path("/proc") / name / "status").read_text().splitlines():
                    if line.startswith("NSpid:") and line.split()[-1] == str(number):
                        return int(name)
            except OSError:
                continue
        raise AssertionError(f"there is no process {number} inside")

    def signal(self, number, which):
        os.kill(self.outside(number), which)

    def shown(self, unit, what):
        return self.text("systemctl", "show", "--value", f"--property={what}", unit).strip()

    def write(self, path, text, mode=0o644):
        file = self.root / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(mode)

    def read(self, path):
        return (self.root / path.lstrip("/")).read_text()

    def exists(self, path):
        return os.path.lexists(self.root / path.lstrip("/"))

    def drop_in(self, text, unit="samsynkd.service", name="test.conf"):
        """Text for a unit; empty: none any more."""
        path = f"/etc/systemd/system/{unit}.d/{name}"
        if text:
            self.write(path, text)
        else:
            (self.root / path.lstrip("/")).unlink(missing_ok=True)
        self.run("systemctl", "daemon-reload")

    def journal(self, *words):
        """What the daemon and its manager said, a line a message."""
        return self.text("journalctl", "--quiet", "--output=cat", "--no-hostname", *words)

    def journal_from_here(self):
        """Words for journalctl: only what comes from now on."""
        self.run("journalctl", "--sync")
        last = json.loads(self.text("journalctl", "--quiet", "--lines=1", "--output=json"))
        # Not --after-cursor, which leaves out an entry where the last one does not fit what else is asked for.
        after = int(last["__REALTIME_TIMESTAMP"]) + 1
        return [f"--since=@{after // 1000000}.{after % 1000000:06}"]

    def reboot(self):
        self.power_off()
        self.boot()

    def power_off(self):
        if not self.nspawn:
            return
        if self.leader and self.nspawn.poll() is None:
            os.kill(self.leader, signal.SIGRTMIN + 4)  # what systemd takes for `systemctl poweroff`
        try:
            self.nspawn.wait(timeout=90)
        except subprocess.TimeoutExpired:
            self.nspawn.kill()
            self.nspawn.wait()
        self.nspawn = self.leader = None

    def remove(self):
        try:
            self.power_off()
        finally:
            shutil.rmtree(self.root, ignore_errors=True)
