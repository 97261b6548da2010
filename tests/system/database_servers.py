"""Real PostgreSQL and MariaDB servers, each with its own data, port and socket, that leave nothing running."""
import contextlib
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import pytest

NULL = "\\N"  # how the clients are told to write NULL: no text of the tests


class ServerError(Exception):
    """What the server said."""


def _program(name, *folders):
    for folder in folders:
        if (path := pathlib.Path(folder) / name).exists():
            return str(path)
    return shutil.which(name)


def _postgres_folder():
    versions = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    return versions[-1] if versions else "/nonexistent"


def missing():
    """The packages without which these servers can't run here."""
    wanted = {"postgresql": _program("initdb", _postgres_folder()), "postgresql-client": shutil.which("psql"),
              "mariadb-server-core": _program("mariadbd", "/usr/sbin"), "mariadb-client-core": shutil.which("mariadb")}
    return [package for package, program in wanted.items() if not program]


def odbc_missing():
    """The same for ODBC: SOCI's part for it, and the drivers that it is tried with."""
    wanted = {"libsoci-odbc4.0": "libsoci_odbc.so.*", "odbc-postgresql": "odbc/psqlodbcw.so",
              "libsqliteodbc": "odbc/libsqlite3odbc.so"}
    return [package for package, file in wanted.items() if not list(pathlib.Path("/usr/lib").glob(f"*/{file}"))]


def odbc_driver(file):
    return next(pathlib.Path("/usr/lib").glob(f"*/odbc/{file}"))


def needs(missing):
    """Skips a test where something is not installed; never in CI, which installs it (./dev databases)."""
    if missing and os.environ.get("CI"):
        pytest.fail(f"./dev databases did not install {', '.join(missing)}")
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


@contextlib.contextmanager
def short_folder():
    """Pytest's own folders are for its user alone and have long names; a server runs as another, and a socket's
    path has 107 bytes."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="samsynk-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _children(pid):
    with contextlib.suppress(OSError):
        return [int(word) for word in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


class _Server:
    """Makes its data under `folder` and starts. `durable`: flushed to disk as in earnest, for tests of crashes."""
    user, stop_signal, end_signal = "", signal.SIGTERM, signal.SIGKILL

    def __init__(self, folder, durable=False):
        self.durable, self.process = durable, None
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(exist_ok=True)
        self.folder.chmod(0o755)
        # A folder of its own user's: the server refuses to be root.
        self.data, self.socket_folder = self.folder / "data", self.folder / "run"
        for path in (self.data, self.socket_folder):
            path.mkdir()
            path.chmod(0o755)
            self._give(path)
        self.data.chmod(0o700)
        self.log = self.folder / "log"
        self.port = _free_port()
        self._make()
        self.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop(self.end_signal)

    def _give(self, path):
        if os.getuid() == 0:
            shutil.chown(path, self.user, pwd.getpwnam(self.user).pw_gid)

    def _as_user(self, *words):
        if os.getuid() != 0:
            return [str(word) for word in words]
        return ["setpriv", f"--reuid={self.user}", f"--regid={pwd.getpwnam(self.user).pw_gid}", "--clear-groups", "--",
                *map(str, words)]

    def _run_as_user(self, *words):
        done = subprocess.run(self._as_user(*words), cwd=self.data, text=True, capture_output=True,
                              env={**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(self.data)})
        if done.returncode:
            raise ServerError(done.stdout + done.stderr)

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self._as_user(*self._command()), cwd=self.data, stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, env={**os.environ, "LC_ALL": "C.UTF-8"},
                                            start_new_session=True)
        until = time.monotonic() + 30
        while not self._ready():
            if self.process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise ServerError(self.log.read_text(errors="replace")[-2000:])
            time.sleep(0.02)

    def stop(self, how=None):
        if not self.process:
            return
        self.process.send_signal(how or self.stop_signal)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process = None

    def restart(self):
        self.stop()
        self.start()

    def kill(self):
        """As when the power goes: nothing is said to anyone. `start` brings it back."""
        if not self.process:
            return
        children = _children(self.process.pid)
        self.process.kill()
        self.process.wait()
        self.process = None
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)

    def _client(self, words, sql, environment):
        done = subprocess.run(words, input=sql, text=True, capture_output=True, cwd="/",
                              env={**os.environ, "LC_ALL": "C.UTF-8", **environment})
        if done.returncode:
            raise ServerError(done.stderr.strip())
        return done.stdout

    def rows(self, database, sql, user=None, password=""):
        """As tuples of texts; NULL is None."""
        return [tuple(None if value == NULL else value for value in line.split("\t"))
                for line in self.execute(database, sql, user, password).splitlines()]


class PostgresServer(_Server):
    user, superuser = "postgres", "postgres"
    # At once, and at the end even without putting its data in order; but it gives its shared memory back.
    stop_signal, end_signal = signal.SIGINT, signal.SIGQUIT

    def _make(self):
        self._run_as_user(_program("initdb", _postgres_folder()), "-D", self.data, "-U", self.superuser, "-E", "UTF8",
                          "--locale=C.UTF-8", "--no-sync", "--auth=trust")
        # Whoever is here is the superuser over the socket; everyone else needs a password.
        (self.data / "pg_hba.conf").write_text(f"local all {self.superuser} trust\nlocal all all scram-sha-256\n"
                                               "host all all 127.0.0.1/32 scram-sha-256\n")

    def _command(self):
        settings = {"port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": self.socket_folder,
                    "fsync": "on" if self.durable else "off", "max_connections": 40, "shared_buffers": "32MB"}
        return [_program("postgres", _postgres_folder()), "-D", self.data,
                *(f"--{key}={value}" for key, value in settings.items())]

    def _ready(self):
        with contextlib.suppress(OSError):
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return len(lines) > 7 and lines[0] == str(self.process.pid) and lines[7].strip() == "ready"
        return False

    def execute(self, database, sql, user=None, password=""):
        return self._client(["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-P", f"null={NULL}", "-v", "ON_ERROR_STOP=1",
                             "-h", str(self.socket_folder), "-p", str(self.port), "-U", user or self.superuser,
                             "-d", database, "-f", "-"], sql,
                            {"PGPASSWORD": password, "PGOPTIONS": "-c client_min_messages=warning"})

    def create_database(self, name, owner=None):
        self.execute("postgres", f'CREATE DATABASE "{name}"' + (f' OWNER "{owner}"' if owner else ""))

    def create_user(self, name, password):
        self.execute("postgres", f"CREATE ROLE \"{name}\" LOGIN PASSWORD '{password}'")


class MariaServer(_Server):
    user, superuser = "nobody", "root"  # the package without a service makes no user of its own

    @property
    def socket(self):
        return self.socket_folder / "s"

    def _make(self):
        self._run_as_user("mariadb-install-db", "--no-defaults", f"--datadir={self.data}", "--skip-test-db",
                          "--auth-root-authentication-method=normal", "--skip-name-resolve",
                          "--innodb-flush-method=nosync", "--innodb-log-file-size=4M")
        # Over TCP too, root would have no password.
        self.first = self.folder / "first.sql"
        self.first.write_text("DELETE FROM mysql.global_priv "
                              "WHERE User = '' OR User = 'root' AND Host <> 'localhost';\nFLUSH PRIVILEGES;\n")
        self.first.chmod(0o644)

    def _command(self):
        return [_program("mariadbd", "/usr/sbin"), "--no-defaults", f"--datadir={self.data}", f"--port={self.port}",
                "--bind-address=127.0.0.1", f"--socket={self.socket}", f"--pid-file={self.socket_folder}/pid",
                "--skip-name-resolve", "--innodb-log-file-size=4M", "--innodb-buffer-pool-size=32M",
                f"--init-file={self.first}",
                "--character-set-server=utf8mb4", f"--innodb-flush-log-at-trx-commit={1 if self.durable else 0}",
                *([] if self.durable else ["--innodb-flush-method=nosync", "--sync-binlog=0"])]

    def _ready(self):
        with socket.socket(socket.AF_UNIX) as probe, contextlib.suppress(OSError):
            probe.connect(str(self.socket))
            return True
        return False

    def execute(self, database, sql, user=None, password=""):
        text = self._client(["mariadb", "--no-defaults", "-B", "-N", "--default-character-set=utf8mb4",
                             f"--socket={self.socket}", "-u", user or self.superuser, "-D", database], sql,
                            {"MYSQL_PWD": password})
        return "".join("\t".join(NULL if value == "NULL" else value for value in line.split("\t")) + "\n"
                       for line in text.splitlines())

    def create_database(self, name):
        self.execute("mysql", f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_swedish_ci")

    def create_user(self, name, password):
        self.execute("mysql", f"CREATE USER `{name}` IDENTIFIED BY '{password}'")
