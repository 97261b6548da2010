"""The way to the service or what it answers is bad, and stays so for a while. The running daemon says it once, in a
sentence that tells what happened, to whom, and what to do; it stays small; and when it is over, nothing is lost."""
import contextlib
import gzip
import json
import os
import ssl
import signal
import subprocess
import time

import pytest

import fake_faults as faults
import fake_names
import fake_nonsense as nonsense
from conftest import BIN, EKSTROM, LINDQVIST, wait_for
from contract_site import PAGE, certificates, make, two_companies  # noqa: F401
from test_transport import pin_of, with_service

LIST, PUSH, DISCOVERY, TOKEN = ("GET /v1/companies", "POST /v1/preferences", "GET /.well-known/openid-configuration",
                                "POST /in%C3%A5t/token")
MOST_MEMORY = 80 if "asan" not in str(BIN) else 1000  # MiB
HERE = "localhost:{port}"


def answers(fault, call=LIST):
    """A fault at a call, for as long as the trouble lasts."""
    @contextlib.contextmanager
    def trouble(service, _site, _folder):
        service.fault(call, fault(), times=0)
        yield
        service.plan.end()
    return trouble


def shows(name):
    """Another certificate than it should."""
    return lambda service, _site, folder: service.speaks(name and service.context((folder / f"{name}.pem", folder / f"{name}.key"), None))


def old_tls(service, _site, folder):
    return service.speaks(service.context((folder / "good.pem", folder / "good.key"), ssl.TLSVersion.TLSv1_1))


def away(service, _site, _folder):
    return service.away()


def swallowed(service, _site, _folder):
    return service.swallowed()


@contextlib.contextmanager
def other_pin(_service, site, folder):
    """Pinned is a key that the service does not have; the administrator corrects it."""
    right, wrong = pin_of(folder / "good.pem"), pin_of(folder / "stranger.pem")
    with_service(site, f"  pins: ['{wrong}']\n")
    yield
    site.config.write_text(site.config.read_text().replace(wrong, right))
    site.process.send_signal(signal.SIGHUP)
    wait_for(lambda: named(log_of(site), "config.reloaded"))


@contextlib.contextmanager
def unknown_client(service, site, _folder):
    file = service.data / "client_secret"
    right = file.read_text()
    file.write_text("fel\n")
    yield
    file.write_text(right)


# What goes wrong, the code of the run, and words that must be in what is said: what happened, to whom, what to do.
SECRET = ["client_secret", "new secret"]
LASTING = {
    "expired": (shows("expired"), "tls_failed", [HERE, "has expired", "ended at 2020-01-01", "Nothing was sent", "If the clock is right"]),
    "not yet valid": (shows("not_yet"), "tls_failed", [HERE, "not yet valid", "begins at 2048", "Set the clock"]),
    "self-signed": (shows("stranger"), "tls_failed", [HERE, "self-signed", "Nothing was sent", "ca_file"]),
    "another host's": (shows("other_name"), "tls_failed", [HERE, "ostname mismatch", "Nothing was sent", "the address"]),
    "another key than pinned": (other_pin, "tls_failed", [HERE, "service.pins", "add sha256/", "Nothing was sent"]),
    "TLS 1.1": (old_tls, "tls_failed", [HERE, "no safe way", "TLS 1.2", "check the address"]),
    "no TLS": (shows(None), "tls_failed", [HERE, "no safe way", "check the address", "proxy"]),
    "refused": (away, "service_unreachable", [HERE, "Connection refused", "tried again", "firewall"]),
    "black hole": (swallowed, "service_unreachable", [HERE, "did not answer in time", "tried again", "firewall"]),
    "drip": (answers(lambda: nonsense.drip(0.05)), "service_unreachable", [HERE, "so slowly", "tried again"]),
    "drip in the head": (answers(lambda: nonsense.drip_head(0.05)), "service_unreachable", [HERE, "so slowly", "tried again"]),
    "silence": (answers(faults.stall_undone), "service_unreachable", [HERE, "did not answer in time", "tried again"]),
    "reset in the handshake": (answers(faults.hang_up, "CONNECT"), "service_unreachable", [HERE, "reset", "tried again"]),
    "reset": (answers(lambda: nonsense.reset_at(0)), "service_unreachable", [HERE, "reset", "tried again"]),
    "reset in the head": (answers(lambda: nonsense.reset_at(50)), "service_unreachable", [HERE, "reset", "tried again"]),
    "cut without close_notify": (answers(nonsense.cut_by_stranger), "bad_reply", [HERE, "half-way", "tried again"]),
    "half a body": (answers(nonsense.half_body), "bad_reply", [HERE, "half-way", "tried again"]),
    "a gibibyte": (answers(nonsense.endless), "bad_reply", [HERE, "more than is allowed", "Check the address"]),
    "many headers": (answers(nonsense.many_heads), "bad_reply", [HERE, "more than is allowed", "Check the address"]),
    "one huge header": (answers(nonsense.oversized_head), "bad_reply", [HERE, "more than is allowed", "Check the address"]),
    "hints without end": (answers(nonsense.hints_without_end), "bad_reply", [HERE, "as a web service does", "Check the address"]),
    "wrong type": (answers(lambda: nonsense.other_body(None, "text/plain")), "bad_reply", [HERE, "text/plain instead of JSON", "proxy"]),
    "captive portal": (answers(lambda: nonsense.other_body(PAGE, "text/html")), "bad_reply", [HERE, "text/html instead of JSON", "sign-in page"]),
    "led to a portal": (answers(lambda: faults.redirect(302, "https://portal.example/in?x=hemligt")), "service_error",
                        [HERE, "302", "https://portal.example/in.", "sign-in page"]),
    "bad gzip": (answers(lambda: nonsense.packed(gzip.compress(b"{}")[:-3])), "bad_reply", [HERE, "can't be unpacked", "tried again"]),
    "gzip bomb": (answers(lambda: nonsense.packed(gzip.compress(b" " * (256 << 20)))), "bad_reply",
                  [HERE, "more than is allowed", "Check the address"]),
    "broken UTF-8": (answers(lambda: nonsense.other_body(b'{"items":[],"x":"\xc3("}')), "bad_reply", [HERE, "another kind than agreed", "Update Samsynk"]),
    "deep JSON": (answers(lambda: nonsense.nested(100000)), "bad_reply", [HERE, "not whole JSON", "proxy"]),
    "another shape": (answers(lambda: faults.with_field("items", 7)), "bad_reply", [HERE, "items", "another kind than agreed", "Update Samsynk"]),
    "chunk of a bad size": (answers(lambda: nonsense.chunked_badly(size=b"zz")), "bad_reply", [HERE, "as a web service does"]),
    "chunk that is longer": (answers(lambda: nonsense.chunked_badly(size=b"FFFFFF")), "bad_reply", [HERE, "half-way"]),
    "chunk that overflows": (answers(lambda: nonsense.chunked_badly(size=b"F" * 17)), "bad_reply", [HERE, "as a web service does"]),
    "no last chunk": (answers(nonsense.half_chunk), "bad_reply", [HERE, "half-way", "tried again"]),
    "huge chunk extension": (answers(lambda: nonsense.chunked_badly(extension=b";x=" + b"y" * (8 << 20))), "bad_reply",
                             [HERE, "more than is allowed"]),
    "huge trailers": (answers(lambda: nonsense.chunked_badly(trailers=b"X-T: y\r\n" * (1 << 20))), "bad_reply",
                      [HERE, "more than is allowed"]),
    "503": (answers(lambda: faults.refuse(503)), "service_error", ["503", "request q-", "tried again"]),
    "429": (answers(lambda: faults.refuse(429, Retry_After="1")), "rate_limited", ["wait 1 s", "request q-", "tried again"]),
    "push: silence": (answers(faults.stall_done, PUSH), "service_unreachable", [HERE, "did not answer in time"]),
    "push: half a body": (answers(nonsense.half_body, PUSH), "bad_reply", [HERE, "half-way"]),
    "push: captive portal": (answers(lambda: nonsense.other_body(PAGE, "text/html"), PUSH), "bad_reply", ["text/html instead of JSON"]),
    "push: 500": (answers(lambda: faults.refuse(500), PUSH), "service_error", ["500", "request q-"]),
    "sign-in: captive portal": (answers(lambda: nonsense.other_body(PAGE, "text/html"), DISCOVERY), "bad_reply",
                                ["text/html instead of JSON", "sign-in page"]),
    "sign-in: a gibibyte": (answers(nonsense.endless, TOKEN), "bad_reply", ["localhost:{sign_in_port}", "more than is allowed"]),
    "sign-in: not JSON": (answers(lambda: nonsense.other_body(b"<"), TOKEN), "bad_reply", ["localhost:{sign_in_port}", "not whole JSON"]),
    "sign-in: refused": (unknown_client, "sign_in_failed", SECRET),
}


def log_of(site):
    return [json.loads(line) for line in (site.folder / "log").read_text().splitlines()]


def named(lines, name):
    return [line for line in lines if line["event"] == name]


def peak_memory(site):
    status = open(f"/proc/{site.process.pid}/status").read()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def in_swedish(site):
    """What an accountant reads who looks at how things are."""
    return subprocess.run([BIN / "samsynk", "--socket", site.socket, "status"], text=True, timeout=60,
                          env={**os.environ, "LC_ALL": "sv_SE.UTF-8"}, stdout=subprocess.PIPE).stdout


def assert_told_once(site, code, words):
    """One line of the run and, where it is lost, one of the service; nothing else that is new."""
    lines = log_of(site)
    told = named(lines, "run.failed")
    assert len(told) == 1, [line["message"] for line in told]
    assert told[0]["code"] == code, told
    for word in words:
        assert word in told[0]["message"], told[0]["message"]
    assert told[0]["message"][-1] in ".)", told[0]["message"]
    lost = named(lines, "service.unreachable")
    assert len(lost) == (code in ("service_unreachable", "tls_failed"))
    assert len(named(lines, "signin.required")) == (code == "sign_in_failed")
    carried = ("preference.applied", "collaboration.changed")  # by the direction that works
    others = [line for line in lines if line["event"] not in carried]
    assert len(others) < 10, others
    return told[0]["message"]


def last(service, site, trouble, code, words):
    slow = any(word in words for word in ("so slowly", "did not answer in time"))
    with_service(site, "  connect_timeout: 1s\n  reply_timeout: 1s\n" if slow else "")
    ports = {"port": service.port, "sign_in_port": service.sign_in_port}
    with trouble:
        site.start()
        assert site.wait_for_run()["outcome"] == "failed"
        service.account.choose(LINDQVIST, send_all_invoices=True)
        site.choose("Ekström", "# eget\nsend_all_invoices: true\nreceive_invoices: false\n")
        for pause in (1.1, 0, 0):  # a clock in the sentence moves on, and is nothing new
            time.sleep(pause)
            assert site.sync()["error"]["code"] == code
        sentence = assert_told_once(site, code, [word.format(**ports) for word in words])
        swedish = in_swedish(site)
        assert "{" not in swedish and sentence not in swedish
        assert peak_memory(site) < MOST_MEMORY, "MiB"
    assert site.sync()["outcome"] == "completed"
    assert service.account.preferences(EKSTROM) == (True, False)
    assert {"send_all_invoices: true", "receive_invoices: true"} <= set(site.file("Lindqvist", "preferences.yaml").splitlines())
    over = wait_for(lambda: named(log_of(site), "run.completed"))  # the log has a thread of its own
    recovered = code in ("service_unreachable", "tls_failed")
    if recovered:
        wait_for(lambda: named(log_of(site), "service.recovered"))
    if not named(log_of(site), "config.reloaded"):  # with which the log begins anew
        assert int(over[0]["fields"]["repeated"]) >= 4, "it says how long that was"
    assert len(named(log_of(site), "service.recovered")) == recovered


@pytest.mark.parametrize("kind", LASTING)
def test_while_it_lasts_and_afterwards(make, certificates, kind):  # noqa: F811
    begin, code, words = LASTING[kind]
    service, site = two_companies(*make())
    last(service, site, begin(service, site, certificates.folder), code, words)


@pytest.mark.skipif(not fake_names.may_mount, reason="needs a mount of its own")
@pytest.mark.parametrize("answer,words", [(fake_names.NO_SUCH_NAME, "is not known"), (fake_names.FAILED, "(DNS) does not answer"),
                                          (None, "(DNS) does not answer"), ("gone", "(DNS) does not answer")])
def test_while_the_name_can_not_be_looked_up(make, tmp_path, answer, words):
    service, site = two_companies(*make(name=fake_names.NAME))
    fake_names.asks(site, tmp_path)
    with contextlib.ExitStack() as until_the_end:
        @contextlib.contextmanager
        def trouble():
            names = None if answer == "gone" else fake_names.Names(answer)
            yield
            names = names or fake_names.Names(0)
            until_the_end.callback(names.stop)
            names.code = 0
        last(service, site, trouble(), "service_unreachable", [f"The name {fake_names.NAME} ", words, "(DNS)"])


def test_a_connection_that_is_reset_anywhere_in_the_answer_to_a_write(make):
    """Each choice arrives, once."""
    service, site = two_companies(*make())
    site.start().wait_for_run()
    before = len(service.writes)
    places = range(1, 700, 17)  # at 0 it is sent again at once, and nobody notices
    for number, at in enumerate(places):
        choice = number % 2 == 0
        site.choose("Ekström", f"receive_invoices: {str(choice).lower()}\nsend_all_invoices: true\n")
        service.fault(PUSH, nonsense.reset_at(at))
        assert site.sync()["error"]["code"] in ("service_unreachable", "bad_reply")
        assert site.sync()["outcome"] == "completed"
        assert service.account.preferences(EKSTROM) == (True, choice)
    assert len(service.writes) == before + len(places)
