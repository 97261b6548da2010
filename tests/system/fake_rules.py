"""The rules of writing: operations and claims. Nothing of HTTP."""
import collections
import copy
import re
import uuid

from fake_account import Problem

Write = collections.namedtuple("Write", "operation_id company set")
FIELDS = {"operation_id": str, "installation": str, "company": str, "if_version": int, "set": dict}
CHOICES = {"send_all_invoices", "receive_invoices"}


def is_uuid(text):
    return bool(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text))


def is_valid(operation):
    return (set(operation) == set(FIELDS) and all(type(operation[name]) is kind for name, kind in FIELDS.items())
            and is_uuid(operation["operation_id"]) and operation["set"] and set(operation["set"]) <= CHOICES
            and all(type(value) is bool for value in operation["set"].values()))


class Rules:
    def __init__(self, account):
        self.account = account
        self.remembered = {}  # operation id -> (operation, record of then)
        self.claims = {}  # company -> (installation, host)
        self.writes = []  # every applied write, in order
        self.replay = "then"  # which record a remembered 200 bears: of "then" or "now"
        account.on_restore += [self.remembered.clear, self.claims.clear]

    def require_epoch(self, body):
        if body.get("epoch") != self.account.epoch:
            raise Problem(409, "epoch_changed")

    # POST /v1/preferences

    def set_preferences(self, body):
        self.require_epoch(body)
        operations = body["operations"]
        if len(operations) > 500 or len({operation["company"] for operation in operations}) < len(operations):
            raise Problem(422, "invalid", detail="at most 500 operations, one a company")
        results = [{"tid_ms": 0.25, **self.apply(operation), "operation_id": operation["operation_id"]}
                   for operation in operations]
        return {"results": results[::-1], "epoch": self.account.epoch}

    def apply(self, operation):
        known = self.remembered.get(operation.get("operation_id"))
        if known and known[0] == operation:
            now = self.account.records[operation["company"]]
            return {"status": 200, "record": known[1] if self.replay == "then" else now}
        if known:
            return refused(422, "operation_id_reused")
        if not is_valid(operation):
            return refused(422, "invalid")
        record = self.account.records.get(operation["company"])
        if not record or record.get("gone"):
            return refused(404, "unknown_company")
        if self.claims.get(operation["company"], (None,))[0] != operation["installation"]:
            return refused(409, "claim_held")
        collaboration = record["collaboration"] or {}
        if True in operation["set"].values() and collaboration.get("state") not in ("active", "ending"):
            return refused(409, "collaboration_not_active")
        if record["version"] != operation["if_version"]:
            return {**refused(412, "version_mismatch"), "record": record}
        return self.write(operation)

    def write(self, operation):
        company = operation["company"]
        self.account.choose(company, **operation["set"])
        self.writes.append(Write(operation["operation_id"], company, operation["set"]))
        self.remembered[operation["operation_id"]] = (copy.deepcopy(operation), self.account.records[company])
        return {"status": 200, "record": self.account.records[company]}

    # PUT and DELETE /v1/installations

    def register(self, installation, body):
        self.require_epoch(body)
        claims = [self.claim(number, installation, body["host"]) for number in reversed(body["companies"])]
        return {"kvot": None, "claims": claims, "epoch": self.account.epoch}

    def claim(self, number, installation, host):
        if self.account.records.get(number, {"gone": True}).get("gone"):
            return {"status": "unknown", "company": number, "holder": None, "holder_host": None}
        holder, where = self.claims.setdefault(number, (installation, host))
        return {"status": "granted" if holder == installation else "held", "company": number, "holder": holder,
                "holder_host": where, "sedan": "2026-11-01T00:00:00Z"}

    def release(self, installation, number):
        if self.claims.get(number, (None,))[0] == installation:
            del self.claims[number]
        return {"epoch": self.account.epoch}

    def hold_elsewhere(self, number, host):
        """Another installation, on another host, comes first."""
        self.claims[number] = (str(uuid.uuid5(uuid.NAMESPACE_DNS, host)), host)


def refused(status, code):
    return {"status": status, "problem": {"type": "about:blank", "title": "Nej", "status": status, "detail": "å \"nej\"",
                                          "code": code, "request_id": "q-" + code, "mer": []}}
