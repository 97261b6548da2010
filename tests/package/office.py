"""The office that lives on the machine: the service's stand-in, books of three kinds, and the configuration."""
import json
import pathlib
import sqlite3

from machine import ROOT, wait_for

LINDQVIST, EKSTROM, AKERIET = "5560160680", "5560360793", "5560747569"
NAMES = {LINDQVIST: "Lindqvist Bygg AB", EKSTROM: "Ekströms Måleri AB", AKERIET: "Ångermanlands Åkeri AB"}
BRIDGE = "/usr/share/doc/samsynk/examples/bridges/sqlite_bridge.py"
SECRET = "/etc/samsynk/secret"

ONLINE_UNIT = """[Service]
ExecStart=/usr/bin/samsynk-sandbox --data /var/lib/{name} serve --port {port}
Restart=on-failure
[Install]
WantedBy=multi-user.target
"""

CONFIGURATION = """service:
  url: https://localhost:{port}
  ca_file: /etc/samsynk/{online}.pem
  auth: {{issuer: 'https://localhost:{port}', client_id: samsynk, client_secret_file: '{secret}'}}
sync: {{interval: 1h, push: true}}
installations:
{installations}
"""
FOLDER = "  - {id: main, connector: folder, path: /srv/spcs/Företag}\n"
GNUCASH = ("  - {id: gnucash, connector: sql, mapping: gnucash, "
           "database: {type: sqlite, path: /srv/gnucash/book.gnucash}}\n")
# With a short time to answer in: the watchdog waits as long as a step is allowed to take.
BY_BRIDGE = (f"  - {{id: bridge, connector: exec, command: [/usr/bin/python3, {BRIDGE}, /srv/bridge/companies.db], "
             "timeout: 10s}\n")
ALL = FOLDER + GNUCASH + BY_BRIDGE


class Office:
    def __init__(self, machine):
        self.machine = machine

    def open_online(self, name="online", port=8443):
        """The service's stand-in, as a unit of its own, so that it is there after a restart of the machine too."""
        m = self.machine
        m.write(f"/etc/systemd/system/{name}.service", ONLINE_UNIT.format(name=name, port=port))
        m.run("systemctl", "daemon-reload")
        m.run("systemctl", "enable", "--now", f"{name}.service")
        wait_for(lambda: m.exists(f"/var/lib/{name}/port"))
        m.write(f"/etc/samsynk/{name}.pem", m.read(f"/var/lib/{name}/ca.pem"))
        m.run("install", "-m0400", "-osamsynk", f"/var/lib/{name}/client_secret", SECRET if name == "online" else f"/etc/samsynk/{name}-secret")

    def online(self, *words, name="online"):
        return self.machine.text("samsynk-sandbox", "--data", f"/var/lib/{name}", *words)

    def add(self, number, name="online"):
        self.online("company", "add", number, NAMES[number], name=name)
        self.online("activate", number, name=name)
        self.online("approve", number, name=name)

    def record(self, number, name="online"):
        return json.loads(self.online("show", number, name=name))["preferences"]

    def lay_folder(self, root="/srv/spcs/Företag"):
        """A folder that belongs to a group of its own and hands it on, as those of file servers do."""
        m = self.machine
        text = f'#FLAGGA 0\r\n#FORMAT PC8\r\n#SIETYP 4\r\n#ORGNR 556036-0793\r\n#FNAMN "{NAMES[EKSTROM]}"\r\n'
        m.write(f"{root}/Ekstrom/bok.se", "")
        (m.root / root.lstrip("/") / "Ekstrom/bok.se").write_bytes(text.encode("cp437"))
        m.run("sh", "-c", "getent group spcs || groupadd spcs; usermod -aG spcs samsynk; "
              f"chgrp -R spcs {root}; chmod -R g+rwX {root}; find {root} -type d -exec chmod g+s '{{}}' +")

    def lay_gnucash(self):
        path = self.machine.root / "srv/gnucash/book.gnucash"
        path.parent.mkdir(parents=True)
        with sqlite3.connect(path) as book:
            book.executescript((ROOT / "tests/system/gnucash_book.sql").read_text())
        book.close()
        self.machine.run("chown", "-R", "samsynk:samsynk", "/srv/gnucash")

    def lay_bridge(self):
        m = self.machine
        m.run("install", "-d", "-osamsynk", "/srv/bridge")
        m.run("touch", "/srv/bridge/companies.db")
        m.run("python3", BRIDGE, "--prepare", "/srv/bridge/companies.db")
        with sqlite3.connect(m.root / "srv/bridge/companies.db") as books:
            books.execute("INSERT INTO company (place, number, name) VALUES ('7', ?, ?)", (AKERIET, NAMES[AKERIET]))
        books.close()
        m.run("chown", "-R", "samsynk:samsynk", "/srv/bridge")

    def configure(self, text=None, file="samsynk.yaml", more="", **values):
        values = {"port": 8443, "online": "online", "secret": SECRET, "installations": ALL, **values}
        self.machine.write(f"/etc/samsynk/{file}", text if text is not None else CONFIGURATION.format(**values) + more)
        self.machine.run("systemd-tmpfiles", "--create", "samsynk.conf")

    def samsynk(self, *words, check=True, **more):
        return self.machine.run("samsynk", *words, check=check, **more)

    def asked(self, *words):
        done = self.samsynk("--json", *words, check=False)
        return json.loads(done.stdout) if done.returncode in (0, 1) else None

    def local_choice(self, number, preference="receive_invoices"):
        """What the local program has, read from the books themselves."""
        root = pathlib.Path(self.machine.root)
        if number == EKSTROM:
            file = root / "srv/spcs/Företag/Ekstrom/samsynk/preferences.yaml"
            text = file.read_text() if file.exists() else ""
            return True if f"{preference}: true" in text else False if f"{preference}: false" in text else None
        path, table = ("srv/gnucash/book.gnucash", "samsynk_preferences") if number == LINDQVIST else \
            ("srv/bridge/companies.db", "company")
        books = sqlite3.connect(root / path, timeout=10)
        try:
            row = books.execute(f"SELECT {preference} FROM {table}").fetchone()
        finally:
            books.close()
        return None if not row or row[0] is None else bool(row[0])

    def everyone_has(self, value, preference="receive_invoices"):
        wait_for(lambda: all(self.local_choice(number, preference) is value for number in NAMES), 60)

    def choose_online(self, value, preference="receive-invoices", numbers=tuple(NAMES)):
        for number in numbers:
            self.online("prefs", number, f"--{preference}", "yes" if value else "no")
