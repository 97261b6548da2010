"""vdirsyncer with Radicale over HTTPS: a record is a contact. A request a record, so it gets few of them."""
import json
import os
import shutil

from peers.peer import RECORD, Peer

RADICALE = """[server]
hosts = 127.0.0.1:{port}
ssl = True
certificate = {certificates}/server.pem
key = {certificates}/server.key
[auth]
type = none
[rights]
type = authenticated
[storage]
filesystem_folder = {folder}/far
[logging]
level = warning
"""
VDIRSYNCER = """[general]
status_path = "{folder}/status/"
[pair bench]
a = "near"
b = "far"
collections = null
[storage near]
type = "filesystem"
path = "{folder}/near/"
fileext = ".vcf"
[storage far]
type = "carddav"
url = "https://localhost:{port}/bench/box/"
username = "bench"
password = "bench"
verify = "{certificates}/ca.pem"
"""


class Vdirsyncer(Peer):
    name, packages, programs = "vdirsyncer", "vdirsyncer and radicale", ("vdirsyncer", "radicale")
    most, rounds = 200, 3
    settle = 1.1

    def __init__(self, folder, certificates, count):
        super().__init__(folder, certificates, count)
        values = {"folder": folder, "certificates": certificates, "port": self.port}
        (folder / "radicale.ini").write_text(RADICALE.format(**values))
        self.config = folder / "vdirsyncer.ini"
        self.config.write_text(VDIRSYNCER.format(**values))
        self.empty()
        self.serve("radicale", "--config", folder / "radicale.ini")

    def box(self, near):
        return self.folder / ("near" if near else "far/collection-root/bench/box")

    def empty(self):
        for part in ("near", "far", "status"):
            shutil.rmtree(self.folder / part, ignore_errors=True)
        self.box(True).mkdir()
        self.box(False).mkdir(parents=True)
        (self.box(False) / ".Radicale.props").write_text(json.dumps({"tag": "VADDRESSBOOK"}))

    def add(self, near):
        self.made += 1
        head = (f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:b{self.made}\r\nFN:Bolag {self.made}\r\nN:;Bolag;;;\r\nNOTE:")
        tail = "\r\nEND:VCARD\r\n"
        text = head + "x" * (RECORD - len(head) - len(tail)) + tail
        (self.box(near) / f"b{self.made}.vcf").write_bytes(text.encode())

    def run(self):
        words = ("vdirsyncer", "--config", self.config, "--verbosity", "ERROR")
        if not (self.folder / "status").exists():
            self.command(*words, "discover", "bench")
        self.command(*words, "sync", "bench")

    def counts(self):
        return tuple(sum(name.endswith(".vcf") for name in os.listdir(self.box(near))) for near in (True, False))
