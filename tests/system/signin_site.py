"""A site whose daemon signs in as a test wants it, and what is left of that on disk and in the log."""
import json
import re
import subprocess

from conftest import BIN, wait_for


def configure_auth(site, issuer, client, **keys):
    """Replaces the sign-in of the configuration. Without a secret or a key a person signs in."""
    auth = {"issuer": issuer, "client_id": client, **{key: str(value) for key, value in keys.items()}}
    site.config.write_text(re.sub(r"auth: \{.*\}", lambda _: f"auth: {json.dumps(auth)}", site.config.read_text()))


def begin_login(site, *words, **how):
    """`samsynk login` in the background, and the first line that it says."""
    how = {"text": True, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how}
    process = subprocess.Popen([BIN / "samsynk", "--socket", site.socket, *(words or ["--json"]), "login"], **how)
    return process, json.loads(process.stdout.readline()) if not words else None


def kept(site):
    return json.loads((site.folder / "state/signin/token.json").read_text())


def sign_in(site):
    return site.status()["signin"]


def wait_until_synced(site):
    wait_for(lambda: (site.status() or {}).get("last_success_at"))


def logged(site, event):
    lines = (site.folder / "log").read_text().splitlines()
    return [line for line in map(json.loads, lines) if line["event"] == event]
