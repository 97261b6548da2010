"""The sandbox's sign-in, asked directly and through the daemon: codes, tokens that rotate, repeated use, and revocation."""
import json
import subprocess
import time
import urllib.parse

import pytest

from conftest import BIN, LINDQVIST, wait_for
from signin_site import begin_login, configure_auth, kept, logged, sign_in, wait_until_synced
from test_sandbox import Api

DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


@pytest.fixture
def quick(office):
    """The office's service, which lets codes be asked for each second, and pardons for three."""
    office.stop()
    office.start("--poll-interval", "1", "--refresh-grace", "3", "--refresh-lifetime", "86400")
    office.add_active(LINDQVIST, "Lindqvist Bygg AB", receive_invoices="yes")
    return office


@pytest.fixture
def ask(quick):
    api = Api(quick)

    def form(path, **fields):
        status, answer, _ = api.raw("POST", path, urllib.parse.urlencode({"client_id": "samsynk", **fields}),
                                    {"Content-Type": "application/x-www-form-urlencoded"})
        return answer.get("error") or answer if status != 200 else answer

    form.api = api
    return form


def enter(ask, office, scope="openid offline_access"):
    code = ask("/device_authorization", scope=scope)
    office("signin", "approve", code["user_code"])
    return ask("/token", grant_type=DEVICE, device_code=code["device_code"])


def refresh(ask, token):
    return ask("/token", grant_type="refresh_token", refresh_token=token)


def test_a_code_is_asked_for_at_its_pace(ask, quick):
    code = ask("/device_authorization", scope="offline_access")
    assert code["interval"] == 1 and code["user_code"] in code["verification_uri_complete"]
    question = {"grant_type": DEVICE, "device_code": code["device_code"]}
    assert ask("/token", **question) == "authorization_pending"
    assert ask("/token", **question) == "slow_down"
    assert quick("signin", "list").split() == [code["user_code"]]
    quick("signin", "deny", code["user_code"])
    assert ask("/token", **question) == "access_denied"
    with pytest.raises(subprocess.CalledProcessError):
        quick("signin", "approve", code["user_code"])
    assert ask("/token", grant_type=DEVICE, device_code="unknown") == "invalid_grant"
    assert ask("/device_authorization", client_id="another") == "invalid_client"


def test_a_code_is_good_once_and_gives_what_was_asked_for(ask, quick):
    code = ask("/device_authorization", scope="openid")
    quick("signin", "approve", code["user_code"])
    token = ask("/token", grant_type=DEVICE, device_code=code["device_code"])
    assert "refresh_token" not in token
    ask.api.token = token["access_token"]
    assert ask.api("GET", "/v1/companies")[0] == 200
    assert ask("/token", grant_type=DEVICE, device_code=code["device_code"]) == "invalid_grant"


def test_who_uses_a_token_again_after_its_successor_loses_all(ask, quick):
    first = enter(ask, quick)["refresh_token"]
    second = refresh(ask, first)
    again = refresh(ask, first)
    assert again["refresh_token"] != second["refresh_token"], "pardoned: the answer may have been lost"
    assert refresh(ask, second["refresh_token"]) == "invalid_grant", "the one that got lost is void"
    third = refresh(ask, again["refresh_token"])
    assert refresh(ask, first) == "invalid_grant"
    assert refresh(ask, third["refresh_token"]) == "invalid_grant"
    ask.api.token = third["access_token"]
    assert ask.api("GET", "/v1/companies")[0] == 401


def test_pardon_has_an_end(ask, quick):
    first = enter(ask, quick)["refresh_token"]
    refresh(ask, first)
    time.sleep(3.2)
    assert refresh(ask, first) == "invalid_grant"


def test_revocation_and_restart(ask, quick):
    one, other = enter(ask, quick), enter(ask, quick)
    assert ask("/revoke", token=one["refresh_token"]) == {}
    assert refresh(ask, one["refresh_token"]) == "invalid_grant"
    quick.stop()
    quick.start()
    assert refresh(ask, other["refresh_token"])["token_type"] == "Bearer", "it remembers"
    assert quick("signin", "revoke") == "1 ended\n"


@pytest.fixture
def signed_in(quick, site):
    site.configure()
    configure_auth(site, f"https://localhost:{quick.port}", "samsynk")
    site.lay("Lindqvist", LINDQVIST, "Lindqvist Bygg AB")
    site.start()
    process, code = begin_login(site)
    quick("signin", "approve", code["user_code"])
    assert process.wait(30) == 0
    process.communicate()
    wait_until_synced(site)
    return site


def test_the_time_left_is_told(signed_in):
    told = sign_in(signed_in)
    assert told["state"] == "ok" and 86000 < told["seconds_left"] <= 86400 and told["expires_at"].endswith("Z")
    metrics = subprocess.run(["curl", "-s", "--unix-socket", signed_in.socket, "http://localhost/metrics"], text=True,
                             stdout=subprocess.PIPE).stdout
    left = [float(line.split()[1]) for line in metrics.splitlines() if line.startswith("samsynk_signin_remaining_seconds ")]
    assert len(left) == 1 and 86000 < left[0] <= 86400
    assert "\nsamsynk_signin_required 0\n" in metrics


def test_a_disk_that_is_full_stops_the_sync_and_loses_nothing(signed_in, quick):
    """The new token is nowhere but in memory: nothing goes on with it until it is on disk."""
    folder = signed_in.folder / "state/signin"
    signed_in.kill()
    before = kept(signed_in)
    (folder / "token.json.new").mkdir()  # so that the new file can't be made
    signed_in.start().wait_for_run()
    error = signed_in.sync()["error"]
    assert error["code"] == "state_failed" and "token.json" in error["message"]
    assert kept(signed_in) == before
    (folder / "token.json.new").rmdir()
    assert signed_in.sync()["outcome"] == "completed"
    assert kept(signed_in)["previous"] == before["refresh_token"], "the one from memory was used"


def test_the_first_sign_in_may_be_laid_by_the_administrator(ask, quick, site):
    site.configure()
    first = site.folder / "first"
    configure_auth(site, f"https://localhost:{quick.port}", "samsynk", refresh_token_file=first)
    site.lay("Lindqvist", LINDQVIST, "Lindqvist Bygg AB")
    first.write_text(enter(ask, quick)["refresh_token"] + "\n")
    assert site.once().returncode == 0
    assert kept(site)["previous"] == first.read_text().strip()
    assert site.once().returncode == 0, "with its successor"
    quick("signin", "revoke")
    assert site.once().returncode == 5
    first.write_text(enter(ask, quick)["refresh_token"] + "\n")
    assert site.once().returncode == 0, "a new one counts"


def test_a_login_in_swedish_with_its_code_as_a_picture(quick, site):
    """On a terminal, where a phone reads what is shown. Debian's zbarimg plays the phone."""
    site.configure()
    configure_auth(site, f"https://localhost:{quick.port}", "samsynk")
    site.start()
    command = f"stty rows 60 cols 100; exec {BIN / 'samsynk'} --socket {site.socket} login"
    shown = subprocess.Popen(["script", "-qec", command, "/dev/null"], stdout=subprocess.PIPE, text=True, env={
        "PATH": "/usr/bin:/bin", "LANG": "sv_SE.UTF-8"})
    code = wait_for(lambda: quick("signin", "list").strip())
    quick("signin", "approve", code)
    out = shown.communicate(timeout=30)[0]
    assert shown.returncode == 0
    assert f"ange koden: {code}" in out and "Inloggad. En synkronisering börjar nu" in out
    assert read_picture(site.folder / "code.pgm", out) == f"QR-Code:https://localhost:{quick.port}/device?user_code={code}"


def read_picture(file, out):
    lines = [line.split("\x1b[97;40m")[1].split("\x1b[0m")[0] for line in out.splitlines() if "\x1b[97;40m" in line]
    rows = []
    for line in lines:
        rows.append([255 if letter in "█▀" else 0 for letter in line])
        rows.append([255 if letter in "█▄" else 0 for letter in line])
    assert len({len(row) for row in rows}) == 1
    scale = 8
    pixels = b"".join(bytes(value for value in row for _ in range(scale)) * scale for row in rows)
    file.write_bytes(f"P5 {len(rows[0]) * scale} {len(rows) * scale} 255\n".encode() + pixels)
    return subprocess.run(["zbarimg", "-q", file], text=True, stdout=subprocess.PIPE).stdout.strip()


def test_where_a_secret_does_it_nobody_signs_in(office, site):
    site.start()
    for word in ("login", "logout"):
        result = site.command(word)
        assert result.returncode == 2 and "signs in by itself" in json.loads(result.stdout)["error"]["message"]
    assert sign_in(site)["method"] == "client_secret"


def test_what_ends_is_said_when_it_ends(signed_in, quick):
    quick("signin", "revoke")
    assert signed_in.sync()["error"]["code"] == "sign_in_failed"
    assert signed_in.sync()["error"]["code"] == "sign_in_failed"
    said = logged(signed_in, "signin.required")
    assert "samsynk login" in said[-1]["message"]
    assert len([line for line in said if "invalid_grant" in line["message"]]) == 1
