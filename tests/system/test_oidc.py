"""The sign-in, against a certified OpenID provider that nobody here wrote."""
import json
import os
import shutil
import signal
import stat
import subprocess
import time

import pytest

from conftest import BIN, Site, wait_for
from contract_site import assert_in_step, certificates, error_of, events, run, two_companies
from fake_certificates import FAKETIME
from fake_service import FakeService
from oidc_provider import FOLDER, SECRET, OidcProvider, Person
from signin_site import begin_login, configure_auth, kept, logged, sign_in, wait_until_synced

pytestmark = pytest.mark.skipif(not (FOLDER / "node_modules").exists() or shutil.which("node") is None,
                                reason="the provider is not installed: ./dev test does that")


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    """Private keys by kind: the file, and its public half as a JWK."""
    folder, made = tmp_path_factory.mktemp("keys"), {}
    for kind, words in {"ES256": ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "RS256": ["RSA"]}.items():
        file = folder / f"{kind}.pem"
        subprocess.run(["openssl", "genpkey", "-algorithm", *words, "-out", file], check=True, stderr=subprocess.DEVNULL)
        script = "console.log(JSON.stringify(crypto.createPublicKey(fs.readFileSync(process.argv[1])).export({format: 'jwk'})))"
        made[kind] = file, json.loads(subprocess.run(["node", "-e", script, file], check=True, stdout=subprocess.PIPE).stdout)
    return made


@pytest.fixture
def make(tmp_path, certificates, keys):
    """A provider, an online service that takes its tokens, and a site with two companies that differ from it."""
    made = []

    def one(**options):
        for name in ("online", "provider"):
            (tmp_path / name).mkdir()
        shutil.copy(certificates.folder / "ca.pem", tmp_path / "online")
        jwks = [{**public, "kid": kind, "use": "sig"} for kind, (_, public) in keys.items()]
        provider = OidcProvider(tmp_path / "provider", certificates, jwks, **options)
        made.append(provider)
        provider.start()
        service = FakeService(tmp_path / "online", certificates.of("good"), provider=provider)
        made.append(service)
        site = Site(tmp_path, service)
        made.append(site)
        site.configure()
        site.secret = tmp_path / "secret"
        site.secret.write_text(SECRET + "\n")
        two_companies(service, site)
        return provider, service, site

    yield one
    for thing in reversed(made):
        if not isinstance(thing, Site):
            thing.stop()
        elif thing.process:
            thing.kill()
    assert all(thing.violations == [] for thing in made if isinstance(thing, FakeService))


def signed_in(provider, site):
    """A daemon in whose name a person has signed in and approved, and that has synced."""
    configure_auth(site, provider.issuer, "people")
    site.start()
    process, code = begin_login(site)
    Person(provider).decide(code["verification_uri_complete"])
    lines = process.communicate(timeout=60)[0].splitlines()
    assert process.returncode == 0, lines
    wait_until_synced(site)
    return lines


def token_requests(provider):
    return provider.requests.count("POST /token")


def test_by_a_secret(make):
    provider, service, site = make()
    configure_auth(site, provider.issuer, "with-secret", client_secret_file=site.secret, scope="sync")
    run(site)
    assert_in_step(service, site)


@pytest.mark.parametrize("kind,named", [("ES256", True), ("RS256", True), ("ES256", False)])
def test_by_a_private_key(make, keys, kind, named):
    provider, service, site = make()
    name = {"client_key_id": kind} if named else {}
    configure_auth(site, provider.issuer, "with-key", client_key_file=keys[kind][0], **name)
    run(site)
    assert_in_step(service, site)
    assert token_requests(provider) == 1


@pytest.mark.parametrize("client,words", [
    ("with-secret", "must get a new secret there, and put it into the file"),
    ("nobody", "does not accept nobody with the secret in"),
    ("no-grants", "no-grants is registered there for this way to sign in")])
def test_what_is_refused_is_said_in_words(make, client, words):
    provider, _, site = make()
    if client != "no-grants":
        site.secret.write_text("fel\n")
    configure_auth(site, provider.issuer, client, client_secret_file=site.secret)
    result = run(site, 5)
    assert words in result.stdout
    assert error_of(result) == "sign_in_failed"
    assert len(events(result, "signin.required")) == 1


def test_a_key_that_is_not_registered(make, tmp_path):
    provider, _, site = make()
    subprocess.run(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", tmp_path / "own"],
                   check=True, stderr=subprocess.DEVNULL)
    configure_auth(site, provider.issuer, "with-key", client_key_file=tmp_path / "own")
    result = run(site, 5)
    assert "must register the key's public half there" in result.stdout
    assert token_requests(provider) == 2, "once with each name of the provider"


@pytest.mark.parametrize("away", ["+3d", "-3d"])
def test_a_clock_that_is_wrong(make, keys, away):
    """Neither what is signed nor what expires goes by this machine's clock."""
    provider, service, site = make(token_lifetime=60)
    configure_auth(site, provider.issuer, "with-key", client_key_file=keys["ES256"][0])
    elsewhen = {**os.environ, "LD_PRELOAD": FAKETIME, "FAKETIME": away, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    result = subprocess.run([BIN / "samsynkd", "--config", site.config, "--once"], text=True, timeout=60, env=elsewhen,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert result.returncode == 0, result.stdout + result.stderr
    assert_in_step(service, site)
    assert token_requests(provider) == 1 and service.refused_tokens == 0


def test_a_token_is_renewed_before_it_expires(make):
    provider, service, site = make(token_lifetime=8)
    configure_auth(site, provider.issuer, "with-secret", client_secret_file=site.secret)
    site.start().wait_for_run()
    first = time.monotonic()
    site.sync()
    assert token_requests(provider) == 1
    time.sleep(max(0, first + 6.2 - time.monotonic()))  # at the latest with a quarter of its life left
    site.sync()
    assert token_requests(provider) == 2
    assert service.refused_tokens == 0


def test_nobody_has_signed_in_yet(make):
    provider, _, site = make()
    configure_auth(site, provider.issuer, "people")
    site.start().wait_for_run()
    for _ in range(3):
        assert site.sync()["error"]["code"] == "sign_in_failed"
    required = sign_in(site)
    assert (required["method"], required["state"], required["seconds_left"]) == ("device", "required", None)
    assert "samsynk login" in required["reason"]["message"]
    assert provider.requests == [], "there is nothing to ask"
    assert len(logged(site, "signin.required")) == 1


def test_a_person_signs_in_and_it_lasts(make):
    provider, service, site = make()
    lines = [json.loads(line) for line in signed_in(provider, site)]
    assert lines[-1] == {"event": "result", "result": {"signed_in": True, "error": None}}
    assert any(line["event"] == "login.waiting" for line in lines) or len(lines) == 1
    assert_in_step(service, site)
    assert sign_in(site)["state"] == "ok"
    folder = site.folder / "state/signin"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "token.json").stat().st_mode) == 0o600
    assert logged(site, "signin.refreshed"), "and it was said"
    site.kill()
    tokens = [kept(site)["refresh_token"]]
    for _ in range(3):
        run(site)
        assert kept(site)["previous"] == tokens[-1], "they rotate"
        tokens.append(kept(site)["refresh_token"])
    assert len(set(tokens)) == 4


def test_a_person_says_no(make):
    provider, _, site = make()
    configure_auth(site, provider.issuer, "people")
    site.start()
    process, code = begin_login(site)
    Person(provider).decide(code["verification_uri_complete"], approve=False)
    out = process.communicate(timeout=60)[0]
    assert process.returncode == 5
    assert json.loads(out.splitlines()[-1])["result"]["error"]["code"] == "sign_in_failed"
    assert "declined" in out


def test_the_code_expires(make):
    provider, _, site = make(device_lifetime=4)
    configure_auth(site, provider.issuer, "people")
    site.start()
    process, _ = begin_login(site)
    out = process.communicate(timeout=60)[0]
    assert process.returncode == 5 and "Nobody entered the code in time" in out


def test_two_who_sign_in_at_once_get_one_code(make):
    provider, _, site = make()
    configure_auth(site, provider.issuer, "people")
    site.start()
    (one, code), (other, same) = begin_login(site), begin_login(site)
    assert code["user_code"] == same["user_code"]
    Person(provider).decide(code["verification_uri_complete"])
    assert one.wait(60) == 0 and other.wait(60) == 0
    one.communicate(), other.communicate()


def test_signing_out_withdraws_it(make):
    provider, _, site = make()
    signed_in(provider, site)
    token = kept(site)["refresh_token"]
    assert json.loads(site.command("logout").stdout) == {"signed_out": True, "revoked": True}
    assert not provider.accepts(token)
    assert token not in (site.folder / "state/signin/token.json").read_text()
    assert site.sync()["error"]["code"] == "sign_in_failed"
    assert json.loads(site.command("logout").stdout) == {"signed_out": False, "revoked": False}


def test_a_sign_in_that_was_withdrawn_is_said_once_and_not_asked_for_again(make):
    provider, service, site = make()
    signed_in(provider, site)
    site.kill()
    provider.revoke(kept(site)["refresh_token"])
    site.start().wait_for_run()
    asked = token_requests(provider)
    for _ in range(3):
        error = site.sync()["error"]
        assert error["code"] == "sign_in_failed" and "samsynk login" in error["message"]
    assert token_requests(provider) == asked, "no hammering"
    # And a new one mends it, with nothing else to do.
    process, code = begin_login(site)
    Person(provider).decide(code["verification_uri_complete"])
    assert process.wait(60) == 0
    process.communicate()
    assert site.sync()["outcome"] == "completed"
    assert sign_in(site)["state"] == "ok"


def test_a_stop_in_the_middle_of_a_refresh_loses_nothing(make):
    """The provider has given a new token, and ends the sign-in of who uses the old one again. The answer is late."""
    provider, _, site = make()
    signed_in(provider, site)
    site.kill()
    provider.options["delay"] = 2000
    provider.stop()
    # It forgets all when it stops: so the delay must be there from the start.
    provider.start()
    configure_auth(site, provider.issuer, "people")
    site.start()
    process, code = begin_login(site)
    Person(provider).decide(code["verification_uri_complete"])
    assert process.wait(60) == 0
    process.communicate()
    site.kill()
    old, asked = kept(site)["refresh_token"], token_requests(provider)
    site.process = subprocess.Popen([BIN / "samsynkd", "--config", site.config], stderr=open(site.folder / "log", "a"))
    wait_for(lambda: token_requests(provider) > asked)
    time.sleep(0.3)
    assert site.kill(signal.SIGTERM) == 0
    assert kept(site)["previous"] == old
    run(site)
