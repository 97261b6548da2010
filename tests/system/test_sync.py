"""The main job, end to end, with the real programs."""
import json
import os
import signal
import socket
import subprocess

from conftest import AKERIET, EKSTROM, LINDQVIST, wait_for


def three_companies(office, site):
    office.add_active(LINDQVIST, "Lindqvist Bygg AB", receive_invoices="yes")
    office.add_active(EKSTROM, "Ekströms Måleri AB")
    office.add_active(AKERIET, "Åkeriet AB")
    site.lay("Lindqvist", LINDQVIST, "Lindqvist Bygg AB")
    site.lay("Ekström", EKSTROM, "Ekströms Måleri AB")
    site.lay("Åkeriet", AKERIET, "Åkeriet AB")
    site.choose("Ekström", "# eget\nsend_all_invoices: true\n")


def test_first_sync_carries_choices_both_ways(office, site):
    three_companies(office, site)
    result = site.once()
    assert result.returncode == 0, result.stdout + result.stderr
    assert "receive_invoices: true" in site.file("Lindqvist", "preferences.yaml")
    assert office.record(EKSTROM)["preferences"]["send_all_invoices"] is True
    assert site.file("Ekström", "preferences.yaml").startswith("# eget\n")
    assert "state: active" in site.file("Åkeriet", "collaboration.yaml")


def test_nothing_to_do_is_three_requests_and_no_write(office, site):
    three_companies(office, site)
    site.once()
    site.once()  # hears of its own push in the change feed
    before = {path: path.stat().st_mtime_ns for path in site.books.rglob("*")}
    database = {path: path.stat().st_mtime_ns for path in (site.folder / "state").glob("state.db")}
    result = site.once()
    assert result.returncode == 0
    assert "0 changes" in result.stdout
    assert {path: path.stat().st_mtime_ns for path in site.books.rglob("*")} == before
    assert {path: path.stat().st_mtime_ns for path in (site.folder / "state").glob("state.db")} == database
    completed = [json.loads(line) for line in result.stderr.splitlines() if '"run.completed"' in line]
    assert int(completed[0]["fields"]["requests"]) <= 3


def test_a_dry_run_changes_nothing(office, site):
    three_companies(office, site)
    result = site.once("--dry-run")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "receive_invoices not chosen -> true" in result.stdout
    assert site.file("Lindqvist", "preferences.yaml") == ""
    assert office.record(EKSTROM)["preferences"]["send_all_invoices"] is None
    assert not (site.folder / "state").exists()


def test_each_broken_company_is_reported_and_the_others_sync(office, site):
    three_companies(office, site)
    site.lay("Platshållare", "5555555555", "Övning")
    site.lay("Okänd", "5560125790", "Okänd AB")
    site.lay("Kopia A", "5560427220", "Kopia")
    site.lay("Kopia B", "5560427220", "Kopia")
    result = site.once()
    assert result.returncode == 1
    for reason in ("for practising", "not among the online account", "stands both in"):
        assert reason in result.stdout
    assert "receive_invoices: true" in site.file("Lindqvist", "preferences.yaml")


def test_choices_over_the_socket_and_online(office, site):
    three_companies(office, site)
    site.start().wait_for_run()
    shown = site.command("set", LINDQVIST, "--send-all-invoices", "yes")
    assert shown.returncode == 0, shown.stdout
    assert office.record(LINDQVIST)["preferences"]["send_all_invoices"] is True
    office.choose(LINDQVIST, send_all_invoices="no")
    run = site.sync()
    assert [change["kind"] for change in run["changes"] if change["preference"]] == ["to_local"]
    assert "send_all_invoices: false" in site.file("Lindqvist", "preferences.yaml")


def test_service_down_then_up(office, site):
    three_companies(office, site)
    office.stop()
    site.start().wait_for_run()
    assert site.status()["service"]["state"] == "failing"
    assert site.sync()["error"]["code"] == "service_unreachable"
    office.start()
    assert site.sync()["outcome"] == "completed"
    assert "receive_invoices: true" in site.file("Lindqvist", "preferences.yaml")


def test_kill_in_the_middle_and_on_again(office, site):
    office("bulk", "300", "--receive-invoices", "yes")
    numbers = [json.loads(line)["company"] for line in office("show").splitlines()]
    for index, number in enumerate(numbers):
        site.lay(f"bolag{index}", number, f"Bolag {index}")
        site.choose(f"bolag{index}", "send_all_invoices: true\n")
    for _ in range(6):
        site.start()
        site.kill()
    assert site.once().returncode == 0
    for index in range(len(numbers)):
        assert "receive_invoices: true" in site.file(f"bolag{index}", "preferences.yaml")
    records = [json.loads(line) for line in office("show").splitlines()]
    assert all(record["preferences"]["send_all_invoices"] is True for record in records)
    assert len({record["version"] for record in records}) == 1, "each change was made once"


def test_a_restored_service_is_read_anew(office, site):
    three_companies(office, site)
    site.once()
    office("restore")
    assert site.once().returncode == 0
    office.choose(AKERIET, receive_invoices="yes")
    assert site.once().returncode == 0
    assert "receive_invoices: true" in site.file("Åkeriet", "preferences.yaml")


def test_what_a_restore_set_back_is_held_until_someone_decides(office, site):
    three_companies(office, site)
    site.once()
    office("restore")
    office.choose(LINDQVIST, receive_invoices="no")
    site.start().wait_for_run()
    assert site.status()["counts"]["held"] == 1
    assert "receive_invoices: true" in site.file("Lindqvist", "preferences.yaml")
    held = json.loads(site.command("held").stdout)["held"]
    assert [(hold["kind"], hold["count"]) for hold in held] == [("service_restored", 1)]
    assert site.command("approve", held[0]["id"]).returncode == 2, "it must be said whose choices are taken"
    answered = site.command("approve", held[0]["id"], "--take", "local")
    assert answered.returncode == 0, answered.stdout
    assert office.record(LINDQVIST)["preferences"]["receive_invoices"] is True
    assert site.command("held").returncode == 0
    assert site.command("approve", held[0]["id"], "--take", "local").returncode == 2


def test_a_mass_flip_is_held_and_approved(office, site):
    office("bulk", "30", "--receive-invoices", "yes")
    numbers = [json.loads(line)["company"] for line in office("show").splitlines()]
    for index, number in enumerate(numbers):
        site.lay(f"bolag{index}", number, f"Bolag {index}")
    assert site.once().returncode == 0
    for number in numbers[:20]:
        office.choose(number, receive_invoices="no")
    office.choose(numbers[25], send_all_invoices="yes")
    site.start().wait_for_run()
    assert site.status()["counts"]["held"] == 20
    assert "send_all_invoices: true" in site.file("bolag25", "preferences.yaml"), "everything else goes on"
    hold = json.loads(site.command("held").stdout)["held"][0]
    assert (hold["kind"], hold["planned"], hold["count"]) == ("mass_change", "online", 20)
    site.kill()
    site.start().wait_for_run()
    assert json.loads(site.command("held").stdout)["held"][0]["id"] == hold["id"]
    assert site.command("approve", hold["id"], "--take", "local").returncode == 2
    assert site.command("approve", hold["id"]).returncode == 0
    assert all("receive_invoices: false" in site.file(f"bolag{index}", "preferences.yaml") for index in range(20))


def test_another_folder_in_its_place_is_offline_and_not_empty(office, site):
    three_companies(office, site)
    assert site.once().returncode == 0
    mark = site.books / ".samsynk-installation"
    text = mark.read_text()
    mark.unlink()
    office.choose(LINDQVIST, receive_invoices="no")
    result = site.once()
    assert result.returncode == 1
    assert ".samsynk-installation" in result.stdout and '"installation.offline"' in result.stderr
    assert "receive_invoices: true" in site.file("Lindqvist", "preferences.yaml")
    mark.write_text(text.splitlines()[0] + "\n")
    assert site.once().returncode == 0
    assert "receive_invoices: false" in site.file("Lindqvist", "preferences.yaml")


def test_an_unverified_certificate_is_refused(office, site, tmp_path):
    three_companies(office, site)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                    tmp_path / "k", "-out", tmp_path / "other.pem", "-subj", "/CN=other"], check=True, stderr=subprocess.DEVNULL)
    site.configure(ca_file=tmp_path / "other.pem")
    result = site.once()
    assert result.returncode == 5
    assert "could not prove who it is" in result.stdout
    assert site.file("Lindqvist", "preferences.yaml") == ""


def test_a_bad_configuration_is_refused_with_its_line(site):
    site.config.write_text("service:\n  url: http://localhost\n")
    result = site.once()
    assert result.returncode == 2
    assert f"{site.config}:2: " in result.stderr
    assert not (site.folder / "state").exists()


def test_curl_and_malformed_requests(office, site):
    three_companies(office, site)
    site.start().wait_for_run()
    curl = ["curl", "-sS", "--unix-socket", site.socket]
    lines = subprocess.run([*curl, "-H", "Accept: application/x-ndjson", "-d", "{}", "http://localhost/v1/sync"], text=True,
                           stdout=subprocess.PIPE, check=True).stdout.splitlines()
    assert json.loads(lines[-1])["event"] == "result"
    assert any(json.loads(line)["event"] == "run.progress" for line in lines)
    for body, path, status in (("{", "/v1/sync", "400"), ('{"x":1}', "/v1/sync", "400"), ("", "/v1/nothing", "404")):
        words = [*curl, "-o", "/dev/null", "-w", "%{http_code} %{content_type}"] + (["-d", body] if body else [])
        out = subprocess.run([*words, f"http://localhost{path}"], text=True, stdout=subprocess.PIPE, check=True).stdout
        assert out == f"{status} application/problem+json"
    with socket.socket(socket.AF_UNIX) as raw:
        raw.connect(str(site.socket))
        raw.sendall(b"NONSENSE\r\n\r\n")
        assert raw.recv(4096).startswith(b"HTTP/1.1 400 ")
    assert os.stat(site.socket).st_mode & 0o777 == 0o666


def test_reload_keeps_the_old_configuration_where_the_new_one_is_bad(office, site):
    three_companies(office, site)
    site.start().wait_for_run()
    site.config.write_text("nonsense: 1\n")
    site.process.send_signal(signal.SIGHUP)
    wait_for(lambda: "config.refused" in (site.folder / "log").read_text())
    assert site.sync()["outcome"] == "completed"
    assert site.kill(signal.SIGTERM) == 0
    assert not site.socket.exists()
