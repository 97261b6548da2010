"""An upgrade, a restart of the machine, and the end."""
from machine import wait_for
from office import EKSTROM, NAMES


def test_an_upgrade_restarts_all_of_them_and_keeps_what_is_remembered(machine, office):
    machine.write("/root/asked.sh", "for i in $(seq 40); do samsynk status >/dev/null || echo refused; sleep 0.2; done")
    before = {unit: machine.process(unit) for unit in ("samsynkd.service", "samsynkd@norr.service")}
    marks = machine.text("stat", "-c%i", "/var/lib/samsynk/state.db", "/etc/samsynk/samsynk.yaml")
    runs = office.asked("history")["runs"]
    asking = machine.text("systemd-run", "--quiet", "--unit=asking", "sh", "/root/asked.sh")
    assert "rror" not in asking
    said = machine.text("apt-get", "install", "-qq", "/root/samsynk_new.deb", "/root/samsynk-sandbox_new.deb",
                        timeout=300)
    assert "rror" not in said
    for unit, number in before.items():
        wait_for(lambda: machine.process(unit) not in (0, number))
        assert machine.shown(unit, "ActiveState") == "active"
    assert machine.text("stat", "-c%i", "/var/lib/samsynk/state.db", "/etc/samsynk/samsynk.yaml") == marks
    assert office.samsynk("sync").returncode == 0
    assert [run["run"] for run in runs] == [run["run"] for run in office.asked("history")["runs"]][-len(runs):]
    assert office.asked("held")["held"] == []
    wait_for(lambda: machine.shown("asking.service", "ActiveState") != "active", 60)
    assert "refused" not in machine.journal("--unit=asking")


def test_after_a_restart_of_the_machine_it_is_there_by_itself(machine, office):
    machine.reboot()
    wait_for(lambda: machine.shown("samsynkd.service", "ActiveState") == "active")
    wait_for(lambda: machine.shown("samsynkd@norr.service", "ActiveState") == "active")
    office.choose_online(False)
    office.everyone_has(False)
    office.choose_online(True, numbers=[EKSTROM])
    wait_for(lambda: office.local_choice(EKSTROM) is True)
    wait_for(lambda: office.samsynk("check", check=False).stdout.startswith("SAMSYNK OK"))


def test_removed_it_stops_and_keeps_configuration_and_state(machine):
    machine.run("dpkg", "--remove", "samsynk", "samsynk-sandbox", timeout=120)
    assert machine.run("systemctl", "is-active", "samsynkd.service", "samsynkd.socket", "samsynkd@norr.service",
                       "samsynkd@norr.socket", check=False).stdout.split() == ["inactive"] * 4
    for path in ("/etc/samsynk/samsynk.yaml", "/etc/samsynk/norr.yaml", "/var/lib/samsynk/state.db"):
        assert machine.exists(path), path
    for path in ("/usr/bin/samsynkd", "/lib/systemd/system/samsynkd.service", "/usr/share/samsynk"):
        assert not machine.exists(path), path


def test_installed_again_it_goes_on_where_it_was(machine, office):
    machine.run("apt-get", "install", "-qq", "/root/samsynk_new.deb", timeout=300)
    wait_for(lambda: machine.shown("samsynkd.service", "ActiveState") == "active")
    assert {one["company"] for one in office.asked("companies")["companies"]} == set(NAMES)


def test_purged_it_leaves_the_user_and_the_books(machine):
    machine.run("dpkg", "--purge", "samsynk", timeout=120)
    for path in ("/etc/samsynk", "/var/lib/samsynk", "/var/log/samsynk"):
        assert not machine.exists(path), path
    assert machine.run("getent", "passwd", "samsynk").returncode == 0
    assert machine.exists("/srv/spcs/Företag/Ekstrom/samsynk/preferences.yaml")
    left = machine.text("find", "/etc/systemd", "/lib/systemd", "/usr/lib/systemd", "/run/systemd/units", "-name", "*samsynk*",
                        "-not", "-name", "*.service.d")
    assert left == "", left
    assert "samsynk" not in machine.text("systemctl", "--failed", "--no-legend", "--plain")


def test_a_configuration_of_comments_alone_goes_with_an_upgrade(machine):
    for configuration in (None, "# Mine.\n"):
        machine.run("apt-get", "install", "-qq", "--allow-downgrades", "/root/samsynk_0.0.1_comments.deb", timeout=300)
        assert machine.read("/etc/samsynk/samsynk.yaml").startswith("# Samsynk is not configured yet.")
        if configuration:
            machine.write("/etc/samsynk/samsynk.yaml", configuration)
        machine.run("apt-get", "install", "-qq", "/root/samsynk_new.deb", timeout=300)
        assert machine.exists("/etc/samsynk/samsynk.yaml") == bool(configuration), "what someone wrote stays"
        assert machine.shown("samsynkd.service", "ActiveState") != "active"
        if not configuration:
            assert machine.run("systemctl", "is-active", "samsynkd.socket", check=False).stdout.strip() == "inactive"
        machine.run("dpkg", "--purge", "samsynk", timeout=120)
