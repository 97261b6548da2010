"""The packages, and a machine with them that all tests share, in the order in which they stand."""
import os
import shutil
import subprocess

import pytest
from machine import OUT, ROOT, Machine, make_root
from office import Office

TOOLS = {"mmdebstrap": "mmdebstrap", "systemd-nspawn": "systemd-container", "dh": "debhelper", "lintian": "lintian",
         "scdoc": "scdoc", "strace": "strace", "nsenter": "util-linux"}
EARLIER = "0.0.1"


def what_is_missing():
    if os.geteuid() != 0:
        return "a container is booted by root alone"
    missing = sorted(package for program, package in TOOLS.items() if not shutil.which(program))
    return f"missing: apt install {' '.join(missing)}" if missing else None


@pytest.fixture(scope="session", autouse=True)
def tools():
    missing = what_is_missing()
    if missing and os.environ.get("CI"):
        pytest.fail(f"CI skips nothing, but {missing}")
    if missing:
        pytest.skip(missing)


@pytest.fixture(scope="session")
def packages(tools):
    """The packages of these very sources."""
    built = subprocess.run(["nice", "-n", "10", ROOT / "dev", "package", "--if-changed", "--built"], text=True, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, timeout=2400)
    assert built.returncode == 0, built.stdout[-5000:]
    version = (ROOT / "CMakeLists.txt").read_text().split("project(samsynk VERSION ")[1].split()[0]
    return {name: next(OUT.glob(f"{name}_{version}_*.deb")) for name in ("samsynk", "samsynk-sandbox")}


def earlier(package, folder, conffile=None):
    """The same package with a version before it: what an upgrade begins from. Perhaps with a configuration of comments, as
    packages brought it once."""
    inside = folder / package.name
    subprocess.run(["dpkg-deb", "--raw-extract", package, inside], check=True)
    control = inside / "DEBIAN/control"
    lines = [f"Version: {EARLIER}" if line.startswith("Version:") else line for line in control.read_text().splitlines()]
    control.write_text("\n".join(lines) + "\n")
    if conffile:
        (inside / "etc/samsynk").mkdir(parents=True)
        (inside / "etc/samsynk/samsynk.yaml").write_text(conffile)
        (inside / "DEBIAN/conffiles").write_text("/etc/samsynk/samsynk.yaml\n")
    made = folder / f"{package.name.split('_')[0]}_{EARLIER}{'_comments' if conffile else ''}.deb"
    subprocess.run(["dpkg-deb", "-Znone", "--build", inside, made], check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(inside)
    return made


@pytest.fixture(scope="session")
def machine(packages, tmp_path_factory):
    folder = tmp_path_factory.mktemp("machine")
    one = Machine(folder, make_root(list(packages.values())))
    try:
        for package in packages.values():
            shutil.copy(package, one.root / "root" / f"{package.name.split('_')[0]}_new.deb")
            shutil.copy(earlier(package, folder), one.root / "root")
        shutil.copy(earlier(packages["samsynk"], folder, "# Samsynk is not configured yet.\n"), one.root / "root")
        one.boot()
        yield one
    finally:
        one.remove()


@pytest.fixture(scope="session")
def office(machine):
    return Office(machine)


@pytest.fixture
def since(machine):
    """Where in the journal this test begins, as words for journalctl."""
    return machine.journal_from_here()
