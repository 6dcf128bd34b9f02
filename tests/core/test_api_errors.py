"""Whatever a program sends to the JSON interface that it cannot answer: JSON with all faults, 4xx, never a page."""

import pytest
from starlette.testclient import TestClient

from geoecon.web.api import interface
from geoecon.web.app import create_app

ODD = ["é", "0", "null", "a" * 3000, "%00", "1e999", "..%2Fx"]
BODIES = [b"", b"[]", b"{}", b"null", b"[" * 5000, b"\xff\xfe", b'{"case": 1}',
          b'{"case": "japan-korea-2019", "more": 1}',
          b'{"case": "japan-korea-2019", "draws": 2.5}', b'{"case": "japan-korea-2019", "draws": -1}',
          b'{"case": "japan-korea-2019", "seed": 1e99}', b'{"case": "japan-korea-2019", "cutoff": "soon"}',
          b'{"case": "japan-korea-2019", "scenario": {"luck": 1}}', b'{"case": "nobody", "form": "exe"}']  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    place = tmp_path_factory.mktemp("api")
    app = create_app(workers=1, scenarios=place / "scenarios.sqlite")
    with TestClient(app, base_url="http://127.0.0.1:8765", raise_server_exceptions=False) as asked:
        yield asked


def refused(answer):
    assert 400 <= answer.status_code < 500, (answer.request.url, answer.status_code, answer.text[:200])
    assert answer.headers["content-type"].startswith("application/json"), answer.request.url
    found = answer.json()
    assert set(found) == {"message", "faults"} and found["faults"], found
    assert found["message"] == "\n".join(found["faults"])


def addresses():
    return [(path, method) for path, methods in interface().openapi()["paths"].items() for method in methods]


def test_an_address_that_there_is_not_and_a_method_that_is_none(client):
    for path in ("/api/nothing", "/api/cases/nobody", "/api/jobs/0", "/api/jobs/0/events"):
        refused(client.get(path))
    for path, method in addresses():
        refused(client.request("PATCH" if method else "GET", path.replace("{key}", "x").replace("{job}", "x")))


@pytest.mark.parametrize("path", sorted({path for path, _ in addresses() if "{" in path}))
def test_a_key_that_is_none(client, path):
    method = next(method for known, method in addresses() if known == path)
    for odd in ODD:
        refused(client.request(method.upper(), path.replace("{key}", odd).replace("{job}", odd)))


@pytest.mark.parametrize("path", [path for path, method in addresses() if method == "post" and "{" not in path])
def test_a_body_that_cannot_be_used(client, path):
    for body in BODIES:
        refused(client.post(path, content=body))


def test_a_question_of_law_that_cannot_be_asked(client):
    for odd in ODD:
        refused(client.get("/api/licence", params={"exporter": odd, "destination": "KOR", "item": "3C002"}))
    sound = {"exporter": "JPN", "destination": "KOR", "item": "3C002"}
    refused(client.get("/api/licence", params=sound | {"on": "2019-02-30"}))
    refused(client.get("/api/licence", params=sound | {"colour": "red"}))


def test_the_clock_and_the_scan_refuse_what_is_no_table(client):
    for body in (b"", b"\xff\xfe", b"x", b"part,stock\n1", b"PK\x03\x04broken"):
        refused(client.post("/api/clock", params={"start": "2026-01-01"}, content=body))
        refused(client.post("/api/scan", params={"importer": "KOR"}, content=body))
    refused(client.post("/api/clock", params={"start": "soon"}, content=b"part,stock,use per day\na,1,1\n"))
    refused(client.post("/api/scan", params={"importer": "KOR", "top": "2.5"}, content=b"x"))


@pytest.mark.parametrize(("body", "said"), [
    (b'{"draws": 2.5}', "draws = '2.5'; allowed: a whole number from 0 to 2000"),
    (b'{"draws": -1}', "draws = '-1'; allowed: a whole number from 0 to 2000"),
    (b'{"draws": true}', "draws = 'True'; allowed: a whole number from 0 to 2000"),
    (b'{"draws": NaN}', "draws = 'nan'; allowed: a whole number from 0 to 2000"),
    (b'{"seed": "x"}', "seed = 'x'; allowed: a whole number from 0 to 2147483648"),
    (b'{"luck": 1}', "luck: unknown; allowed: case, scenario, draws, seed, cutoff, page"),
    (b'{"scenario": {"inventory_days": " "}}', "scenario inventory_days is blank; allowed: a value"),
    (b'{"cutoff": "2019-07-01T00"}', "cutoff = '2019-07-01T00'; allowed: at most 10 letters"),
    (b"[1]", "the body is no JSON object; allowed: one JSON object, sent as application/json"),
    (b"{bad", "the body is no JSON at letter 1; allowed: one JSON object"),
])  # fmt: skip
def test_a_fault_says_what_is_allowed_as_at_every_other_door(client, body, said):
    whole = body.replace(b"{", b'{"case": "japan-korea-2019", ', 1) if body.startswith(b'{"') else body
    answer = client.post("/api/run", content=whole, headers={"content-type": "application/json"})
    refused(answer)
    assert answer.json()["faults"] == [said]


def test_every_fault_of_a_body_says_what_is_allowed(client):
    for body in BODIES:
        for fault in client.post("/api/run", content=body).json()["faults"]:
            assert "allowed: " in fault, (body, fault)
