"""The bridge that integrators copy, talked to directly; and every line, of either side, held against the schema."""
import json
import os
import pathlib
import queue
import sqlite3
import subprocess
import threading

import jsonschema
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BRIDGE = ROOT / "config/bridges/sqlite_bridge.py"
SCHEMA = json.loads((ROOT / "docs/exec-connector.schema.json").read_text())
ALL = ["read_preferences", "write_preferences", "collaboration", "changed", "marker", "dry_run"]
COLLABORATION = {"company": "5560160680", "name": "Åkeriet", "function_active": True, "state": "active", "awaiting": None,
                 "office_name": "Byrån", "office_company": None, "assignment": None, "invoice_recipient": "office",
                 "payee": None, "invited_at": None, "approved_at": None, "ends_on": None, "ended_at": None,
                 "registration": "none", "registration_operator": None, "sending_in_effect": True,
                 "receiving_in_effect": False}


def check(line, kind):
    schema = {"$ref": f"#/$defs/{kind}", "$defs": SCHEMA["$defs"]}
    jsonschema.Draft202012Validator(schema).validate(line)
    jsonschema.Draft202012Validator(SCHEMA).validate(line)


class Talk:
    def __init__(self, file):
        self.file, self.id, self.lines = file, 0, queue.Queue()
        self.process = subprocess.Popen([BRIDGE, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}, cwd="/")
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(json.loads(line))

    def line(self, kind="answer"):
        line = self.lines.get(timeout=10)
        check(line, kind)
        return line

    def send(self, do, **more):
        self.id += 1
        request = {"id": self.id, "do": do, **more}
        check(request, "request")
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return self.id

    def ask(self, do, **more):
        id = self.send(do, **more)
        answer = self.line()
        while "changed" in answer:
            answer = self.line()
        assert answer["id"] == id
        return answer

    def write(self, was, to, **more):
        request = {"place": "7", "number": "5560160680", "preference": "send_all_invoices", "from": was, "to": to, **more}
        answer = self.ask("write", **request)
        return answer["error"]["code"] if "error" in answer else answer["done"]

    def sql(self, statement, *values):
        with sqlite3.connect(self.file) as database:
            return database.execute(statement, values).fetchall()

    def end(self):
        self.process.stdin.close()
        code = self.process.wait(timeout=10)
        self.reader.join(timeout=10)
        return code


@pytest.fixture
def talk(tmp_path):
    file = tmp_path / "Företag.db"
    subprocess.run([BRIDGE, "--prepare", file], check=True)
    talk = Talk(file)
    talk.sql("INSERT INTO company (place, number, name) VALUES ('7', '556016-0680', 'Åkeriet'), ('9', '556036-0793', 'B')")
    assert talk.ask("hello", protocol=1, agent="samsynk/test") == {"id": 1, "protocol": 1, "program": "sqlite", "capabilities": ALL}
    yield talk
    if talk.process.poll() is None:
        talk.end()


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("line", [
    {"id": 1, "do": "dance"}, {"id": 1, "do": "read"}, {"id": "1", "do": "list"}, {"do": "list"},
    {"id": 4, "do": "write", "place": "7", "number": "556016-0680", "preference": "send_all_invoices", "from": None,
     "to": True},
    {"id": 4, "do": "write", "place": "7", "number": "5560160680", "preference": "send_all_invoices", "to": True}])
def test_the_schema_refuses_other_requests(line):
    with pytest.raises(jsonschema.ValidationError):
        check(line, "request")


@pytest.mark.parametrize("line", [
    {"id": 1, "done": False}, {"done": True}, {"id": 1, "done": True, "count": 1}, {"id": 1, "protocol": 1, "program": "A",
                                                                                    "capabilities": []},
    {"id": 1, "company": {"place": "7", "send_all_invoices": None}}, {"id": 1, "error": {}}, {"id": 1, "error": "no"},
    {"id": 1, "company": {"place": "a\nb", "error": "x"}},
    {"id": 1, "company": {"place": "7", "send_all_invoices": "yes", "receive_invoices": None}}])
def test_the_schema_refuses_other_answers(line):
    with pytest.raises(jsonschema.ValidationError):
        check(line, "answer")


def test_it_lists_and_reads(talk):
    talk.send("list")
    lines = [talk.line() for _ in range(3)]
    assert [line["company"]["place"] for line in lines[:2]] == ["7", "9"]
    assert lines[2] == {"id": 2, "count": 2}
    assert talk.ask("read", place="7")["company"] == {"place": "7", "number": "556016-0680", "name": "Åkeriet",
                                                      "send_all_invoices": None, "receive_invoices": None, "collaboration_revision": None}
    assert talk.ask("read", place="8")["error"]["code"] == "not_found"


def test_it_writes_only_over_what_was_read(talk):
    assert talk.write(None, True) is True
    assert talk.sql("SELECT send_all_invoices, receive_invoices FROM company WHERE place = '7'") == [(1, None)]
    assert talk.write(None, False) == "changed_meanwhile"
    assert talk.write(False, True) == "changed_meanwhile"
    assert talk.write(True, False, number="5560360793") == "changed_meanwhile", "another company"
    assert talk.write(True, False, dry_run=True) is True
    assert talk.write(False, True, dry_run=True) == "changed_meanwhile"
    assert talk.ask("read", place="7")["company"]["send_all_invoices"] is True


def test_of_two_that_write_at_once_one_wins(talk):
    others = Talk(talk.file)
    for was, to in ((None, True), (True, False), (False, True)):
        for one in (talk, others):
            one.send("write", place="7", number="5560160680", preference="receive_invoices", **{"from": was}, to=to)
        answers = []
        for one in (talk, others):
            line = one.line("answer") if one.lines.empty() else one.lines.get()
            while "changed" in line:
                line = one.lines.get(timeout=10)
            answers.append("done" in line)
        assert sorted(answers) == [False, True]
    assert others.end() == 0


def test_it_gives_back_what_it_was_told(talk):
    assert talk.ask("collaboration", place="7", collaboration_revision="00000000000000ff", collaboration=COLLABORATION)["done"]
    assert talk.ask("read", place="7")["company"]["collaboration_revision"] == "00000000000000ff"
    assert talk.ask("collaboration", place="8", collaboration_revision="00000000000000ff",
                    collaboration=COLLABORATION)["error"]["code"] == "not_found"


def test_it_keeps_a_mark(talk):
    assert talk.ask("marker")["marker"] is None
    assert talk.ask("write_marker", marker="5f3c")["done"]
    assert talk.ask("marker")["marker"] == "5f3c"


def test_it_tells_of_what_others_change(talk):
    talk.ask("marker")
    talk.sql("UPDATE company SET receive_invoices = 1 WHERE place = '9'")
    assert talk.line("unasked") == {"changed": ["9"]}


def test_a_file_that_is_gone_is_offline_and_not_empty(talk):
    talk.file.rename(talk.file.with_name("away"))
    assert talk.ask("list")["error"]["code"] == "offline"
    talk.file.with_name("away").rename(talk.file)
    assert talk.ask("read", place="9")["company"]["name"] == "B"


def test_it_ends_with_its_input(talk):
    assert talk.end() == 0


def test_what_the_connector_really_says_fits_the_schema(tmp_path):
    suite = pathlib.Path(os.environ["SAMSYNK_BIN"]).parent / "tests/contract_connectors"
    subprocess.run([suite, "--gtest_filter=*/exec"], check=True, stdout=subprocess.DEVNULL,
                   env={**os.environ, "SAMSYNK_TEST_TRAFFIC": str(tmp_path)})
    requests = [json.loads(line) for line in (tmp_path / "requests").read_text().splitlines()]
    answers = [json.loads(line) for line in (tmp_path / "answers").read_text().splitlines()]
    assert {request["do"] for request in requests} == {"hello", "list", "read", "write", "collaboration", "marker",
                                                       "write_marker"}
    for request in requests:
        check(request, "request")
    spoiled = 0
    for answer in answers:
        if answer.get("company", {}).get("send_all_invoices") == "perhaps":  # on purpose
            spoiled += 1
        else:
            check(answer, "unasked" if "changed" in answer else "answer")
    assert len(answers) > len(requests) > 50 and spoiled > 0
