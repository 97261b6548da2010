"""A bare system, apt, and a first configuration."""
import stat

from machine import wait_for
from office import AKERIET, EKSTROM, LINDQVIST, NAMES

UNITS = ["samsynkd.socket", "samsynkd.service"]
EXAMPLE = "/usr/share/doc/samsynk/examples/samsynk.yaml"


def modes(machine, *paths):
    return {path: machine.text("stat", "--format=%a %U:%G", path).strip() for path in paths}


def test_apt_installs_it_with_what_it_needs(machine):
    assert not machine.exists("/usr/lib/x86_64-linux-gnu/libsoci_core.so.4.0")  # bare
    said = machine.text("apt-get", "install", "-qq", "/root/samsynk_0.0.1.deb", "/root/samsynk-sandbox_0.0.1.deb",
                        timeout=300)
    assert "rror" not in said
    assert machine.text("dpkg-query", "-Wf", "${Status} ${Version}", "samsynk") == "install ok installed 0.0.1"
    assert "samsynk" in machine.text("samsynk", "--version")
    assert "not found" not in machine.text("ldd", "/usr/bin/samsynkd")


def test_user_and_folders_are_made_with_the_right_modes(machine):
    user = machine.text("getent", "passwd", "samsynk").strip().split(":")
    assert user[5:] == ["/var/lib/samsynk", "/usr/sbin/nologin"] and int(user[2]) < 1000
    assert modes(machine, "/etc/samsynk", "/run/samsynk", "/var/lib/samsynk") == {
        "/etc/samsynk": "750 root:samsynk", "/run/samsynk": "755 samsynk:samsynk", "/var/lib/samsynk": "700 samsynk:samsynk"}


def test_before_it_is_configured_nothing_runs_and_nothing_fails(machine, office):
    assert machine.text("systemctl", "is-enabled", *UNITS).split() == ["enabled", "enabled"]
    assert not machine.exists("/etc/samsynk/samsynk.yaml")
    for _ in range(2):
        assert machine.run("systemctl", "is-active", *UNITS, check=False).stdout.split() == ["inactive", "inactive"]
        assert "samsynk" not in machine.text("systemctl", "--failed", "--no-legend", "--plain")
        machine.run("systemctl", "start", *UNITS)  # skipped
    said = office.samsynk("status", check=False)
    assert said.returncode == 5 and "not configured" in said.stdout, said.stdout
    for word in ("/etc/samsynk/samsynk.yaml", EXAMPLE, "systemctl start samsynkd"):
        assert word in said.stdout
    assert "inte inställt" in office.samsynk("status", check=False, language="sv_SE.UTF-8").stdout
    assert office.samsynk("check", check=False).returncode == 3


def test_the_example_is_a_configuration(office):
    checked = office.samsynk("config", "check", "--file-only", EXAMPLE, check=False)
    assert checked.returncode == 0, checked.stdout


def test_what_belongs_beside_it_is_there(machine):
    files = machine.text("dpkg-query", "-L", "samsynk", "samsynk-sandbox").splitlines()
    for part in ("man8/samsynkd.8.gz", "man1/samsynk.1.gz", "man5/samsynk.yaml.5.gz", "man7/samsynk-exec.7.gz",
                 "man7/samsynk-sql.7.gz", "man1/samsynk-sandbox.1.gz", "sv/man1/samsynk.1.gz",
                 "bash-completion/completions/samsynk", "zsh/vendor-completions/_samsynk",
                 "fish/vendor_completions.d/samsynk.fish", "mappings/gnucash.yaml", "locale/sv/LC_MESSAGES/samsynk.mo",
                 "catalog/samsynk.catalog", "catalog/samsynk.sv.catalog", "examples/samsynk.yaml",
                 "examples/drop-ins/books-elsewhere.conf", "examples/bridges/sqlite_bridge.py"):
        assert [file for file in files if file.endswith(part)], part
    assert "Usage" in machine.text("samsynk", "--help") and "Användning" in machine.text("samsynk", "--help", language="sv_SE.UTF-8")


def test_mistakes_are_named_and_a_start_is_not_tried_again(machine, office):
    office.open_online()
    for number in NAMES:
        office.add(number)
    office.lay_folder()
    office.lay_gnucash()
    office.lay_bridge()
    office.choose_online(True)
    for text, why in (("# Nothing but a comment.\n", "is empty"), ("service: {url: nonsense}\n", "https")):
        office.configure(text)
        assert machine.run("systemctl", "start", "samsynkd", check=False).returncode != 0
        assert why in machine.journal("--unit=samsynkd")
        assert [machine.shown("samsynkd.service", what) for what in ("ActiveState", "ExecMainStatus", "NRestarts")] == ["failed", "2", "0"]
    office.configure("# Nothing but a comment.\n")
    said = office.samsynk("status", check=False)
    assert said.returncode == 5 and "not configured" in said.stdout, said.stdout


def test_a_start_begins_in_earnest_and_all_three_connectors_sync(machine, office):
    office.configure()
    machine.run("systemctl", "reset-failed", "samsynkd.socket", "samsynkd.service", check=False)
    machine.run("systemctl", "start", "samsynkd")
    assert machine.text("systemctl", "is-active", *UNITS).split() == ["active", "active"]
    assert modes(machine, "/etc/samsynk/samsynk.yaml", "/var/log/samsynk", "/run/samsynk/control.sock") == {
        "/etc/samsynk/samsynk.yaml": "640 root:samsynk", "/var/log/samsynk": "750 samsynk:samsynk",
        "/run/samsynk/control.sock": "666 root:root"}
    office.samsynk("installation", "prepare", "gnucash", "--apply")
    office.samsynk("sync", check=False)
    states = lambda: {one["company"]: one["state"] for one in office.asked("companies")["companies"]}
    wait_for(lambda: states() == {LINDQVIST: "synced", EKSTROM: "synced", AKERIET: "synced"}, 30)
    office.everyone_has(True)
    wait_for(lambda: "3 companies: 3 in sync" in machine.shown("samsynkd.service", "StatusText"))


def test_what_people_choose_locally_reaches_the_service(machine, office):
    for number in NAMES:
        office.samsynk("set", number, "--send-all-invoices", "yes")
        wait_for(lambda: office.record(number)["send_all_invoices"] is True)
    office.everyone_has(True, "send_all_invoices")


def test_files_in_the_books_are_as_the_books_are(machine):
    folder = machine.root / "srv/spcs/Företag/Ekstrom"
    ours = folder / "samsynk"
    assert stat.filemode(ours.stat().st_mode) == "drwxrwsr-x" and ours.stat().st_gid == folder.stat().st_gid
    for file in ours.iterdir():
        assert stat.filemode(file.stat().st_mode) == "-rw-rw-r--" and file.stat().st_gid == folder.stat().st_gid, file


def test_who_may_do_what_is_told_by_who_asks(machine, office):
    machine.run("useradd", "-m", "-G", "samsynk", "anna")
    machine.run("useradd", "-m", "bo")
    assert machine.run("runuser", "-u", "anna", "--", "samsynk", "sync", check=False).returncode == 0
    assert machine.run("runuser", "-u", "bo", "--", "samsynk", "status", check=False).returncode == 4
    assert machine.run("runuser", "-u", "bo", "--", "cat", "/etc/samsynk/samsynk.yaml", check=False).returncode != 0
