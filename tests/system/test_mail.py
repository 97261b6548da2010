"""Letters of the sandbox: what each step sends, into a folder."""
import http.client
import json
import re
import ssl
import stat

import pytest

from conftest import AKERIET, EKSTROM, LINDQVIST, wait_for
from mail_servers import PASSWORD
from mail_stage import (away, in_folder, invite, letters, said, start, wait_for_state, wait_for_trouble,  # noqa: F401
                        write_password)

PERSON = "8001011231"
OFFICE = "kontoret@norrsken.example"


def test_each_step_writes_its_letter_into_the_folder(office):
    office("company", "add", LINDQVIST, "Lindqvist Bygg AB", "--administrator-email", "eva@lindqvist.example")
    office("company", "add", EKSTROM, "Ekström & Co", "--online", "spiris", "--administrator-email", "anna@ekstrom.example")
    office("company", "add", AKERIET, "Åkeriet <i> AB", "--online", "none")
    office("activate", LINDQVIST)
    office("activate", EKSTROM, "--payee", "office")
    office("activate", AKERIET, "--contact-name", "Örjan \"Ö\" Ek", "--contact-email", "orjan@akeriet.example")
    office("approve", LINDQVIST)
    office("decline", EKSTROM)
    office("accept-terms", AKERIET)
    office("end", LINDQVIST, "--on", "2099-12-31")
    office("end", LINDQVIST, "--by", "customer")
    wait_for(lambda: all(one["state"] == "sent" for one in letters(office)))
    kinds = ["invitation_with_function", "invitation_without_function", "invitation_new_on_spiris", "approved", "declined",
             "terms_accepted", "ending", "ended"]
    sent = in_folder(office)
    assert [file.stem.split("-", 3)[3] for file, _ in sent] == kinds
    assert [file.stem.split("-")[2] for file, _ in sent][:3] == [LINDQVIST, EKSTROM, AKERIET]
    assert [message["to"].addresses[0].addr_spec for _, message in sent] == [
        "eva@lindqvist.example", "anna@ekstrom.example", "orjan@akeriet.example", OFFICE, OFFICE, OFFICE,
        "eva@lindqvist.example", OFFICE]
    new = sent[2][1]
    assert new["to"].addresses[0].display_name == 'Örjan "Ö" Ek'
    assert new["from"].addresses[0].display_name == "Byråstöd (sandlåda)"
    assert new["auto-submitted"] == "auto-generated" and new["content-language"] == "sv"
    assert "Åkeriet &lt;i&gt; AB" in said(new, "html") and "Åkeriet <i> AB" in said(new)
    link = re.search(rf"https://localhost:{office.port}/spiris/inbjudan/[0-9a-f]+", said(new))[0]
    assert f'href="{link}"' in said(new, "html")
    for file, message in sent:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert message.get_content_type() == "multipart/alternative"
        assert "sandlåda" in said(message) and "sandlåda" in said(message, "html")
    assert not list((office.data / "mail").glob(".*"))


def test_the_link_of_a_letter_leads_to_its_page(office):
    invite(office)
    wait_for_state(office, "sent")
    path = re.search(r"(/spiris/inbjudan/\w+)", said(in_folder(office)[0][1]))[1]
    trusted = ssl.create_default_context(cafile=office.data / "ca.pem")
    connection = http.client.HTTPSConnection("localhost", office.port, context=trusted, timeout=20)
    connection.request("GET", path)
    reply = connection.getresponse()
    assert reply.status == 200 and "Lindqvist Bygg AB" in reply.read().decode()
    connection.close()


def test_letters_are_in_the_readers_language(office):
    office("office", "5562651892", "Norrsken Redovisning AB", "--email", OFFICE, "--language", "en")
    invite(office)
    office("approve", LINDQVIST)
    wait_for_state(office, "sent", 1)
    swedish, english = (message for _, message in in_folder(office))
    assert swedish["content-language"] == "sv" and "Du ombeds" in said(swedish)
    assert english["content-language"] == "en" and "has approved" in said(english) and 'lang="en"' in said(english, "html")


def test_what_was_sent_is_told_without_links_and_personal_numbers(office):
    invite(office, PERSON, "Eva Åkesson 800101-1231")
    wait_for_state(office, "sent")
    [one] = letters(office, PERSON)
    assert (one["company"], one["kind"], one["attempts"]) == ("800101-****", "invitation_with_function", 1)
    assert letters(office, LINDQVIST) == []
    [(file, message)] = in_folder(office)
    assert one["message_id"] == message["message-id"].strip("<>")
    token = re.search(r"inbjudan/(\w+)", said(message))[1]
    told = json.dumps(one) + file.name
    assert token not in told
    for text in (told, said(message), said(message, "html"), message["subject"]):
        assert PERSON not in text and "800101-1231" not in text


def test_letters_posted_while_nothing_serves_are_sent_at_the_start(away):
    invite(away)
    assert letters(away)[0]["state"] == "waiting"
    start(away)
    wait_for_state(away, "sent")
    assert len(in_folder(away)) == 1


def test_a_folder_that_cant_be_written_to_is_named_and_the_letters_are_kept(away, tmp_path):
    (tmp_path / "mail").write_text("no folder")
    start(away, "--mail-folder", tmp_path / "mail")
    invite(away)
    told = wait_for_trouble(away, str(tmp_path / "mail"))
    assert told["state"] == "waiting" and told["next_attempt"]
    (tmp_path / "mail").unlink()
    wait_for_state(away, "sent")
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1


@pytest.mark.parametrize("words, told", [
    (["--smtp", "mail.example:25"], "Write the mail server as"),
    (["--smtp", "smtp://eva:hemligt@mail.example"], "--smtp-password-file"),
    (["--smtp", "smtp://mail.example", "--smtp-user", "eva"], "belong together"),
    (["--smtp", "smtp://mail.example", "--smtp-user", "eva", "--smtp-password-file", "/nowhere/password"],
     "/nowhere/password"),
    (["--smtp", "smtp://mail.example", "--smtp-ca-file", "/nowhere/ca.pem"], "/nowhere/ca.pem"),
    (["--mail-from", "nobody"], "nobody (--mail-from)")])
def test_what_cant_be_meant_is_refused_at_the_start(away, words, told):
    done = away.try_to("serve", "--port", "0", *words)
    assert done.returncode == 1 and told in done.stderr and "hemligt" not in done.stderr


def test_a_password_that_everyone_may_read_is_refused_at_the_start(away, tmp_path):
    file = write_password(tmp_path)
    file.chmod(0o644)
    done = away.try_to("serve", "--port", "0", "--smtp", "smtp://mail.example", "--smtp-user", "eva", "--smtp-password-file",
                       file)
    assert done.returncode == 1 and "chmod o=" in done.stderr and PASSWORD not in done.stderr
