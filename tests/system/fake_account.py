"""What the fake service knows: companies, what changed in them, and the epoch. Nothing of HTTP.

Everything that the contract leaves open is done in an unusual way, so that nothing can come to rely on the usual one."""
import copy
import itertools
import threading

FIRST_VERSION = 4_000_000_000  # more than 32 bits


class Problem(Exception):
    """A whole call that is refused."""

    def __init__(self, status, code, headers=None, detail="så är det"):
        super().__init__(f"{status} {code}")
        self.status, self.code, self.headers, self.detail = status, code, headers or {}, detail


def new_record(number, name, state, preferences):
    """A record with more in it than anyone agreed on, at every level."""
    collaboration = None if state is None else {
        "snart": {"djupt": [{"nere": [None, 1e3, 123456789012345678901234567890]}]}, "payee": None, "ended_at": None,
        "state": state, "awaiting": "approval" if state == "invited" else None, "id": "k/ö=" + number,
        "office": {"company": "5562651892", "name": "Norrsken Redovisning AB", "ort": "Luleå"},
        "assignment": {"name": "Löpande bokföring", "id": "u-17", "timpris": 1250.5},
        "invoice_recipient": "office", "invited_at": "2026-11-01T09:30:00Z",
        "approved_at": None if state == "invited" else "2026-11-01T10:00:00.123456Z",
        "ends_on": "2026-12-31" if state == "ending" else None}
    return {"company": number, "name": name, "function": "active", "collaboration": collaboration,
            "preferences": {"print_invoices": True, "send_all_invoices": None, "receive_invoices": None, **preferences},
            "registration": {"receive": "none", "operator": None, "sedan": ""}, "": "tomt namn", "state": "ended"}


class Account:
    def __init__(self):
        self.changed = threading.Condition()
        self.records, self.feed, self.pages, self.cursors = {}, [], {}, {}
        self.on_restore = []  # what else an epoch ends
        self.page = 2  # whatever limit is asked for
        self.closed = False
        self._epochs, self._tokens = itertools.count(1), itertools.count(1)
        self._new_epoch(FIRST_VERSION)

    def _new_epoch(self, version):
        self.epoch = f'epok {next(self._epochs)}: å "/+&=?#%'
        self._version, self._jumps = version, itertools.cycle((2, 7, 1, 4))

    def put(self, record):
        with self.changed:
            self._version += next(self._jumps)
            record.update(version=self._version, updated_at="2026-11-02T08:00:00.5Z")
            self.records[record["company"]] = record
            self.feed.append(record["company"])
            self.changed.notify_all()

    def add(self, number, name, state="active", **preferences):
        self.put(new_record(number, name, state, preferences))

    def edit(self, number, change):
        """`change(record)` alters a copy, so that a record once handed out stays as it was."""
        record = copy.deepcopy(self.records[number])
        change(record)
        self.put(record)

    def choose(self, number, **preferences):
        self.edit(number, lambda record: record["preferences"].update(preferences))

    def set_state(self, number, state):
        self.edit(number, lambda record: record["collaboration"].update(state=state, awaiting=None))

    def leave(self, number):
        self.put({"company": number, "gone": True, "varför": "såld"})

    def restore(self):
        """Another life of the same data: values stay, versions begin low, and nothing else from before means anything."""
        with self.changed:
            self._new_epoch(0)
            self.feed.clear()
            for record in list(self.records.values()):
                self.put(copy.deepcopy(record))
            for forget in self.on_restore:
                forget()

    def close(self):
        """Nobody waits any longer."""
        with self.changed:
            self.closed = True
            self.changed.notify_all()

    def preferences(self, number):
        chosen = self.records[number]["preferences"]
        return chosen["send_all_invoices"], chosen["receive_invoices"]

    # What is asked for

    def _token(self, kept, *value):
        token = f'{next(self._tokens)}/+&=?#% å"\\;'
        kept[token] = value
        return token

    def list(self, after):
        """The companies that there were at the first page, last one first; their records as they are now. The second
        page is short, and every page has a later cursor than the one before."""
        if after is None:
            at, left = 1, [number for number in reversed(self.records) if not self.records[number].get("gone")]
        elif after in self.pages:
            at, left = self.pages[after]
        else:
            raise Problem(400, "unknown_page")
        count = 1 if at == 2 else self.page
        page, rest = left[:count], left[count:]
        return {"next": self._token(self.pages, at + 1, rest) if rest else None, "epoch": self.epoch,
                "items": [self.records[number] for number in page if not self.records[number].get("gone")],
                "cursor": self._token(self.cursors, self.epoch, len(self.feed)), "total": None}

    def changes(self, cursor, wait):
        known = self.cursors.get(cursor)
        if not known or known[0] != self.epoch:
            raise Problem(410, "cursor_expired")
        start = known[1]
        with self.changed:
            self.changed.wait_for(lambda: self.closed or len(self.feed) > start, wait)
            ahead = self.feed[start:]
            # Each once: only where it changed last.
            newest = [number for at, number in enumerate(ahead) if number not in ahead[at + 1:]]
            page = newest[:self.page]
            reached = start + (len(ahead) if len(newest) <= self.page else self._last(ahead, page) + 1)
            return {"items": [self.records[number] for number in page], "more": len(newest) > self.page, "nyheter": [],
                    "cursor": self._token(self.cursors, self.epoch, reached), "epoch": self.epoch}

    @staticmethod
    def _last(ahead, page):
        return max(at for at, number in enumerate(ahead) if number in page)
