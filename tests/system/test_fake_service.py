"""The fake service itself, asked by hand: a check that never objects would let the daemon do anything."""
import base64
import http.client
import json
import ssl
import threading
import urllib.parse
import uuid

import pytest

from conftest import AKERIET, EKSTROM, LINDQVIST
from contract_site import certificates  # noqa: F401
from fake_service import CLIENT, SECRET, FakeService

ME = str(uuid.uuid5(uuid.NAMESPACE_DNS, "main"))


class Client:
    """A client that does as it should, but for what a test changes."""

    def __init__(self, service, folder):
        self.service, self.tls = service, ssl.create_default_context(cafile=folder / "ca.pem")
        self.headers = {"User-Agent": "samsynk/0.1.0", "Content-Type": "application/json"}
        self.sign_in()

    def sign_in(self):
        secret = f"{CLIENT}:{urllib.parse.quote(SECRET, safe='')}"
        form = {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode(),
                "Content-Type": "application/x-www-form-urlencoded"}
        token = self("POST", "/in%C3%A5t/token", "grant_type=client_credentials", port=self.service.sign_in_port, **form)
        self.headers["Authorization"] = "Bearer " + token["access_token"]

    def __call__(self, method, target, body=None, port=None, **headers):
        sent = {"traceparent": f"00-{uuid.uuid4().hex}-{uuid.uuid4().hex[16:]}-01", **self.headers, **headers}
        connection = http.client.HTTPSConnection("localhost", port or self.service.port, context=self.tls, timeout=20)
        try:
            text = body if body is None or isinstance(body, str) else json.dumps(body)
            connection.request(method, target, text, {name: value for name, value in sent.items() if value})
            reply = connection.getresponse()
            return {**json.loads(reply.read()), "headers": reply.headers}
        finally:
            connection.close()

    def put(self, *companies, installation=ME):
        return self("PUT", "/v1/installations/" + installation, {
            "epoch": self.service.account.epoch, "program": "folder", "program_version": "1", "host": "här",
            "companies": list(companies)})

    def post(self, company, operation_id=None, **changes):
        operation = {"operation_id": operation_id or str(uuid.uuid4()), "installation": ME, "company": company,
                     "if_version": self.service.account.records.get(company, {}).get("version", 1),
                     "set": {"receive_invoices": True}, **changes}
        body = {"epoch": self.service.account.epoch, "operations": [operation]}
        return self("POST", "/v1/preferences", body)["results"][0]


@pytest.fixture
def service(tmp_path, certificates):  # noqa: F811
    one = FakeService(tmp_path, certificates.of("good"))
    one.account.add(LINDQVIST, "Lindqvist Bygg AB")
    one.account.add(EKSTROM, "Ekströms Måleri AB", "ended")
    yield one
    one.stop()
    assert not [thread for thread in threading.enumerate() if thread is not threading.main_thread()]


@pytest.fixture
def client(service, certificates):  # noqa: F811
    return Client(service, certificates.folder)


@pytest.mark.parametrize("wrong", [
    {"User-Agent": "curl/8"}, {"traceparent": None}, {"traceparent": "00-" + "0" * 32 + "-" + "1" * 16 + "-01"},
    {"Authorization": "Bearer x"}, {"Authorization": None}, {"Host": "127.0.0.1"}])
def test_a_wrong_header_is_a_breach(service, client, wrong):
    client("GET", "/v1/companies", **wrong)
    assert len(service.violations) == 1


@pytest.mark.parametrize("method,target,body", [
    ("GET", "/v1/companies?limit=501", None), ("GET", "/v1/changes?cursor=x&wait=61", None), ("GET", "/v1/nothing", None),
    ("PUT", "/v1/installations/" + ME, {"epoch": "x"}), ("POST", "/v1/preferences", "{")])
def test_a_wrong_request_is_a_breach(service, client, method, target, body):
    client(method, target, body)
    assert service.violations


def test_a_traceparent_is_good_once(service, client):
    for _ in range(2):
        client("GET", "/v1/companies", traceparent="00-" + "1" * 32 + "-" + "2" * 16 + "-01")
    assert len(service.violations) == 1


def test_operations(service, client):
    client.put(LINDQVIST, EKSTROM, AKERIET)
    version = service.account.records[LINDQVIST]["version"]
    first = client.post(LINDQVIST, "00000000-0000-4000-8000-000000000001")
    assert first["status"] == 200 and first["record"]["version"] > version
    again = client.post(LINDQVIST, "00000000-0000-4000-8000-000000000001", if_version=version)
    assert (again["status"], len(service.writes)) == (200, 1)
    other = client.post(LINDQVIST, "00000000-0000-4000-8000-000000000001", if_version=version + 1)
    assert other["problem"]["code"] == "operation_id_reused"
    late = client.post(LINDQVIST, if_version=version)
    assert (late["status"], late["problem"]["code"]) == (412, "version_mismatch") and late["record"]
    assert client.post(EKSTROM)["problem"]["code"] == "collaboration_not_active"
    assert client.post(EKSTROM, set={"receive_invoices": False})["status"] == 200
    assert client.post(AKERIET)["problem"]["code"] == "unknown_company"
    assert service.violations == []
    assert client.post(LINDQVIST, set={"receive_invoices": None})["problem"]["code"] == "invalid"
    assert len(service.violations) == 1


def test_claims_and_epochs(service, client):
    service.rules.hold_elsewhere(EKSTROM, "där")
    claims = {claim["company"]: claim for claim in client.put(LINDQVIST, EKSTROM, AKERIET)["claims"]}
    assert [claims[number]["status"] for number in (LINDQVIST, EKSTROM, AKERIET)] == ["granted", "held", "unknown"]
    assert claims[EKSTROM]["holder_host"] == "där"
    assert client.post(EKSTROM, set={"receive_invoices": False})["problem"]["code"] == "claim_held"
    client("DELETE", f"/v1/installations/{ME}/companies/{LINDQVIST}")
    assert LINDQVIST not in service.rules.claims
    body = {"epoch": "gammal", "operations": []}
    assert client("POST", "/v1/preferences", body)["code"] == "epoch_changed"
    assert service.violations == []


def test_a_record_by_itself_and_a_change_that_is_waited_for(service, client):
    one = client("GET", "/v1/companies/" + LINDQVIST)
    assert one["headers"]["ETag"] == f'"{one["record"]["version"]}"'
    cursor = urllib.parse.quote(client("GET", "/v1/companies")["cursor"], safe="")
    assert client("GET", f"/v1/changes?cursor={cursor}")["items"] == []
    asking = threading.Thread(target=service.account.choose, args=(LINDQVIST,), kwargs={"receive_invoices": True})
    asking.start()
    assert [record["company"] for record in client("GET", f"/v1/changes?cursor={cursor}&wait=60")["items"]] == [LINDQVIST]
    asking.join()
