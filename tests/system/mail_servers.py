"""Mail servers for the tests: Debian's exim, and one that answers what it is told to."""
import email
import email.policy
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

from conftest import wait_for

EXIM = shutil.which("exim4", path="/usr/sbin:/usr/bin")
PASSWORD = "Hem-ligt.7"
USER = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
CONFIG = """exim_user = {user}
exim_group = {group}
spool_directory = {folder}/spool
log_file_path = {folder}/log/%s
pid_file_path = {folder}/exim.pid
primary_hostname = mail.test
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
tls_on_connect_ports = {secure_port}
tls_advertise_hosts = {tls}
tls_certificate = {certificate}
tls_privatekey = {key}
host_lookup =
rfc1413_hosts =
keep_environment =
acl_smtp_rcpt = check_rcpt
acl_smtp_data = accept
begin acl
check_rcpt:
  deny local_parts = okand
       message = Nobody called $local_part here
  deny condition = ${{if and{{{{bool{{{signed_in}}}}}{{!def:authenticated_id}}}}}}
       message = Sign in first
  accept
begin routers
all:
  driver = accept
  transport = files
begin transports
files:
  driver = appendfile
  directory = {folder}/mail
  maildir_format
  user = {user}
  group = {group}
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{eva}}}}{{eq{{$auth3}}{{{password}}}}}}}}}
  server_set_id = $auth2
  server_advertise_condition = ${{if def:tls_in_cipher}}
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def read(text):
    """A message as a mail program reads it."""
    message = email.message_from_bytes(text, policy=email.policy.default)
    assert message.defects == []
    return message


class Exim:
    """A real mail server in a folder of its own, in the foreground, for nobody but this test."""

    def __init__(self, certificate, tls="*", signed_in=False, at_once=False):
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="samsynk-exim-"))
        for name, source in (("certificate.pem", certificate[0]), ("key.pem", certificate[1])):
            shutil.copy(source, self._folder / name)
        for name in ("spool", "log", "mail"):
            (self._folder / name).mkdir()
        (self._folder / "exim.conf").write_text(CONFIG.format(
            user=USER.pw_name, group=USER.pw_gid, folder=self._folder, port=self.port, tls=tls, password=PASSWORD,
            secure_port=self.port if at_once else "",
            certificate=self._folder / "certificate.pem", key=self._folder / "key.pem", signed_in=str(signed_in).lower()))
        if os.geteuid() == 0:
            for path in [self._folder, *self._folder.iterdir()]:
                os.chown(path, USER.pw_uid, USER.pw_gid)
        how = {"user": USER.pw_uid, "group": USER.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
        self._process = subprocess.Popen([EXIM, "-C", self._folder / "exim.conf", "-bdf"], cwd=self._folder,
                                         stdout=subprocess.DEVNULL, stderr=open(self._folder / "errors", "w"), **how)
        try:
            wait_for(self._answers)
        except AssertionError:
            self.stop()
            raise

    def _answers(self):
        if self._process.poll() is not None:
            raise AssertionError((self._folder / "errors").read_text() + self.log())
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def messages(self):
        return [read(file.read_bytes()) for file in sorted((self._folder / "mail/new").glob("*"))]

    def log(self):
        return "".join(file.read_text() for file in (self._folder / "log").iterdir())

    def stop(self):
        self._process.terminate()
        self._process.wait(timeout=20)
        shutil.rmtree(self._folder)


class Scripted:
    """Answers each command with the next of the answers that were written for it, then as a server that takes all.
    An answer of None: it says nothing more, and holds the line."""

    def __init__(self, port=0, **answers):
        self._answers = {verb: list(lines) for verb, lines in answers.items()}
        self.commands, self.messages = [], []
        self._server = socket.create_server(("127.0.0.1", port))
        self.port = self._server.getsockname()[1]
        self._closing, self._lines = threading.Event(), []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while not self._closing.is_set():
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            self._lines.append(line)
            threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _answer(self, line, verb, otherwise):
        answers = self._answers.get(verb)
        answer = answers.pop(0) if answers else otherwise
        if answer is None:
            self._closing.wait()
            raise OSError
        line.sendall(answer.encode() + b"\r\n")
        return answer[0] in "23"

    def _talk(self, line):
        try:
            with line, line.makefile("rb") as heard:
                if not self._answer(line, "GREETING", "220 mail.test"):
                    return
                while text := heard.readline():
                    verb = text.split()[0].decode().upper() if text.split() else ""
                    self.commands.append(text.decode(errors="replace").strip())
                    if verb == "QUIT":
                        self._answer(line, verb, "221 bye")
                        return
                    taken = self._answer(line, verb, "354 go on" if verb == "DATA" else "250 fine")
                    if verb == "DATA" and taken:
                        self._take(line, heard)
        except OSError:
            pass

    def _take(self, line, heard):
        text = b""
        while (part := heard.readline()) and part != b".\r\n":
            text += part[1:] if part.startswith(b".") else part
        self.messages.append(read(text))
        self._answer(line, "END", "250 taken")

    def verbs(self):
        return [command.split()[0].upper() for command in self.commands if command]

    def stop(self):
        self._closing.set()
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(timeout=10)
        for line in self._lines:
            line.close()
