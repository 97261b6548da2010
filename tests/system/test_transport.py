"""The way to the service as it really is: slow, packed, rationed, cut off. Nothing is lost, and one sentence tells."""
import base64
import contextlib
import gzip
import hashlib
import os
import pathlib
import resource
import shutil
import signal
import socket
import ssl
import subprocess
import time

import pytest

import fake_faults as faults
import fake_nonsense as nonsense
from conftest import BIN, LINDQVIST, wait_for
from contract_site import (CALLS, SIGN_IN, assert_in_step, certificates, error_of, fails_and_recovers,  # noqa: F401
                           make, run, two, two_companies)
from fake_certificates import openssl


def with_service(site, text):
    site.config.write_text(site.config.read_text().replace("service:\n", "service:\n" + text, 1))


def pin_of(certificate):
    text = subprocess.run(["openssl", "x509", "-in", certificate, "-noout", "-pubkey"], check=True, stdout=subprocess.PIPE).stdout
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "der"], input=text, check=True, stdout=subprocess.PIPE).stdout
    return "sha256/" + base64.b64encode(hashlib.sha256(der).digest()).decode()


def test_a_whole_sync_of_packed_answers(two):
    service, site = two
    for call in CALLS + SIGN_IN:
        if "changes" not in call:
            service.fault(call, nonsense.packed())
    run(site)
    assert_in_step(service, site)
    assert all(request.headers.get("Accept-Encoding") == "gzip" for request in service.requests)


@pytest.mark.parametrize("call", ["GET /v1/companies", "POST /v1/preferences"])
@pytest.mark.parametrize("how,words", [("bomb", "more than is allowed"), ("cut", "can't be unpacked"),
                                       ("unknown", "can't be unpacked")])
def test_an_answer_that_is_packed_badly(two, call, how, words):
    service, site = two
    bodies = {"bomb": gzip.compress(b" " * (64 << 20)), "cut": gzip.compress(b"{}")[:-3], "unknown": b"{}"}
    service.fault(call, nonsense.packed(bodies[how], "zstd" if how == "unknown" else "gzip"))
    fails_and_recovers(service, site, call, "bad_reply", words)


@pytest.mark.parametrize("call", ["GET /v1/companies", "POST /v1/preferences", SIGN_IN[1]])
def test_a_slow_drip_has_an_end(two, call):
    service, site = two
    with_service(site, "  reply_timeout: 2s\n")
    service.fault(call, nonsense.drip(0.1))
    began = time.monotonic()
    result = run(site, 5)
    assert time.monotonic() - began < 6
    assert error_of(result) == "service_unreachable"
    assert "so slowly" in result.stdout, result.stdout
    run(site)
    assert_in_step(service, site)


def test_a_gibibyte_is_refused_in_little_memory(two):
    service, site = two
    service.fault("GET /v1/companies", nonsense.endless())
    result = subprocess.run(["/usr/bin/python3", "-c", "import os, resource, sys\n"
                             "pid = os.spawnv(os.P_WAIT, sys.argv[1], sys.argv[1:])\n"
                             "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)",
                             BIN / "samsynkd", "--config", site.config, "--once"], text=True, timeout=60,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert "more than is allowed" in result.stdout
    limit = 80 if "asan" not in str(BIN) else 1000
    assert int(result.stdout.splitlines()[-1]) < limit, "MiB"
    run(site)
    assert_in_step(service, site)


def test_a_redirect_says_where_it_wanted_to_lead_to(two):
    service, site = two
    service.fault("GET /v1/companies", faults.redirect(302, "https://portal.example/in?token=hemligt"))
    result = run(site, 5)
    assert "wants to lead to https://portal.example/in." in result.stdout
    assert "hemligt" not in result.stdout + result.stderr
    run(site)


@pytest.mark.parametrize("good", [True, False])
def test_a_pinned_key(make, certificates, good):
    service, site = two_companies(*make())
    pin = pin_of(certificates.folder / ("ca.pem" if good else "stranger.pem"))
    with_service(site, f"  pins: [{pin}]\n")
    if good:
        run(site)
        assert_in_step(service, site)
        return
    result = run(site, 5)
    assert error_of(result) == "tls_failed"
    assert pin_of(certificates.folder / "good.pem") in result.stdout
    assert service.requests == []


def test_the_clock_or_the_certificate_is_off(make):
    _service, site = two_companies(*make("expired"))
    result = run(site, 5)
    assert error_of(result) == "tls_failed"
    assert "it ended at 2020-01-01T00:00:00Z, and the clock here shows 20" in result.stdout


@pytest.mark.parametrize("key,words", [("stranger.key", "is not the key of the certificate"), ("locked.key", "by a password")])
def test_a_key_that_does_not_fit_is_told_at_the_start(make, certificates, tmp_path, key, words):
    service, site = two_companies(*make())
    folder = certificates.folder
    if not (folder / "locked.key").exists():
        openssl(folder, "pkey", "-in", "good.key", "-aes256", "-passout", "pass:hemligt", "-out", "locked.key")
    with_service(site, f"  client_cert_file: {folder / 'good.pem'}\n  client_key_file: {folder / key}\n")
    result = site.once()
    assert result.returncode == 2
    assert words in result.stderr
    assert service.connections == 0
    assert not (site.folder / "state").exists(), "a wrong configuration touches nothing"


def test_a_black_hole_is_given_up_in_time_and_stopped_at_once(two):
    """A full queue drops what comes, as a firewall does."""
    service, site = two
    hole = socket.create_server(("127.0.0.1", 0), backlog=0)
    with contextlib.ExitStack() as stack:
        stack.callback(hole.close)
        for _ in range(3):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(hole.getsockname())
        text = site.config.read_text()
        site.config.write_text(text.replace(f"localhost:{service.port}", f"127.0.0.1:{hole.getsockname()[1]}"))
        with_service(site, "  connect_timeout: 1s\n")
        began = time.monotonic()
        result = run(site, 5)
        assert error_of(result) == "service_unreachable" and "did not answer in time" in result.stdout
        assert time.monotonic() - began < 5
        site.config.write_text(site.config.read_text().replace("connect_timeout: 1s", "connect_timeout: 2m"))
        site.start()
        wait_for(lambda: site.status().get("running") or site.status().get("phase"))
        assert stop_time(site) < 2
        site.config.write_text(text)
    run(site)
    assert_in_step(service, site)


def stop_time(site):
    began = time.monotonic()
    assert site.kill(signal.SIGTERM) == 0
    return time.monotonic() - began


NAMELESS = """
mount --bind {folder}/resolv.conf /etc/resolv.conf
ip link set lo up
/usr/bin/python3 -c 'import socket, time
one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); one.bind(("127.0.0.1", 53)); time.sleep(60)' &
deaf=$!
{daemon} --config {config} 2>{folder}/log & daemon=$!
sleep 2
began=$(date +%s%N)
kill -TERM $daemon
wait $daemon; code=$?
kill $deaf
echo "$code $(( ($(date +%s%N) - began) / 1000000 ))"
"""


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("unshare"), reason="needs a network of its own")
def test_a_name_server_that_hangs_does_not_hold_up_the_stop(two, tmp_path):
    _service, site = two
    (tmp_path / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:20 attempts:3\n")
    site.config.write_text(site.config.read_text().replace("https://localhost", "https://spiris.invalid"))
    script = NAMELESS.format(folder=tmp_path, daemon=BIN / "samsynkd", config=site.config)
    result = subprocess.run(["unshare", "-nm", "bash", "-c", script], text=True, timeout=60, stdout=subprocess.PIPE)
    code, milliseconds = map(int, result.stdout.split()[-2:])
    assert code == 0
    assert milliseconds < 2000, (tmp_path / "log").read_text()


@pytest.mark.parametrize("call", ["GET /v1/companies", SIGN_IN[1]])
def test_what_the_service_asked_for_is_obeyed_after_a_reload_too(two, call):
    service, site = two
    service.fault(call, faults.refuse(503, Retry_After="3000"))
    site.start()
    assert site.wait_for_run()["outcome"] == "failed"
    before = len(service.requests)
    site.process.send_signal(signal.SIGHUP)
    wait_for(lambda: "config.reloaded" in (site.folder / "log").read_text())
    time.sleep(1)
    assert len(service.requests) == before
    assert site.sync()["outcome"] == "completed", "a person need not wait"
    assert_in_step(service, site)
