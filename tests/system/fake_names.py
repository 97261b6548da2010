"""A name service (DNS) for one name, on an address of its own, and a daemon's own view of which name service to ask."""
import contextlib
import os
import socket
import struct
import threading

ADDRESS = f"127.{os.getpid() % 250 + 1}.{os.getpid() // 250 % 250}.53"  # another for each that tests here
NAME = "spiris.test"
NO_SUCH_NAME, FAILED = 3, 2


class Names:
    """Answers with `code`, or with this machine's address where it is 0; with None it says nothing."""

    def __init__(self, code):
        self.code, self.asked = code, 0
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((ADDRESS, 53))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self):
        while True:
            question, asker = self._socket.recvfrom(512)
            if not question:
                return
            self.asked += 1
            if self.code is not None:
                self._socket.sendto(self._answer(question), asker)

    def _answer(self, question):
        end = question.index(b"\0", 12) + 5
        asks_for_ipv4 = question[end - 4:end - 2] == b"\0\x01"
        found = self.code == 0 and asks_for_ipv4
        head = question[:2] + struct.pack("!HHHHH", 0x8180 | self.code, 1, found, 0, 0)
        answer = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 0, 4) + socket.inet_aton("127.0.0.1") if found else b""
        return head + question[12:end] + answer

    def stop(self):
        with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as last:
            last.sendto(b"", (ADDRESS, 53))
        self._thread.join()
        self._socket.close()


def asks(site, folder):
    """The site's daemon asks this name service alone. Needs root: a mount that only the daemon sees."""
    (folder / "resolv.conf").write_text(f"nameserver {ADDRESS}\noptions timeout:1 attempts:1\n")
    (folder / "nsswitch.conf").write_text("hosts: files dns\n")
    mounts = " && ".join(f"touch /etc/{name} && mount --bind '{folder / name}' /etc/{name}"
                         for name in ("resolv.conf", "nsswitch.conf"))
    site.before = ["unshare", "-m", "sh", "-c", f'{mounts} && exec "$@"', "sh"]


may_mount = os.geteuid() == 0
