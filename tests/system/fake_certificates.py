"""Certificates of one's own, made once a test session with the `openssl` command."""
import os
import subprocess

FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"
CA_CONFIG = """[ca]
default_ca = one
[one]
database = {folder}/index
new_certs_dir = {folder}
serial = {folder}/serial
unique_subject = no
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
"""
EC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
FAR = "20490101000000Z"


def openssl(folder, *words, **environment):
    subprocess.run(["openssl", *words], check=True, cwd=folder, env={**os.environ, **environment}, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


class Certificates:
    """An authority (`ca.pem`) and what it signed: (certificate, key) by name, see `of`."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "ca.cnf").write_text(CA_CONFIG.format(folder=folder))
        (folder / "index").write_text("")
        (folder / "serial").write_text("01\n")
        # A month old, so that it is good for a clock that lags behind, too.
        openssl(folder, "req", "-x509", *EC, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Fake CA", "-days", "3650",
                LD_PRELOAD=FAKETIME, FAKETIME="-30d")
        openssl(folder, "req", "-x509", *EC, "-keyout", "stranger.key", "-out", "stranger.pem", "-subj", "/CN=localhost",
                "-addext", "subjectAltName=DNS:localhost", "-days", "3650")
        self.sign("good", "DNS:localhost,DNS:spiris.test")
        # The common name is right and must not count: there are alternative names.
        self.sign("other_name", "DNS:elsewhere.example,IP:127.0.0.1")
        self.sign("expired", "DNS:localhost", end="20200101000000Z")
        self.sign("not_yet", "DNS:localhost", start="20480101000000Z")

    def sign(self, name, names, start="20190101000000Z", end=FAR):
        openssl(self.folder, "req", *EC, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", "/CN=localhost",
                "-addext", f"subjectAltName={names}")
        openssl(self.folder, "ca", "-batch", "-notext", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key", "-in",
                f"{name}.csr", "-out", f"{name}.pem", "-startdate", start, "-enddate", end)

    def of(self, name):
        return self.folder / f"{name}.pem", self.folder / f"{name}.key"
