"""mbsync (isync) with Dovecot over IMAPS: a record is a message, the near side a Maildir."""
import getpass
import os
import pwd
import shutil

from peers.peer import RECORD, Peer

DOVECOT = """protocols = imap
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
listen = 127.0.0.1
ssl = required
ssl_cert = <{certificates}/server.pem
ssl_key = <{certificates}/server.key
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
mail_location = maildir:{folder}/far
first_valid_uid = 1
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = nopassword=y
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
"""
MBSYNC = """IMAPAccount bench
Host localhost
Port {port}
User bench
Pass bench
SSLType IMAPS
Timeout 600
CertificateFile {certificates}/ca.pem

IMAPStore far
Account bench

MaildirStore near
Path {folder}/near/
Inbox {folder}/near/INBOX
SubFolders Verbatim

Channel bench
Far :far:box
Near :near:box
Create Both
SyncState {folder}/state/
"""


class Mbsync(Peer):
    name, packages, programs = "mbsync", "isync and dovecot-imapd", ("mbsync", "dovecot")
    settle = 2.1  # it waits by itself where a folder was changed in the current second
    mail_user = "nobody"  # Dovecot reads no mail as root

    def __init__(self, folder, certificates, count):
        super().__init__(folder, certificates, count)
        as_root = os.geteuid() == 0
        self.owner = pwd.getpwnam(self.mail_user if as_root else getpass.getuser())
        names = {"internal": "dovecot", "login": "dovenull", "group": "dovecot"} if as_root else dict.fromkeys(
            ("internal", "login", "group"), getpass.getuser())
        values = {"folder": folder, "certificates": certificates, "port": self.port, "uid": self.owner.pw_uid,
                  "gid": self.owner.pw_gid, **names}
        folder.chmod(0o711)
        self.config = folder / "mbsyncrc"
        self.config.write_text(MBSYNC.format(**values))
        (folder / "dovecot.conf").write_text(DOVECOT.format(**values))
        self.empty()
        self.serve(shutil.which("dovecot", path="/usr/sbin:/usr/bin"), "-F", "-c", folder / "dovecot.conf")

    def empty(self):
        for part in ("near/box", "far/.box", "state", "home"):
            shutil.rmtree(self.folder / part, ignore_errors=True)
        shutil.rmtree(self.folder / "far", ignore_errors=True)
        (self.folder / "state").mkdir()
        for box in ("near/box", "far/.box"):
            for part in ("cur", "new", "tmp"):
                (self.folder / box / part).mkdir(parents=True)
        (self.folder / "home").mkdir()
        for path in (self.folder / "far", self.folder / "home", *(self.folder / "far").rglob("*")):
            os.chown(path, self.owner.pw_uid, self.owner.pw_gid)

    def add(self, near):
        self.made += 1
        head = (f"From: a{self.made}@example.com\r\nTo: b@example.com\r\nSubject: Bolag {self.made}\r\n"
                f"Date: Mon, 2 Nov 2026 08:00:00 +0000\r\nMessage-ID: <{self.made}@example.com>\r\n\r\n")
        text = (head + "x" * (RECORD - len(head) - 2) + "\r\n").encode()
        path = self.folder / ("near/box/new" if near else "far/.box/new") / f"{1700000000 + self.made}.M{self.made}.bench"
        path.write_bytes(text.replace(b"\r\n", b"\n") if near else text)
        if not near:
            os.chown(path, self.owner.pw_uid, self.owner.pw_gid)

    def run(self):
        self.command("mbsync", "--config", self.config, "--quiet", "bench")

    def counts(self):
        return tuple(sum(len(os.listdir(self.folder / box / part)) for part in ("cur", "new"))
                     for box in ("near/box", "far/.box"))
