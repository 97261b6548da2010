"""A machine's users and groups of our own, in a mount namespace: the daemon sees them, the machine does not."""
import os
import socket
import subprocess

import pytest

SERVICE = 64000
USERS = {"samsynk": SERVICE, "anna": 64001, "olle": 64002, "stranger": 64003, "mallory": 64004}
GROUPS = {"samsynk": 64000, "revision": 64010, "users": 64011}

needs_root = pytest.mark.skipif(os.geteuid() != 0 and not os.environ.get("CI"), reason="only root can be several users")


class People:
    """`samsynk` runs the daemon; who is in which group is what `members` says, at once."""

    def __init__(self, folder):
        self.passwd, self.group = folder / "passwd", folder / "group"
        self.members = {"samsynk": ["anna"], "revision": ["olle"]}
        self.passwd.write_text("root:x:0:0::/root:/bin/sh\n" + "".join(
            f"{name}:x:{number}:{GROUPS['users'] if name != 'samsynk' else SERVICE}::/:/bin/sh\n" for name, number in USERS.items()))
        self.tell()
        mounts = f"mount --bind {self.passwd} /etc/passwd && mount --bind {self.group} /etc/group"
        self.inside = ["unshare", "--mount", "sh", "-ec", mounts + ' && exec "$@"', "sh"]
        self.as_service = [*self.inside, "setpriv", f"--reuid={SERVICE}", f"--regid={SERVICE}", "--init-groups", "--"]

    def tell(self):
        """In place, as what is mounted is the file and not its name."""
        with open(self.group, "r+" if self.group.exists() else "w") as file:
            file.write("root:x:0:\n" + "".join(f"{name}:x:{number}:{','.join(self.members.get(name, []))}\n" for name, number in GROUPS.items()))
            file.truncate()

    def connects(self, name, path, groups):
        """A connection of a process of that user, which holds these groups as from when the person signed in."""
        here, there = socket.socketpair()
        child = os.fork()
        if child == 0:
            try:
                os.setgroups([GROUPS[group] for group in groups])
                os.setgid(GROUPS["users"])
                os.setuid(USERS[name])
                with socket.socket(socket.AF_UNIX) as line:
                    line.connect(str(path))
                    socket.send_fds(there, [b"x"], [line.fileno()])
            finally:
                os._exit(0)
        there.close()
        _, handed, _, _ = socket.recv_fds(here, 1, 1)
        os.waitpid(child, 0)
        here.close()
        return socket.socket(fileno=handed[0])


def give_to_service(folder):
    subprocess.run(["chown", "-R", f"{SERVICE}:{SERVICE}", folder], check=True)
