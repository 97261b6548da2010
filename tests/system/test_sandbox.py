"""The sandbox keeps the contract: asked directly, as an integrator would."""
import base64
import http.client
import json
import ssl
import threading
import time
import urllib.parse
import uuid

import pytest

from conftest import AKERIET, EKSTROM, LINDQVIST

OURS, THEIRS = str(uuid.uuid4()), str(uuid.uuid4())


class Api:
    def __init__(self, office):
        self.tls = ssl.create_default_context(cafile=office.data / "ca.pem")
        self.port, self.office, self.token = office.port, office, ""

    def sign_in(self, secret=None):
        secret = secret or (self.office.data / "client_secret").read_text().strip()
        basic = base64.b64encode(f"samsynk:{secret}".encode()).decode()
        status, answer, _ = self.raw("POST", "/token", "grant_type=client_credentials",
                                     {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"})
        self.token = answer.get("access_token", "")
        return status

    def raw(self, method, path, body=None, headers=None):
        connection = http.client.HTTPSConnection("localhost", self.port, context=self.tls, timeout=20)
        connection.request(method, path, body, headers or {})
        reply = connection.getresponse()
        text = reply.read()
        connection.close()
        return reply.status, json.loads(text) if text else {}, reply

    def __call__(self, method, path, body=None):
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        status, answer, reply = self.raw(method, path, json.dumps(body) if body is not None else None, headers)
        if status >= 400:
            assert reply.headers["Content-Type"] == "application/problem+json"
            assert {"type", "title", "status", "detail", "code", "request_id"} <= answer.keys()
        return status, answer

    @property
    def epoch(self):
        return self("GET", "/v1/companies")[1]["epoch"]

    def claim(self, installation, *companies):
        body = {"epoch": self.epoch, "program": "p", "program_version": "1", "host": "h", "companies": list(companies)}
        return self("PUT", f"/v1/installations/{installation}", body)[1]["claims"]

    def push(self, *operations, epoch=None):
        return self("POST", "/v1/preferences", {"epoch": epoch or self.epoch, "operations": list(operations)})

    def one(self, operation):
        return self.push(operation)[1]["results"][0]


def operation(company, version, installation=OURS, **choices):
    return {"operation_id": str(uuid.uuid4()), "installation": installation, "company": company, "if_version": version,
            "set": choices}


@pytest.fixture
def api(office):
    office.add_active(LINDQVIST, "Lindqvist Bygg AB")
    office("company", "add", EKSTROM, "Ekströms Måleri AB")
    one = Api(office)
    assert one.sign_in() == 200
    one.claim(OURS, LINDQVIST, EKSTROM)
    return one


def test_discovery_and_a_wrong_secret(api):
    status, found, _ = api.raw("GET", "/.well-known/openid-configuration")
    assert status == 200 and found["issuer"] == f"https://localhost:{api.port}"
    assert urllib.parse.urlparse(found["token_endpoint"]).path == "/token"
    assert api.sign_in("wrong") == 401
    assert api("GET", "/v1/companies")[0] == 401


def test_pages_and_the_feed_after_the_first_page(api, office):
    office.add_active(AKERIET, "Åkeriet AB")
    first = api("GET", "/v1/companies?limit=2")[1]
    office.choose(LINDQVIST, receive_invoices="yes")
    rest = api("GET", f"/v1/companies?limit=2&after={first['next']}")[1]
    assert rest["next"] is None
    assert {item["company"] for item in first["items"] + rest["items"]} == {LINDQVIST, EKSTROM, AKERIET}
    feed = api("GET", f"/v1/changes?cursor={first['cursor']}")[1]
    assert [item["company"] for item in feed["items"]] == [LINDQVIST] and feed["more"] is False
    assert api("GET", f"/v1/changes?cursor={feed['cursor']}")[1]["items"] == []
    assert api("GET", "/v1/changes?cursor=nonsense")[1]["code"] == "cursor_expired"


@pytest.mark.parametrize("by", ["the command line", "an installation"])
def test_a_held_feed_is_answered_at_once(api, office, by):
    """By itself the sandbox looks again after five seconds only."""
    record = api("GET", f"/v1/companies/{LINDQVIST}")[1]["record"]
    cursor = api("GET", "/v1/companies")[1]["cursor"]
    answers = []

    def hold():
        answers.append(api("GET", f"/v1/changes?cursor={cursor}&wait=4")[1]["items"])
        answers.append(time.monotonic())
    held = threading.Thread(target=hold)
    held.start()
    time.sleep(0.5)
    assert not answers
    if by == "the command line":
        office.choose(LINDQVIST, receive_invoices="yes")
    else:
        api.one(operation(LINDQVIST, record["version"], receive_invoices=True))
    changed = time.monotonic()
    held.join()
    assert [item["company"] for item in answers[0]] == [LINDQVIST]
    assert answers[1] - changed < 1.5


def test_one_record_and_its_etag(api):
    status, answer, reply = api.raw("GET", f"/v1/companies/{LINDQVIST}", None, {"Authorization": f"Bearer {api.token}"})
    assert status == 200 and reply.headers["ETag"] == f'"{answer["record"]["version"]}"'
    assert answer["record"]["collaboration"]["state"] == "active"
    assert api("GET", f"/v1/companies/{AKERIET}")[1]["code"] == "unknown_company"


def test_an_operation_is_done_once_whatever_came_between(api, office):
    version = api("GET", f"/v1/companies/{LINDQVIST}")[1]["record"]["version"]
    wish = operation(LINDQVIST, version, receive_invoices=True)
    assert api.one(wish)["record"]["preferences"]["receive_invoices"] is True
    office.choose(LINDQVIST, receive_invoices="no")
    again = api.one(wish)
    assert again["status"] == 200, "remembered, though the version is old by now"
    assert office.record(LINDQVIST)["preferences"]["receive_invoices"] is False
    assert api.one({**wish, "set": {"receive_invoices": False}})["problem"]["code"] == "operation_id_reused"


def test_results_of_one_operation(api):
    version = api("GET", f"/v1/companies/{LINDQVIST}")[1]["record"]["version"]
    late = api.one(operation(LINDQVIST, version - 1, receive_invoices=True))
    assert (late["status"], late["problem"]["code"], late["record"]["version"]) == (412, "version_mismatch", version)
    other = api("GET", f"/v1/companies/{EKSTROM}")[1]["record"]["version"]
    assert api.one(operation(EKSTROM, other, send_all_invoices=True))["problem"]["code"] == "collaboration_not_active"
    assert api.one(operation(EKSTROM, other, send_all_invoices=False))["status"] == 200
    assert api.one(operation(AKERIET, 1, receive_invoices=True))["status"] == 404
    assert api.one(operation(LINDQVIST, version, receive_invoices=None))["status"] == 422
    assert api.one(operation(LINDQVIST, version, pay_invoices=True))["status"] == 422
    assert api.one(operation(LINDQVIST, version))["status"] == 422
    both = operation(EKSTROM, other + 1, send_all_invoices=True, receive_invoices=False)
    assert api.one(both)["status"] == 409
    assert api("GET", f"/v1/companies/{EKSTROM}")[1]["record"]["preferences"]["receive_invoices"] is None, "all or nothing"


def test_whole_calls(api, office):
    wish = operation(LINDQVIST, 1, receive_invoices=True)
    assert api.push(wish, epoch="old")[1]["code"] == "epoch_changed"
    assert api.push(wish, {**wish, "operation_id": str(uuid.uuid4())})[0] == 422
    assert api.push(*[wish] * 501)[0] in (413, 422)
    assert api("POST", "/v1/preferences", {"operations": []})[0] == 400
    assert api("GET", "/v1/preferences")[0] == 405
    before = api.epoch
    office("restore")
    assert api.epoch != before
    assert api.push(wish, epoch=before)[1]["code"] == "epoch_changed"


def test_claims_are_exclusive_until_given_up(api):
    assert api.claim(OURS, LINDQVIST)[0]["status"] == "granted"
    held = api.claim(THEIRS, LINDQVIST, AKERIET)
    assert [claim["status"] for claim in held] == ["held", "unknown"]
    assert held[0]["holder"] == OURS and held[0]["holder_host"] == "h"
    version = api("GET", f"/v1/companies/{LINDQVIST}")[1]["record"]["version"]
    wish = operation(LINDQVIST, version, THEIRS, receive_invoices=True)
    assert api.one(wish)["problem"]["code"] == "claim_held"
    assert api("DELETE", f"/v1/installations/{OURS}/companies/{LINDQVIST}")[0] in (200, 204)
    assert api.claim(THEIRS, LINDQVIST)[0]["status"] == "granted"
    assert api.one(wish)["status"] == 200, "a refusal is not remembered"


def test_a_company_leaves_and_comes_back(api, office):
    cursor = api("GET", "/v1/companies")[1]["cursor"]
    version = office.record(LINDQVIST)["version"]
    office("company", "remove", LINDQVIST)
    gone = api("GET", f"/v1/changes?cursor={cursor}")[1]["items"]
    assert gone == [{"company": LINDQVIST, "version": gone[0]["version"], "gone": True}] and gone[0]["version"] > version
    assert LINDQVIST not in {item["company"] for item in api("GET", "/v1/companies")[1]["items"]}
    office("company", "return", LINDQVIST)
    assert api("GET", f"/v1/companies/{LINDQVIST}")[1]["record"]["version"] > gone[0]["version"]
