"""What the server refuses: foreign hosts and origins, paths in names, large and foreign uploads. Nothing is kept."""

from __future__ import annotations

import functools
import http.client
import io
import zipfile
from pathlib import Path

import httpx
import pytest

from geoecon.errors import InputError
from geoecon.web import uploads
from geoecon.web.guard import refusal

CASE = Path(__file__).parents[2] / "src" / "geoecon" / "cases" / "japan-korea-2019"
get = functools.partial(httpx.get, timeout=120)
post = functools.partial(httpx.post, timeout=120)


def zipped(**files: bytes | str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example:80", "", "[::2]:80"]
)
def test_a_foreign_host_is_refused(server, host):
    answer = get(server, headers={"host": host})
    assert answer.status_code == 403 or answer.status_code == 400
    assert "localhost" in answer.text or answer.status_code == 400


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1"])
def test_a_foreign_origin_is_refused(server, origin):
    answer = post(f"{server}/api/run", json={"case": "japan-korea-2019"}, headers={"origin": origin})
    assert answer.status_code == 403 and "another site" in answer.text


def test_requests_that_another_site_starts_are_refused():
    mine = {"host": "localhost:8765"}
    other = mine | {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}
    assert refusal("GET", mine) is None
    assert refusal("GET", other) is not None
    link = mine | {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert refusal("GET", link) is None and refusal("POST", link) is not None


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e", "/etc", "japan-korea-2019/../x", "C:\\x", "x" * 5000],
)
def test_a_case_name_is_never_a_path(server, name):
    answer = post(f"{server}/api/run", json={"case": name})
    assert answer.status_code == 422
    assert "root:" not in answer.text and "Traceback" not in answer.text
    page = get(f"{server}/case/{name}")
    assert page.status_code in (404, 422) and "Traceback" not in page.text


@pytest.mark.parametrize("name", ["../page.css", "..%2f..%2fcase.py", "LICENCES.md", "nothing"])
def test_only_known_assets_are_served(server, name):
    assert get(f"{server}/assets/{name}").status_code in (404, 422)


def test_every_answer_carries_the_policy(server):
    for path in ("/", "/api/cases", "/nowhere", "/assets/page.css"):
        headers = get(server + path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe-eval" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"


def test_a_body_over_the_limit_is_refused_with_and_without_its_length(server):
    told = http.client.HTTPConnection(server.removeprefix("http://"))
    told.putrequest("POST", "/scan")
    told.putheader("content-length", str(10**9))
    told.endheaders()
    assert told.getresponse().status == 413
    told.close()

    def endless():
        for _ in range(70):
            yield b"x" * 2**20

    answer = post(f"{server}/api/clock?start=2019-07-01", content=endless())
    assert answer.status_code == 413 and "64 MB" in answer.text


@pytest.mark.parametrize(
    "content",
    [
        b"", b"not a zip", b"PK\x03\x04broken",
        zipped(**{"../case.toml": ""}), zipped(**{"/etc/case.toml": ""}), zipped(**{"a/b/case.toml": ""}),
        zipped(**{"C:\\case.toml": ""}), zipped(**{"case.toml": "", "run.py": "print(1)"}), zipped(),
        zipped(**{"a/case.toml": "", "b/case.toml": ""}),
    ],
)  # fmt: skip
def test_a_zip_that_is_no_case_folder_is_refused(content):
    with pytest.raises(InputError):
        uploads.unpack_case(content)


def test_a_zip_bomb_stops_at_the_limit(monkeypatch):
    monkeypatch.setattr(uploads, "UNZIPPED", 1000)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("trade.csv", b"0" * 10**6)
    with pytest.raises(InputError, match="too large"):
        uploads.unpack_case(made.getvalue())


def test_a_symbolic_link_in_a_zip_is_refused():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        entry = zipfile.ZipInfo("case.toml")
        entry.external_attr = 0o120777 << 16
        packed.writestr(entry, "/etc/passwd")
    with pytest.raises(InputError):
        uploads.unpack_case(made.getvalue())


def test_a_faulty_case_gives_messages_and_is_not_kept(server, tmp_path):
    files = {path.name: path.read_bytes() for path in CASE.iterdir()}
    files["trade.csv"] += b"2019-07,XXX,KOR,photoresist,370790,1,1,0.5,jk001,seen,high\n"
    files["trade.csv"] += b'2019-07,JPN,KOR,photoresist,370790,"=HYPERLINK(""http://x"")",1,0.5,jk001,seen,high\n'
    answer = post(f"{server}/case", files={"file": ("a.zip", zipped(**files))})
    assert answer.status_code == 422
    assert "formula" in answer.text and "trade.csv line" in answer.text
    assert "Traceback" not in answer.text and "<script>alert" not in answer.text
    with pytest.raises(InputError):
        uploads.keep_case(uploads.unpack_case(zipped(**files)), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_good_case_opens_for_its_session_alone(server):
    files = {path.name: path.read_bytes() for path in CASE.iterdir()}
    with httpx.Client(follow_redirects=True, timeout=120) as client:
        answer = client.post(
            f"{server}/case", files={"file": ("../../a.zip", zipped(**{f"mine/{n}": c for n, c in files.items()}))}
        )
        assert answer.status_code == 200 and "/case/upload-" in str(answer.url)
        key = str(answer.url).rsplit("/", 1)[1]
        assert key in client.get(f"{server}/api/cases").json()
    assert key not in get(f"{server}/api/cases").json()
    assert get(f"{server}/case/{key}").status_code == 422


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"<!DOCTYPE html>", b"\x00\x01", b"\xff\xfe\x00", b"GIF89a\x00"])
def test_a_file_that_is_no_table_is_refused(server, content):
    answer = post(f"{server}/api/scan?importer=KOR", content=content)
    assert answer.status_code == 422 and "allowed" in answer.json()["message"]


@pytest.mark.parametrize(
    "scenario",
    [
        {"nothing": 1}, {"inventory_days": "many"}, {"inventory_days": "inf"}, {"patron_engaged_from": "tomorrow"},
        {"inventory_days": "<script>alert(1)</script>"}, {"x" * 500: 1}, {f"k{n}": 1 for n in range(100)},
    ],
)  # fmt: skip
def test_a_bad_scenario_is_refused_with_what_is_allowed(server, scenario):
    answer = post(f"{server}/api/run", json={"case": "japan-korea-2019", "scenario": scenario})
    assert answer.status_code == 422 and "allowed" in answer.json()["message"]


def test_unknown_fields_and_wrong_types_are_refused(server):
    for body in ({"case": "japan-korea-2019", "extra": 1}, {"case": 1}, {"case": "a", "draws": -1}, [], {"draws": 1e9}):
        assert post(f"{server}/api/run", json=body).status_code == 422
    assert post(f"{server}/api/run", content=b"{").status_code == 422


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"case": 1}', b"\xff", b'{"case": "../x"}', b"[" * 100000])
def test_a_bad_scenario_file_is_refused(server, content):
    answer = post(f"{server}/scenario", files={"file": ("s.json", content)})
    assert answer.status_code == 422 and "allowed" in answer.text and "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("address", "back"),
    [("/dependence?country=Nowhere", "/dependence"), ("/licence?exporter=Korea&nonsense=1", "/licence"),
     ("/ask?q=x", "/ask"), ("/nowhere", "/")],
)  # fmt: skip
def test_a_refusal_leads_back_to_the_page_it_came_from(server, address, back):
    page = httpx.get(server + address, timeout=120).text
    assert "This did not work" not in page or f'<a href="{back}">Back to ' in page
    assert address != "/ask?q=x" or "This did not work" in page


def test_a_good_scenario_is_read_in_the_units_of_its_parameter():
    from geoecon.case import load_case
    from geoecon.web import assumptions

    case = load_case("japan-korea-2019")
    own = str(case.parameters["inventory_days"].central)
    assert assumptions.checked(case, {"inventory_days": "90", "measures": "known"})["inventory_days"] == 90.0
    assert assumptions.checked(case, {"inventory_days": own}) == {}  # the case's own value is no change
