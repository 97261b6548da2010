"""Letters of the sandbox to mail servers: a real one, and such as are down, slow, wrong, or say no."""
import http.client
import json
import os
import signal
import ssl
import subprocess
import time

import pytest

from conftest import AKERIET, BIN, EKSTROM, LINDQVIST, wait_for
from fake_certificates import Certificates
from mail_servers import EXIM, Exim, Scripted, free_port
from mail_stage import (away, invite, letters, said, start, take_over_at_once, wait_for_state,  # noqa: F401
                        wait_for_trouble, with_password, write_password)

needs_exim = pytest.mark.skipif(EXIM is None and "CI" not in os.environ,
                                reason="exim4-daemon-light is not installed: that would start it on this machine, too")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return Certificates(tmp_path_factory.mktemp("certificates"))


@needs_exim
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_real_server_gets_what_was_composed_after_a_sign_in_over_tls(away, tmp_path, certificates, scheme):
    exim = Exim(certificates.of("good"), signed_in=True, at_once=scheme == "smtps")
    try:
        start(away, *with_password(tmp_path, exim.port, certificates, scheme), "--mail-from", "byran@norrsken.example")
        away("company", "add", AKERIET, "Åkeriet i Östersund med ett långt namn & Söner AB", "--online", "none")
        away("activate", AKERIET, "--contact-name", "Örjan Ek", "--contact-email", "orjan@akeriet.example")
        away("accept-terms", AKERIET)
        wait_for_state(away, "sent", 1)
        invitation, accepted = sorted(wait_for(lambda: len(exim.messages()) == 2 and exim.messages()),
                                      key=lambda one: str(one["to"]), reverse=True)
        assert invitation["to"].addresses[0].addr_spec == "orjan@akeriet.example"
        assert invitation["subject"] == ("Norrsken Redovisning AB har aktiverat Digitala fakturor & dokument för Åkeriet i "
                                         "Östersund med ett långt namn & Söner AB: godkänn villkoren")
        assert invitation["from"].addresses[0].addr_spec == "byran@norrsken.example"
        assert invitation["return-path"] is None or "byran@norrsken.example" in invitation["return-path"]
        for kind in ("plain", "html"):
            assert "Östersund med ett långt namn" in said(invitation, kind) and "/spiris/inbjudan/" in said(invitation, kind)
        assert [one["message-id"].strip("<>") for one in (invitation, accepted)] == [
            one["message_id"] for one in letters(away)]
        for message in (invitation, accepted):
            assert "with esmtpsa" in message["received"], "over TLS, signed in"
        assert not (away.data / "mail").exists()
    finally:
        exim.stop()


@needs_exim
def test_a_real_server_that_knows_no_such_person_is_quoted_and_others_get_theirs(away, certificates):
    exim = Exim(certificates.of("good"), tls="")
    try:
        start(away, "--smtp", f"smtp://127.0.0.1:{exim.port}")
        invite(away, email="okand@lindqvist.example")
        invite(away, EKSTROM, "Ekström", "anna@ekstrom.example")
        told = wait_for_state(away, "failed")
        assert told["attempts"] == 1
        assert "Nobody called okand here" in told["trouble"] and f"smtp://127.0.0.1:{exim.port}" in told["trouble"]
        wait_for_state(away, "sent", 1)
        assert wait_for(lambda: [str(one["to"].addresses[0].addr_spec) for one in exim.messages()]) == ["anna@ekstrom.example"]
        assert "the step that it tells of stands" in away.log.read_text()
        assert away.record(LINDQVIST)["collaboration"]["state"] == "invited"
    finally:
        exim.stop()


@needs_exim
def test_a_wrong_password_is_told_and_never_shown_and_a_right_one_sends_what_waits(away, tmp_path, certificates):
    exim = Exim(certificates.of("good"), signed_in=True)
    try:
        words = with_password(tmp_path, exim.port, certificates)
        write_password(tmp_path, "Fel-ord.9")
        start(away, *words)
        invite(away)
        told = wait_for_trouble(away, "did not let the user eva in")
        assert told["state"] == "waiting" and str(tmp_path / "password") in told["trouble"]
        assert "Fel-ord.9" not in json.dumps(told) + away.log.read_text()
        write_password(tmp_path)  # it is read each time
        wait_for_state(away, "sent")
    finally:
        exim.stop()


@needs_exim
@pytest.mark.parametrize("certificate, scheme", [("stranger", "smtp"), ("other_name", "smtp"), ("expired", "smtp"),
                                                 ("stranger", "smtps")])
def test_nothing_is_sent_to_a_server_whose_certificate_is_not_right(away, tmp_path, certificates, certificate, scheme):
    exim = Exim(certificates.of(certificate), at_once=scheme == "smtps")
    try:
        start(away, *with_password(tmp_path, exim.port, certificates, scheme))
        invite(away)
        told = wait_for_trouble(away, "The certificate of")
        assert told["state"] == "waiting" and "--smtp-ca-file" in told["trouble"]
        assert exim.messages() == []
    finally:
        exim.stop()


def test_a_password_is_never_sent_in_the_clear(away, tmp_path, certificates):
    server = Scripted(EHLO=["250-mail.test\r\n250 AUTH PLAIN LOGIN"] * 9)
    try:
        start(away, *with_password(tmp_path, server.port, certificates))
        invite(away)
        told = wait_for_trouble(away, "offers no encryption (STARTTLS)")
        assert told["state"] == "waiting"
        assert set(server.verbs()) <= {"EHLO", "QUIT"} and server.messages == []
    finally:
        server.stop()


def test_letters_to_a_server_that_is_down_wait_and_come_when_it_is_up(away):
    port = free_port()
    start(away, "--smtp", f"smtp://127.0.0.1:{port}")
    invite(away)
    invite(away, EKSTROM, "Ekström", "anna@ekstrom.example")
    told = wait_for_trouble(away, f"smtp://127.0.0.1:{port} can't be reached")
    assert told["state"] == "waiting" and told["next_attempt"]
    wait_for(lambda: sum(one["attempts"] for one in letters(away)) > 2)
    server = Scripted(port)
    try:
        # A new one finds the way open, and what waits for its next attempt goes with it.
        invite(away, AKERIET, "Åkeriet", "orjan@akeriet.example")
        for number in range(3):
            wait_for_state(away, "sent", number, seconds=4)
        assert {str(one["to"].addresses[0].addr_spec) for one in server.messages} == {
            "eva@lindqvist.example", "anna@ekstrom.example", "orjan@akeriet.example"}
        told = away.log.read_text()
        assert told.count("can't be reached") == 1 and "Letters are sent again." in told
    finally:
        server.stop()


@pytest.mark.parametrize("verb", ["RCPT", "END"])
def test_a_server_that_says_not_now_is_asked_again(away, verb):
    server = Scripted(**{verb: ["451 4.7.1 Greylisted, come back"]})
    try:
        start(away, "--smtp", f"smtp://127.0.0.1:{server.port}")
        invite(away)
        told = wait_for_trouble(away, "451 4.7.1 Greylisted, come back")
        assert (told["state"], told["attempts"]) == ("waiting", 1)
        told = wait_for_state(away, "sent")
        assert told["attempts"] == 2 and told["trouble"] is None
        assert {one["message-id"].strip("<>") for one in server.messages} == {told["message_id"]}
    finally:
        server.stop()


@pytest.mark.parametrize("verb", ["RCPT", "DATA", "END"])
def test_a_server_that_says_never_is_believed_and_quoted(away, verb):
    server = Scripted(**{verb: ["550-5.1.1 No such\r\n550 5.1.1 person 800101-1231"]})
    try:
        start(away, "--smtp", f"smtp://127.0.0.1:{server.port}")
        invite(away)
        told = wait_for_state(away, "failed")
        assert told["attempts"] == 1 and told["next_attempt"] is None
        assert "550-5.1.1 No such" in told["trouble"] and "person 800101-****" in told["trouble"]
        assert server.verbs().count("MAIL") == 1
    finally:
        server.stop()


def test_a_sender_that_is_refused_is_no_fault_of_the_letter(away):
    server = Scripted(MAIL=["550 who are you"])
    try:
        start(away, "--smtp", f"smtp://127.0.0.1:{server.port}")
        invite(away)
        assert "--mail-from" in wait_for_trouble(away, "550 who are you")["trouble"]
        wait_for_state(away, "sent")
    finally:
        server.stop()


def milliseconds_to_answer(office):
    trusted = ssl.create_default_context(cafile=office.data / "ca.pem")
    begun = time.monotonic()
    connection = http.client.HTTPSConnection("localhost", office.port, context=trusted, timeout=20)
    connection.request("GET", "/.well-known/openid-configuration")
    assert connection.getresponse().status == 200
    connection.close()
    return (time.monotonic() - begun) * 1000


@pytest.mark.parametrize("verb", ["GREETING", "RCPT", "END"])
def test_a_server_that_hangs_holds_up_nothing(away, verb):
    server = Scripted(**{verb: [None]})
    try:
        start(away, "--smtp", f"smtp://127.0.0.1:{server.port}", "--smtp-timeout", "600")
        invite(away)
        wait_for(lambda: server.verbs() or verb == "GREETING")
        wait_for(lambda: verb == "GREETING" or verb in server.verbs() or server.messages)
        assert max(milliseconds_to_answer(away) for _ in range(5)) < 1000
        away("approve", LINDQVIST)
        begun = time.monotonic()
        away.process.send_signal(signal.SIGTERM)
        assert away.process.wait(timeout=20) == 0
        assert time.monotonic() - begun < 6
        assert [(one["state"], one["attempts"]) for one in letters(away)] == [("waiting", 0), ("waiting", 0)]
    finally:
        server.stop()


def test_a_server_that_does_not_say_goodbye_has_taken_the_letter(away):
    server = Scripted(QUIT=[None])
    try:
        start(away, "--smtp", f"smtp://127.0.0.1:{server.port}", "--smtp-timeout", "600")
        invite(away)
        assert wait_for_state(away, "sent", seconds=10)["attempts"] == 1
        assert len(server.messages) == 1
    finally:
        server.stop()


def test_a_server_that_hangs_is_left_after_a_while_and_tried_again(away):
    server = Scripted(EHLO=[None])
    try:
        start(away, "--smtp", f"smtp://127.0.0.1:{server.port}", "--smtp-timeout", "1")
        invite(away)
        assert wait_for_trouble(away, "can't be reached")["state"] == "waiting"
        wait_for_state(away, "sent")
    finally:
        server.stop()


def test_a_crash_between_delivery_and_record_sends_one_letter_again_under_the_same_id(away):
    server = Scripted(END=["250 taken", None])  # the second one it takes, and does not say so
    try:
        invite(away)
        invite(away, EKSTROM, "Ekström", "anna@ekstrom.example")
        invite(away, AKERIET, "Åkeriet", "orjan@akeriet.example")
        start(away, "--smtp", f"smtp://127.0.0.1:{server.port}")
        wait_for(lambda: len(server.messages) == 2)
        away.process.send_signal(signal.SIGKILL)
        away.process.wait()
        take_over_at_once(away)
        start(away, "--smtp", f"smtp://127.0.0.1:{server.port}")
        wait_for(lambda: all(one["state"] == "sent" for one in letters(away)))
        ids = [one["message-id"].strip("<>") for one in server.messages]
        expected = [one["message_id"] for one in letters(away)]
        assert ids == [expected[0], expected[1], expected[1], expected[2]]
        assert str(server.messages[1]) == str(server.messages[2])
    finally:
        server.stop()


def test_two_servers_of_one_folder_send_each_letter_once(away):
    server = Scripted()
    second = None
    try:
        words = ["--smtp", f"smtp://127.0.0.1:{server.port}"]
        start(away, *words)
        second = subprocess.Popen([BIN / "samsynk-sandbox", "--data", away.data, "serve", "--port", "0", *words],
                                  stdout=subprocess.PIPE)
        second.stdout.readline()
        commands = "".join(f"company add {number} Bolag --administrator-email a{number}@b.example\nactivate {number}\n"
                           f"approve {number}\n" for number in (LINDQVIST, EKSTROM, AKERIET))
        subprocess.run([BIN / "samsynk-sandbox", "--data", away.data, "script"], input=commands, text=True, check=True,
                       stdout=subprocess.DEVNULL)
        wait_for(lambda: len(letters(away)) == 6 and all(one["state"] == "sent" for one in letters(away)))
        assert sorted(one["message-id"].strip("<>") for one in server.messages) == sorted(
            one["message_id"] for one in letters(away))
    finally:
        if second:
            second.kill()
            second.wait()
            second.stdout.close()
        server.stop()
