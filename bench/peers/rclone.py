"""rclone over WebDAV with TLS, served by rclone itself: a record is a file. It knows one direction at a time, so a run is
two commands: up, and down."""
import os
import shutil

from peers.peer import RECORD, Peer


class Rclone(Peer):
    name, packages, programs = "rclone", "rclone", ("rclone",)
    most, rounds = 300, 3

    def __init__(self, folder, certificates, count):
        super().__init__(folder, certificates, count)
        self.empty()
        self.environment = {**os.environ, "RCLONE_CONFIG": str(folder / "none.conf"), "RCLONE_CONFIG_FAR_TYPE": "webdav",
                            "RCLONE_CONFIG_FAR_URL": f"https://localhost:{self.port}/", "RCLONE_CONFIG_FAR_VENDOR": "other"}
        self.serve("rclone", "serve", "webdav", folder / "far", "--addr", f"localhost:{self.port}", "--dir-cache-time", "0s",
                   "--cert", certificates / "server.pem", "--key", certificates / "server.key", env=self.environment)

    def empty(self):
        for side in ("near", "far"):
            shutil.rmtree(self.folder / side, ignore_errors=True)
            (self.folder / side).mkdir()

    def add(self, near):
        self.made += 1
        path = self.folder / ("near" if near else "far") / f"bolag{self.made:06}"
        path.write_text(f"bolag {self.made}\n".ljust(RECORD, "x"))

    def run(self):
        for way in ((self.folder / "near", "far:"), ("far:", self.folder / "near")):
            self.command("rclone", "copy", *way, "--ca-cert", self.certificates / "ca.pem", env=self.environment)

    def counts(self):
        return tuple(len(os.listdir(self.folder / side)) for side in ("near", "far"))
