"""One machine for all tests of the package, which follow on each other as its life does."""
import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

from machine import BASE, PACKAGES, ROOT, Machine, make_base, run

LACKING = [tool for tool in ("mmdebstrap", "systemd-nspawn", "dpkg-buildpackage", "lintian", "nsenter") if not shutil.which(tool)]
WHY_NOT = "only root can boot a machine" if os.geteuid() else f"{', '.join(LACKING)} not installed" if LACKING else ""


def version():
    return next(line.split()[2] for line in (ROOT / "CMakeLists.txt").read_text().splitlines() if line.startswith("project(samsynk VERSION"))


def repack(package, number, folder):
    """The same package as an earlier version."""
    run("dpkg-deb", "--raw-extract", package, folder)
    control = folder / "DEBIAN/control"
    control.write_text(control.read_text().replace(f"Version: {version()}", f"Version: {number}"))
    earlier = PACKAGES / package.name.replace(version(), number)
    run("dpkg-deb", "--build", "--root-owner-group", folder, earlier)
    return earlier


@pytest.fixture(scope="session")
def packages():
    if WHY_NOT:
        assert "CI" not in os.environ, WHY_NOT
        pytest.skip(WHY_NOT)
    if "SAMSYNK_PACKAGES_ARE_BUILT" not in os.environ:
        subprocess.run([ROOT / "dev", "package"], check=True, stdout=subprocess.DEVNULL)
    return {name: next(PACKAGES.glob(f"{name}_{version()}_*.deb")) for name in ("samsynk", "samsynk-sandbox")}


@pytest.fixture(scope="session")
def machine(packages):
    make_base(packages.values())
    with tempfile.TemporaryDirectory(dir=PACKAGES, prefix="machine-") as folder:
        repack(packages["samsynk"], "0.0.9", pathlib.Path(folder) / "earlier")
        one = Machine(pathlib.Path(folder) / "root")
        one.boot()
        yield one
        one.remove()
