"""The online service or the identity provider is an enemy: it names hosts that are none, tells without end, and repeats
what it was sent."""
import itertools
import json
import time

import pytest

import fake_faults as faults
from conftest import BIN
from contract_site import assert_in_step, certificates, make, run, two, valid_number  # noqa: F401

DISCOVERY, LIST = "GET /.well-known/openid-configuration", "GET /v1/companies"
MOST_MEMORY = 200 if "asan" not in str(BIN) else 2000  # MiB
HOSTS = ["a%0d%0aX-Injected:%201", "a%00.example", "a%20b", "[fe80::1%25eth0]", "a_b.example", "-a.example", "a..example", "a@b%0a",
         "1.2.3.4.5", "0x7f000001", "2130706433", "localhost%0d%0a", "a%2f..", "xn--%80", "å.example", "a" * 300 + ".example", ""]


@pytest.mark.parametrize("host", HOSTS)
def test_a_token_is_asked_for_of_no_host_that_is_none(two, host):
    service, site = two
    for name in ("token_endpoint", "revocation_endpoint", "device_authorization_endpoint"):
        service.plan.end()
        service.fault(DISCOVERY, faults.with_field(name, f"https://{host}:{service.port}/x"), times=0)
        result = site.once()
        if name == "token_endpoint":
            assert result.returncode == 5, result.stdout
        assert "Injected" not in result.stdout.replace(host, "") and service.violations == []
        assert "\r" not in result.stdout and "\x00" not in result.stdout
    service.plan.end()
    assert site.once().returncode == 0


def peak(site):
    for line in open(f"/proc/{site.process.pid}/status"):
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    return 0


def without_end(service, kind):
    """Each page of the list names another one after it."""
    account, turn = service.account, itertools.count()
    record = json.loads(json.dumps(next(iter(account.records.values()))))

    def page(_after):
        number = next(turn)
        items = {"empty": [], "the same": [record], "ever new": [
            {**record, "company": valid_number((500 * number + at) % 100000), "name": "Ö" * 400} for at in range(500)]}[kind]
        return {"items": items, "next": f"page-{number}", "epoch": account.epoch, "cursor": "c"}
    return page


@pytest.mark.parametrize("kind", ["empty", "the same", "ever new"])
def test_a_list_without_end_comes_to_one(two, kind):
    service, site = two
    well, service.account.list = service.account.list, without_end(service, kind)
    site.start()
    began = time.monotonic()
    if kind == "empty":
        assert site.wait_for_run()["outcome"] == "failed"
    while time.monotonic() - began < 10:
        assert peak(site) < MOST_MEMORY
        assert site.command("status").returncode == 0, "it answers meanwhile"
        time.sleep(0.2)
    assert len(service.seen(LIST)) > (1 if kind == "empty" else 5)
    service.account.list = well
    site.kill()
    run(site)
    assert_in_step(service, site)


@pytest.mark.parametrize("name", ["x" * 100_000, "\u202eLTD", "\x1b]0;owned\x07", "<script>alert(1)</script>", "a\nb\rc\x00d", "\U000e0041" * 50])
def test_a_name_harms_nobody(two, name):
    service, site = two
    service.fault(LIST, faults.with_field("name", name), times=0)
    site.start().wait_for_run()
    for words in (["companies"], ["status"], ["show", "5560160680"]):
        said = site.command(*words).stdout
        assert len(said) < 50_000
        assert not any(c in said for c in "\u202e\x1b\x07\x00\r\U000e0041"), said
    assert peak(site) < MOST_MEMORY
    service.plan.end()


@pytest.mark.parametrize("call,status", [(LIST, 500), (LIST, 403), ("POST /v1/preferences", 422), ("PUT /v1/installations", 400),
                                         ("POST /v1/preferences", 500)])
def test_what_it_repeats_is_not_repeated(two, call, status):
    service, site = two
    site.config.write_text(site.config.read_text().replace("format: json", "format: json, level: debug"))
    service.fault(call, faults.repeat_token(status), times=0)
    result = site.once()
    assert result.returncode != 0
    assert service.tokens and all(token not in result.stdout + result.stderr for token in service.tokens)
    assert "you sent" not in result.stdout + result.stderr
    service.plan.end()
