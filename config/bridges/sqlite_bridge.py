#!/usr/bin/python3
"""A bridge between Samsynk and companies that stand in an SQLite file. To be copied: replace what is marked HERE.

    sqlite_bridge.py companies.db            as Samsynk starts it (installations[].command)
    sqlite_bridge.py --prepare companies.db  makes the tables, once

It reads requests from standard input and answers on standard output, an object of JSON a line: docs/exec-connector.md.
What people should read goes to standard error; its last line is told where the bridge fails.
"""
import json
import pathlib
import sqlite3
import sys
import threading
import time

TABLES = """
CREATE TABLE IF NOT EXISTS company (place TEXT PRIMARY KEY, number TEXT, name TEXT, send_all_invoices INTEGER,
    receive_invoices INTEGER, collaboration_revision TEXT, collaboration TEXT);
CREATE TABLE IF NOT EXISTS marker (marker TEXT NOT NULL);
"""
CHOICES = ("send_all_invoices", "receive_invoices")
PREFER = {0: False, 1: True}  # what is neither is told as it stands, so that Samsynk sets that company aside


class Refused(Exception):
    """An answer that is an error: a code of the protocol, and a sentence for people."""


class Books:
    """HERE: the accounting program. Each call opens the file anew, so that one that is gone is seen to be gone."""

    def __init__(self, path):
        self.path = path

    def open(self):
        try:
            return sqlite3.connect(f"{pathlib.Path(self.path).absolute().as_uri()}?mode=rw", uri=True, timeout=5)
        except sqlite3.OperationalError as problem:
            raise Refused("offline", f"{self.path} can't be opened ({problem}).") from None

    def ask(self, statement, *values):
        """The rows; with how many were changed. One statement is one transaction."""
        database = self.open()
        try:
            with database:
                cursor = database.execute(statement, values)
                return cursor.fetchall(), cursor.rowcount
        except sqlite3.OperationalError as problem:
            code = "busy" if "locked" in str(problem) else "offline"
            raise Refused(code, f"{self.path} can't be used ({problem}).") from None
        finally:
            database.close()

    def companies(self, only="place IS NOT NULL", *values):
        rows, _ = self.ask("SELECT place, number, name, send_all_invoices, receive_invoices, collaboration_revision FROM company WHERE "
                           + only, *values)
        return [{"place": place, "number": number, "name": name, "send_all_invoices": PREFER.get(send, send),
                 "receive_invoices": PREFER.get(receive, receive), "collaboration_revision": revision}
                for place, number, name, send, receive, revision in rows]

    def company(self, place):
        found = self.companies("place = ?", place)
        if not found:
            raise Refused("not_found", f"There is no company {place}.")
        return found[0]

    def write(self, place, number, preference, was, to, dry_run):
        """Only if it is what Samsynk read, and the company the one it meant: looked at and written in one step."""
        if preference not in CHOICES:
            raise Refused("write_failed", f"There is no preference {preference}.")
        told = "".join(c for c in self.company(place)["number"] or "" if c.isdigit())[-10:]
        if told != number:
            raise Refused("changed_meanwhile", "Another company stands there now.")
        if dry_run:
            if self.company(place)[preference] is not was:
                raise Refused("changed_meanwhile", "It was changed meanwhile.")
            return
        _, count = self.ask(f"UPDATE company SET {preference} = ? WHERE place = ? AND {preference} IS ?", to, place, was)
        if count == 0:
            raise Refused("changed_meanwhile", "It was changed meanwhile.")

    def tell(self, place, revision, collaboration):
        self.company(place)
        self.ask("UPDATE company SET collaboration_revision = ?, collaboration = ? WHERE place = ?", revision,
                 json.dumps(collaboration, ensure_ascii=False), place)

    def marker(self):
        rows, _ = self.ask("SELECT marker FROM marker")
        return rows[0][0] if rows else None

    def write_marker(self, marker):
        self.ask("INSERT INTO marker (marker) VALUES (?)", marker)


class Bridge:
    """The protocol. Nothing of it depends on the accounting program."""

    def __init__(self, books):
        self.books, self.lock, self.known = books, threading.Lock(), None

    def say(self, **line):
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()

    def answer(self, id, do, place=None, **more):
        if do == "hello":
            self.say(id=id, protocol=1, program="sqlite", capabilities=["read_preferences", "write_preferences", "collaboration",
                                                               "changed", "marker", "dry_run"])
        elif do == "list":
            companies = self.books.companies()
            for company in companies:
                self.say(id=id, company=company)
            self.say(id=id, count=len(companies))
        elif do == "read":
            self.say(id=id, company=self.books.company(place))
        elif do == "marker":
            self.say(id=id, marker=self.books.marker())
        else:
            if do == "write":
                self.books.write(place, more["number"], more["preference"], more["from"], more["to"],
                                 more.get("dry_run", False))
            elif do == "collaboration":
                self.books.tell(place, more["collaboration_revision"], more["collaboration"])
            elif do == "write_marker":
                self.books.write_marker(more["marker"])
            else:
                raise Refused("write_failed", f"This bridge can't {do}.")
            self.say(id=id, done=True)

    def look(self):
        """Tells which companies are not as they were. HERE: better, where the program itself can tell."""
        try:
            now = {company["place"]: company for company in self.books.companies()}
        except Refused:
            return  # a run tells what is the matter
        before, self.known = self.known, now
        if before is not None:
            changed = [place for place in {**before, **now} if before.get(place) != now.get(place)]
            if changed:
                self.say(changed=changed)

    def look_again_and_again(self):
        while True:
            with self.lock:
                self.look()
            time.sleep(1)

    def run(self):
        threading.Thread(target=self.look_again_and_again, daemon=True).start()
        for line in sys.stdin:  # it ends when Samsynk does
            request = json.loads(line)
            with self.lock:
                try:
                    self.answer(**request)
                except Refused as refused:
                    self.say(id=request["id"], error={"code": refused.args[0], "message": refused.args[1]})


def main(words):
    for stream in (sys.stdin, sys.stdout):
        stream.reconfigure(encoding="utf-8", newline="\n")
    if words[:1] == ["--prepare"]:
        sqlite3.connect(words[1]).executescript(TABLES)
    elif len(words) == 1:
        Bridge(Books(words[0])).run()
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
